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
    subject: `You have been invited to ${workspace}`,
    paragraphs: [`${inviter ?? 'Somebody'} has invited you to the workspace "${workspace}" on Steward as ${role}.`],
    link: { label: 'Accept the invitation', address: link },
    foot: `The link works only for ${to}, until ${timeInWords(Date.parse(expiresAt))}. If you did not expect this email, ignore it.`,
  }
}

/** For somebody who has an account, and so is a member at once. */
export function addedLetter({ to, link, inviter, workspace, role }: Omit<Invited, 'expiresAt'>): Letter {
  return {
    to,
    subject: `You have been added to ${workspace}`,
    paragraphs: [`${inviter ?? 'Somebody'} has added you to the workspace "${workspace}" on Steward as ${role}.`],
    link: { label: 'Open the workspace', address: link },
    foot: 'If you did not expect this, you can leave the workspace there.',
  }
}
