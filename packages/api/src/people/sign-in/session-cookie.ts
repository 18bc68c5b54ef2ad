import { createHmac, timingSafeEqual } from 'node:crypto'
import { day, second } from '../../core/clock.ts'
import type { AppContext } from '../../core/app-context.ts'

/** The header in which the HTTP endpoint says where a request came from; it drops what a client sends under this name. */
export const clientIpHeader = 'x-steward-client-ip'

/** Where the cookies of an installation are kept apart from those of others on the same host: ports do not do that. */
export interface CookieHome {
  /** The short name of the installation's key. */
  keyId: string
  /** Whether people reach it by https. */
  secure: boolean
}

export function cookieHome({ keys, settings }: Pick<AppContext, 'keys' | 'settings'>): CookieHome {
  return { keyId: keys.keyId, secure: settings.publicUrl.startsWith('https:') }
}

/** What stands before the names of all cookies; browsers keep `__Host-` cookies to https and to this very host. */
export function cookiePrefix({ keyId, secure }: CookieHome): string {
  return `${secure ? '__Host-' : ''}steward-${keyId.slice(0, 8)}`
}

/** How long a session lasts without being used. */
export const sessionLife = 7 * day

/** The name of the session cookie. */
export function sessionCookieName(home: CookieHome): string {
  return `${cookiePrefix(home)}.session_token`
}

function signatureOf(token: string, secret: string): Buffer {
  return createHmac('sha256', secret).update(token).digest()
}

interface SessionCookie {
  token: string
  secret: string
  home: CookieHome
  /** Milliseconds. */
  life: number
}

/** The `set-cookie` line of a session, as the sign-in library writes it. */
export function sessionCookieLine({ token, secret, home, life }: SessionCookie): string {
  const value = encodeURIComponent(`${token}.${signatureOf(token, secret).toString('base64')}`)
  const attributes = `Max-Age=${Math.floor(life / second)}; Path=/; HttpOnly; ${home.secure ? 'Secure; ' : ''}SameSite=Lax`
  return `${sessionCookieName(home)}=${value}; ${attributes}`
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

/** A cookie's value, decoded; null where it is absent or cannot be decoded. */
export function cookieValue(header: string, cookie: string): string | null {
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
