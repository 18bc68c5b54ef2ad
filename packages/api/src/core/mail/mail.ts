import { z } from 'zod'
import { cutText } from '../cut.ts'
import type { AppContext } from '../app-context.ts'
import { storesOf } from '../app-context.ts'
import { sealedColumn } from '../sealed.ts'
import { KeyReplaced } from '../secrets.ts'
import type { Handler } from '../write/outbox.ts'
import { findKeyInUse } from '../write/write.queries.ts'
import type { OutboxMessage } from '../write/write.ts'

/** One message to one person, as text and as HTML. */
export interface Mail {
  to: string
  subject: string
  text: string
  html: string
}

/** Hands messages to the mail server of this installation; made by the process. */
export interface Mailer {
  /**
   * Resolves once the mail server has taken the message.
   * @throws MailRefused when it never will; any other error when it may another time. Neither holds what the message says.
   */
  send(mail: Mail): Promise<void>
}

/** The mail server does not take this message, and asking again is of no use. */
export class MailRefused extends Error {
  override readonly name = 'MailRefused'
}

/** What a message says. Everything in it is plain text, whoever wrote it. */
export interface Letter {
  to: string
  subject: string
  paragraphs: readonly string[]
  /** Stands after the paragraphs. */
  link: { label: string; address: string }
  /** Stands last, smaller. */
  foot: string
}

/** A message waits for its mail server as long as its link is good, and for a day at most. */
const sealedMail = z.object({
  to: z.string(),
  subject: z.string(),
  text: z.string(),
  html: z.string(),
  until: z.number(),
})

const sealedPayload = z.object({ sealed: z.string() })

/** The outbox also holds other work, which is not sealed. */
export const sealedMails = sealedColumn({
  table: 'outbox',
  column: 'payload',
  key: ['id'],
  what: 'waiting emails',
  purpose: () => 'mail',
  part: {
    of: (payload) => sealedPayload.safeParse(JSON.parse(payload)).data?.sealed ?? null,
    put: (sealed) => JSON.stringify({ sealed }),
  },
})

const purpose = sealedMails.purpose({ id: '' })

/**
 * Promises a message with the commit of a write; it is sent after it, and tried again while its link is good.
 * @param until when its link ends, in milliseconds.
 */
export function mailMessage({ keys }: Pick<AppContext, 'keys'>, letter: Letter, until: number): OutboxMessage {
  const sealed = keys.seal(JSON.stringify({ ...printLetter(letter), until }), purpose)
  return { topic: 'mail.send', payload: { sealed } }
}

/** Tries of a message, at most: with the outbox's waiting they last a day and a half. */
const maxAttempts = 45

/** Sends a message of the outbox. What can no longer be sent is logged, without what it says or to whom. */
export function sendMail(app: AppContext): Handler {
  return async ({ id, payload, attempt }) => {
    const giveUp = (why: string): void => app.log.error({ message: id, attempt }, `An email was not sent: ${why}`)
    const { mailer } = app
    if (!mailer) return giveUp('this installation no longer has a mail server (STEWARD_SMTP_URL).')
    const mail = opened(app, payload)
    if (!mail && (await isKeyReplaced(app))) throw new KeyReplaced()
    if (!mail) return giveUp('it was encrypted with a key that this installation no longer uses.')
    if (app.clock.now() >= mail.until) return giveUp('the link in it expired before the mail server accepted it.')
    try {
      await mailer.send(mail)
    } catch (cause) {
      if (cause instanceof MailRefused) return giveUp(cause.message)
      if (attempt >= maxAttempts) return giveUp('the mail server failed too many times.')
      throw cause
    }
  }
}

/** Then a server that was started since opens the mail. */
async function isKeyReplaced(app: AppContext): Promise<boolean> {
  const row = await findKeyInUse.first(storesOf(app).main.reader, {})
  return row !== undefined && row.public_key !== app.keys.publicKey
}

function opened({ keys }: AppContext, payload: unknown): z.output<typeof sealedMail> | null {
  try {
    const { sealed } = sealedPayload.parse(payload)
    return sealedMail.parse(JSON.parse(keys.unseal(sealed, purpose)))
  } catch {
    return null
  }
}

const longestSubject = 150

/** Names come from people: on one line, without characters that steer how text runs. */
export function oneLine(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu, ' ')
    .replace(/ {2,}/g, ' ')
    .trim()
}

function printLetter({ to, subject, paragraphs, link, foot }: Letter): Mail {
  const lines = paragraphs.map(oneLine)
  return {
    to,
    subject: cutText(oneLine(subject), longestSubject),
    text: `${[...lines, `${link.label}:\n${link.address}`, oneLine(foot)].join('\n\n')}\n`,
    html: page([
      ...lines.map((line) => `<p>${escaped(line)}</p>`),
      `<p><a href="${escaped(link.address)}">${escaped(link.label)}</a></p>`,
      `<p style="color:#666;font-size:13px">${escaped(oneLine(foot))}</p>`,
    ]),
  }
}

const page = (parts: readonly string[]): string =>
  `<!doctype html><html lang="en"><body style="font:16px/1.5 system-ui,sans-serif;color:#222;max-width:36em">${parts.join('')}</body></html>`

const times = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' })

/** "30 November 2026 at 14:00 UTC". @param at milliseconds. */
export function timeInWords(at: number): string {
  return `${times.format(at)} UTC`
}

const codes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
const escaped = (text: string): string => text.replace(/[&<>"']/g, (sign) => codes[sign] ?? sign)
