import { passwordOf } from '../identity/sign-in-method.queries.ts'
import type { AppContext, LiveSession } from '../../core/app-context.ts'
import { storesOf } from '../../core/app-context.ts'
import { isConfirmed } from '../identity/confirmed.service.ts'
import { refusedIn } from './answer.ts'

/** What of the library's endpoint is open; sign-up, profile and sessions have procedures of their own. */
const openPaths = new Set([
  '/sign-in/email',
  '/sign-in/social',
  '/sign-out',
  '/get-session',
  '/change-password',
  '/confirm',
  '/list-accounts',
  '/link-social',
  '/unlink-account',
  '/two-factor/enable',
  '/two-factor/disable',
  '/two-factor/get-totp-uri',
  '/two-factor/verify-totp',
  '/two-factor/verify-backup-code',
  '/two-factor/generate-backup-codes',
  '/error',
  '/ok',
])

/** A way to sign in is added or taken away. */
const alwaysConfirmed = new Set(['/link-social', '/unlink-account'])
/** The library asks for the password of whoever has one. */
const confirmedWithoutPassword = new Set([
  '/two-factor/enable',
  '/two-factor/disable',
  '/two-factor/get-totp-uri',
  '/two-factor/generate-backup-codes',
])

export function isProviderCallback(path: string): boolean {
  return /^\/callback\/[a-z0-9-]{1,40}$/.test(path)
}

export function isOpen(method: string, path: string): boolean {
  // By POST the library prolongs a session; that is ours to do.
  if (path === '/get-session') return method === 'GET'
  return openPaths.has(path) || isProviderCallback(path)
}

interface Knock {
  path: string
  session: LiveSession | null
}

/** Refuses what needs a freshly confirmed session, in any other; null lets it pass. */
export async function unconfirmed(app: AppContext, { path, session }: Knock): Promise<Response | null> {
  if (!session || isConfirmed(app, session.confirmedAt)) return null
  const needed =
    alwaysConfirmed.has(path) || (confirmedWithoutPassword.has(path) && !(await hasPassword(app, session.userId)))
  if (!needed) return null
  return refusedIn(403, {
    code: 'CONFIRM_FIRST',
    message: 'Confirm your identity: sign in again, then do this within ten minutes.',
  })
}

async function hasPassword(app: AppContext, userId: string): Promise<boolean> {
  return ((await passwordOf.first(storesOf(app).main.reader, { userId }))?.password ?? null) !== null
}

type Body = Readonly<Record<string, unknown>>

/**
 * The body of a request, read once: what is judged here is what the library then gets.
 * @returns a refusal for what is not a JSON object.
 */
export async function bodyOf(request: Request, path: string): Promise<Body | null | Response> {
  if (request.method !== 'POST' || isProviderCallback(path)) return null
  const text = await request.text()
  if (text === '') return {}
  if (!/^application\/json\b/i.test(request.headers.get('content-type') ?? ''))
    return refusedIn(415, {
      code: 'UNSUPPORTED_MEDIA_TYPE',
      message: 'Send the body as content-type: application/json.',
    })
  try {
    const body: unknown = JSON.parse(text)
    if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body as Body
  } catch {
    // Said below.
  }
  return refusedIn(400, { code: 'INVALID_BODY', message: 'The body must be a JSON object.' })
}
