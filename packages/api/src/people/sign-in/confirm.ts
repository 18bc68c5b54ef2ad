import { passwordOf } from '../identity/sign-in-method.queries.ts'
import type { AppContext } from '../../core/app-context.ts'
import { storesOf } from '../../core/app-context.ts'
import { refusedIn } from './answer.ts'
import type { Hashing } from './hashing.ts'
import type { Visit } from './record.ts'
import { isOutdated } from './scrypt.ts'

/**
 * Answers `POST /auth/confirm`: the person proves again who they are by their password. Who has none signs in again at
 * their provider, or gives a code to `/two-factor/verify-totp`.
 */
export async function confirmByPassword(app: AppContext, hashing: Hashing, visit: Visit): Promise<Response> {
  const password = visit.body?.['password']
  if (!visit.session) return refusedIn(401, { code: 'UNAUTHORIZED', message: 'Sign in first.' })
  const row = await passwordOf.first(storesOf(app).main.reader, { userId: visit.session.userId })
  const hash = row?.password ?? null
  if (hash === null || typeof password !== 'string' || password.length > 128) return wrongPassword()
  if (!(await hashing.verify({ hash, password }))) return wrongPassword()
  if (isOutdated(hash)) visit.outdated = { hash, password }
  return Response.json({ status: true })
}

function wrongPassword(): Response {
  return refusedIn(400, { code: 'INVALID_PASSWORD', message: 'Wrong password.' })
}
