import { toEmailAddress } from '../../core/email.schema.ts'
import { ApiError } from '../../core/errors.ts'
import type { AppContext } from '../../core/app-context.ts'
import { storesOf } from '../../core/app-context.ts'
import { refusedIn } from './answer.ts'
import { personByEmail, personById } from './guess.queries.ts'
import { knownDevice } from './device-cookie.ts'
import { refuseGuessable } from './guessable.ts'
import { beginGuess } from './guesses.ts'
import type { Visit } from './record.ts'

/** Paths that take a password or a code, which somebody may be guessing. */
const guessed = new Set([
  '/sign-in/email',
  '/change-password',
  '/confirm',
  '/two-factor/enable',
  '/two-factor/disable',
  '/two-factor/get-totp-uri',
  '/two-factor/generate-backup-codes',
  '/two-factor/verify-totp',
  '/two-factor/verify-backup-code',
])

/** What the library calls a wrong guess. */
const wrongs = new Set([
  'INVALID_EMAIL_OR_PASSWORD',
  'INVALID_PASSWORD',
  'INVALID_CODE',
  'INVALID_BACKUP_CODE',
  'CODE_USED',
])

/**
 * Answers a visit by `answer`, counting what is wrong in it. Who waits for the code of a second factor is known to the
 * library alone: that guess begins when it asks for the factor (`noteCode`).
 */
export async function attempt(app: AppContext, visit: Visit, answer: () => Promise<Response>): Promise<Response> {
  const email = guessed.has(visit.path) ? await emailOf(app, visit) : null
  try {
    if (email !== null) {
      const device = knownDevice(app, visit.cookies, email)
      visit.guess = await beginGuess(app, { email, ip: visit.request.ip, device })
    }
  } catch (cause) {
    if (cause instanceof ApiError && cause.type === 'RateLimited') return tooEarly(cause)
    throw cause
  }
  let response: Response | undefined
  try {
    response = await answer()
  } finally {
    if (!response) await visit.guess?.none()
  }
  if (response.ok) await visit.guess?.right()
  else if (await isWrong(response)) await visit.guess?.wrong()
  else await visit.guess?.none()
  return noted(app, visit, response)
}

export function tooEarly({ message, metadata }: ApiError): Response {
  const headers = { 'retry-after': String(metadata['resetSeconds']) }
  return refusedIn(429, { code: 'TOO_MANY_ATTEMPTS', message }, headers)
}

/** Whose account it is; null before anybody is known. */
async function emailOf(app: AppContext, { path, session, body }: Visit): Promise<string | null> {
  if (path === '/sign-in/email') return toEmailAddress(body?.['email'])
  return session ? ((await personOf(app, session.userId))?.email ?? null) : null
}

function personOf(app: AppContext, userId: string) {
  return personById.first(storesOf(app).main.reader, { userId })
}

async function codeIn(response: Response): Promise<string | null> {
  if (response.status !== 400 && response.status !== 401) return null
  const body = (await response
    .clone()
    .json()
    .catch(() => null)) as { code?: unknown } | null
  return typeof body?.code === 'string' ? body.code : null
}

async function isWrong(response: Response): Promise<boolean> {
  return wrongs.has((await codeIn(response)) ?? '')
}

/** Leaves one line in the log for a wrong guess, with whose account it was at and where it came from. */
async function noted(app: AppContext, visit: Visit, response: Response): Promise<Response> {
  const reason = await codeIn(response)
  if (!guessed.has(visit.path) || reason === null || !wrongs.has(reason)) return response
  const { ip, id, userAgent } = visit.request
  const fields = { event: 'sign-in failed', reason, person: await accountOf(app, visit), ip }
  app.log.warn({ ...fields, userAgent, request: id }, 'A sign-in failed.')
  return response
}

/** The person's id; of an address that nobody has here only a keyed hash: people type passwords in its place. */
async function accountOf(app: AppContext, { session, factor, body }: Visit): Promise<string> {
  const email = toEmailAddress(body?.['email'])
  if (email === null) return session?.userId ?? factor?.userId ?? 'unknown'
  const person = await personByEmail.first(storesOf(app).main.reader, { email })
  return person?.id ?? `unknown:${app.keys.mac(`account ${email}`).slice(0, 16)}`
}

/** Refuses a new password that is easy to guess, by whoever changes theirs; null lets it pass. */
export async function guessable(app: AppContext, { path, session, body }: Visit): Promise<Response | null> {
  const password = body?.['newPassword']
  if (path !== '/change-password' || !session || typeof password !== 'string') return null
  const person = await personOf(app, session.userId)
  try {
    refuseGuessable(password, person ? [person.email, person.display_name] : [])
    return null
  } catch (cause) {
    if (!(cause instanceof ApiError)) throw cause
    const said = cause.message.replace('"password": ', '')
    return refusedIn(400, { code: 'PASSWORD_TOO_COMMON', message: said.charAt(0).toUpperCase() + said.slice(1) })
  }
}
