import { type Mail, type Mailer, MailRefused } from '@steward/api/server'
import { createTransport } from 'nodemailer'
import type { MailSettings } from './settings.ts'

/** Milliseconds. A mail server that keeps silent, or never comes to an end, holds up a message no longer than this. */
export interface MailLimits {
  connect: number
  silence: number
  whole: number
}

const defaultLimits: MailLimits = { connect: 10_000, silence: 15_000, whole: 30_000 }
const maxResponseSize = 64 * 1024

export type MailOutcome = 'sent' | 'failed' | 'refused'

export interface SmtpOptions {
  limits?: MailLimits
  /** Told of each try. */
  observe?: (outcome: MailOutcome) => void
}

/** Sends by SMTP: one connection for each message, and TLS wherever the settings do not say otherwise. */
export function createSmtpMailer(settings: MailSettings, options: SmtpOptions = {}): Mailer {
  const { limits = defaultLimits, observe = () => {} } = options
  return {
    async send(mail) {
      try {
        await sendOver(settings, limits, mail)
        observe('sent')
      } catch (cause) {
        const failure = failureOf(cause)
        observe(failure instanceof MailRefused ? 'refused' : 'failed')
        throw failure
      }
    },
  }
}

/** Connects and signs in to the mail server, and sends nothing. @throws Error that says what is wrong. */
export async function tryMailServer(settings: MailSettings, limits: MailLimits = defaultLimits): Promise<void> {
  const transport = transportOf(settings, limits)
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => late.reject(new Error('timeout')), limits.whole)
  try {
    await Promise.race([transport.verify(), late.promise])
  } catch (cause) {
    throw failureOf(cause)
  } finally {
    clearTimeout(timer)
    transport.close()
  }
}

function transportOf({ host, port, tls, login }: MailSettings, limits: MailLimits) {
  return createTransport({
    host,
    port,
    secure: tls === 'implicit',
    requireTLS: tls === 'required',
    ignoreTLS: tls === 'none',
    ...(login && { auth: { user: login.user, pass: login.password } }),
    connectionTimeout: limits.connect,
    greetingTimeout: limits.connect,
    dnsTimeout: limits.connect,
    socketTimeout: limits.silence,
    maxResponseSize,
    disableFileAccess: true,
    disableUrlAccess: true,
  })
}

/** One plain address: nothing in it may be read as a second one, or as the end of a line. */
const plainAddress = /^[\w!#$%&'*+/=?^`{|}~.-]+@[A-Za-z0-9.-]+$/

async function sendOver(settings: MailSettings, limits: MailLimits, mail: Mail): Promise<void> {
  if (!plainAddress.test(mail.to)) throw new MailRefused('this is not an address that email can be sent to.')
  const { from } = settings
  const transport = transportOf(settings, limits)
  try {
    await transport.sendMail({
      from,
      to: { name: '', address: mail.to },
      envelope: { from: from.address, to: [mail.to] },
      subject: mail.subject,
      text: mail.text,
      html: mail.html,
      headers: { 'Auto-Submitted': 'auto-generated' },
      signal: AbortSignal.timeout(limits.whole),
    })
  } finally {
    transport.close()
  }
}

const words: Record<string, string> = {
  EAUTH: 'it rejected the user name or password',
  ETLS: 'it offers no TLS, or its certificate is not valid',
  ENOAUTH: 'it requires a user name and a password',
  ETIMEDOUT: 'it took too long',
  EDNS: 'its host name was not found',
  ECONNECTION: 'the connection failed',
  ESOCKET: 'the connection failed',
  EPROTOCOL: 'it does not respond like a mail server',
  EENVELOPE: 'it rejected the sender or the recipient',
  EMESSAGE: 'it rejected the message',
  EABORT: 'it took too long',
}

/** In our own words: what a mail server answers is a stranger's text, and may repeat what it was sent. */
function failureOf(cause: unknown): Error {
  if (cause instanceof MailRefused) return cause
  const { code = '', responseCode } = (cause ?? {}) as { code?: string; responseCode?: number }
  const told = typeof responseCode === 'number' && responseCode > 0 ? ` (${responseCode})` : ''
  const isFinal = (code === 'EENVELOPE' || code === 'EMESSAGE') && (responseCode ?? 0) >= 500
  if (isFinal) return new MailRefused(`the mail server did not accept it: ${words[code] ?? code}${told}.`)
  return new Error(`The mail server did not accept the message: ${words[code] ?? 'something failed'}${told}.`)
}
