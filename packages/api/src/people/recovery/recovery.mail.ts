import type { Letter } from '../../core/mail/mail.ts'
import { timeInWords } from '../../core/mail/mail.ts'

interface About {
  to: string
  link: string
  password: boolean
  secondFactor: boolean
  /** Whether the person asked for it themselves. */
  asked: boolean
  /** Milliseconds. */
  expiresAt: number
}

export function recoveryLetter({ to, link, password, secondFactor, asked, expiresAt }: About): Letter {
  const what = password && secondFactor ? 'password and second factor' : password ? 'password' : 'second factor'
  return {
    to,
    subject: `Reset your ${what} for Steward`,
    paragraphs: [
      asked
        ? `Somebody, probably you, asked to reset the ${what} of ${to}.`
        : `An administrator has created a link for you to reset your ${what}.`,
      'Using it signs you out everywhere.',
    ],
    link: { label: `Reset your ${what}`, address: link },
    foot: `The link works once, until ${timeInWords(expiresAt)}. If you did not expect this email, ignore it: nothing changes.`,
  }
}
