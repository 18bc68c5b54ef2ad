import { z } from 'zod'
import { isThisComputer } from '../this-computer.ts'

/** The mail server of an installation, from STEWARD_SMTP_URL and STEWARD_MAIL_FROM. */
export interface MailSettings {
  host: string
  port: number
  /** From the first byte on; by STARTTLS; by STARTTLS where the server offers it; not at all. */
  tls: 'implicit' | 'required' | 'offered' | 'none'
  login: { user: string; password: string } | null
  from: { name: string; address: string }
}

type Server = Omit<MailSettings, 'from'>

const example = 'such as smtps://user:password@mail.example.org'

/** Says nothing of what was given: it holds a password. */
export const smtpUrl = z.string().transform((text, ctx): Server => {
  const server = serverOf(text)
  if (typeof server !== 'string') return server
  ctx.addIssue({ code: 'custom', message: server })
  return z.NEVER
})

function serverOf(text: string): Server | string {
  if (!/^smtps?:\/\//.test(text) || !URL.canParse(text)) return `must start with smtp:// or smtps://, ${example}`
  const { protocol, hostname, port, username, password, pathname, searchParams } = new URL(text)
  if (hostname === '') return `must have a host, ${example}`
  const unknown = [...searchParams].find(([name, value]) => name !== 'tls' || value !== 'none')
  if (unknown || pathname.length > 1) return 'can have only ?tls=none after the host'
  const login = decoded(username, password)
  if (login === 'wrong') return 'has an invalid % code: write % as %25 in user and password (percent-encoding)'
  const implicit = protocol === 'smtps:'
  if (implicit && searchParams.has('tls')) return 'cannot use smtps:// together with ?tls=none'
  const host = hostname.replace(/^\[|\]$/g, '')
  return {
    host,
    port: port === '' ? (implicit ? 465 : 587) : Number(port),
    tls: implicit ? 'implicit' : searchParams.has('tls') ? 'none' : isThisComputer(host) ? 'offered' : 'required',
    login,
  }
}

function decoded(user: string, password: string): Server['login'] | 'wrong' {
  try {
    return user === '' ? null : { user: decodeURIComponent(user), password: decodeURIComponent(password) }
  } catch {
    return 'wrong'
  }
}

/** `steward@example.org` or `Steward <steward@example.org>`. */
export const mailFrom = z.string().transform((text, ctx): MailSettings['from'] => {
  const [, name = '', address] = /^(?:([^<>"@\p{Cc}]{1,100}) <)?([^\s<>@"]+@[^\s<>@"]+)>?$/u.exec(text) ?? []
  if (address !== undefined && text.endsWith('>') === (name !== '')) return { name: name.trim(), address }
  ctx.addIssue({ code: 'custom', message: 'must be an address, such as Steward <steward@example.org>' })
  return z.NEVER
})
