import { createHmac, timingSafeEqual } from 'node:crypto'
import { day, second } from '../core/clock.ts'

const name = 'steward'

/** The header in which the HTTP door says where a request came from; it drops what a client sends under this name. */
export const clientIpHeader = 'x-steward-client-ip'

/** What the sign-in library puts before its cookies' names. */
export const cookiePrefix = name

/** How long a session lasts without being used. */
export const sessionLife = 7 * day

/** The name of the session cookie; browsers keep `__Secure-` cookies to https. */
export function sessionCookieName(secure: boolean): string {
  return `${secure ? '__Secure-' : ''}${name}.session_token`
}

function signatureOf(token: string, secret: string): Buffer {
  return createHmac('sha256', secret).update(token).digest()
}

interface SessionCookie {
  token: string
  secret: string
  secure: boolean
  /** Milliseconds. */
  life: number
}

/** The `set-cookie` line of a session, as the sign-in library writes it. */
export function sessionCookieLine({ token, secret, secure, life }: SessionCookie): string {
  const value = encodeURIComponent(`${token}.${signatureOf(token, secret).toString('base64')}`)
  const attributes = `Max-Age=${Math.floor(life / second)}; Path=/; HttpOnly; ${secure ? 'Secure; ' : ''}SameSite=Lax`
  return `${sessionCookieName(secure)}=${value}; ${attributes}`
}

/**
 * The session token in a Cookie header, if it is there and signed by us: `<token>.<HMAC-SHA-256 in base 64>`, URL
 * encoded, as better-call's `signCookieValue` writes it.
 */
export function readSessionToken(header: string | null, cookie: string, secret: string): string | null {
  const value = header === null ? null : cookieValue(header, cookie)
  if (value === null) return null
  const dot = value.lastIndexOf('.')
  const token = value.slice(0, dot)
  const given = Buffer.from(value.slice(dot + 1), 'base64')
  const wanted = signatureOf(token, secret)
  return dot > 0 && given.length === wanted.length && timingSafeEqual(given, wanted) ? token : null
}

function cookieValue(header: string, cookie: string): string | null {
  for (const part of header.split(';')) {
    const equals = part.indexOf('=')
    if (part.slice(0, equals).trim() !== cookie) continue
    try {
      return decodeURIComponent(part.slice(equals + 1).trim())
    } catch {
      return null
    }
  }
  return null
}
