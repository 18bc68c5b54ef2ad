import type { Letter } from '../../core/mail/mail.ts'
import { timeInWords } from '../../core/mail/mail.ts'

interface Invited {
  to: string
  link: string
  /** Null where nobody of this installation is behind it. */
  inviter: string | null
  workspace: string
  role: string
  /** ISO 8601. */
  expiresAt: string
}

export function invitationLetter({ to, link, inviter, workspace, role, expiresAt }: Invited): Letter {
  return {
    to,
    subject: `You are invited to ${workspace}`,
    paragraphs: [`${inviter ?? 'Somebody'} invites you to the workspace "${workspace}" on Steward, as ${role}.`],
    link: { label: 'Accept the invitation', address: link },
    foot: `The link is for ${to} alone and works until ${timeInWords(Date.parse(expiresAt))}. If you did not expect it, do nothing.`,
  }
}

/** For somebody who has an account, and so is a member at once. */
export function addedLetter({ to, link, inviter, workspace, role }: Omit<Invited, 'expiresAt'>): Letter {
  return {
    to,
    subject: `You are a member of ${workspace}`,
    paragraphs: [`${inviter ?? 'Somebody'} added you to the workspace "${workspace}" on Steward, as ${role}.`],
    link: { label: 'Open the workspace', address: link },
    foot: 'If you did not expect it, you can leave the workspace there.',
  }
}
