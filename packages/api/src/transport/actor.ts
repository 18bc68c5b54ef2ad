import { authenticateBearer } from '../core/access/authenticate.ts'
import type { Actor } from '../core/context.ts'
import { ApiError } from '../core/errors.ts'
import type { AppContext } from '../core/app-context.ts'
import type { Cors } from './cors.ts'
import type { Incoming } from './incoming.ts'
import { foreignPage, isFromForeignPage, isFromOwnPage } from './own-page.ts'

interface Gate {
  app: AppContext
  cors: Cors
  /** Told the `set-cookie` line of a session that is to live on. */
  prolonged: (cookie: string) => void
}

/**
 * Who a request comes from: its bearer token, else its session cookie, else nobody.
 * @throws Unauthorized for a credential that is not valid; Forbidden when a page of another origin would act with the
 *   visitor's session.
 */
export async function actorOf({ app, cors, prolonged }: Gate, incoming: Incoming): Promise<Actor> {
  const authorization = incoming.header('authorization')
  if (authorization !== undefined) return await authenticateBearer(app, bearerValue(authorization))
  if (incoming.header('cookie') === undefined) return { kind: 'anonymous' }
  const session = await app.signIn.sessionOf(incoming.headers())
  if (!session) return { kind: 'anonymous' }
  if (isReading(incoming.method) ? isFromForeignPage(cors, incoming) : !isFromOwnPage(cors, incoming))
    throw foreignPage(incoming, app.settings.publicUrl)
  const cookie = session.prolong?.()
  if (cookie) prolonged(cookie)
  return { kind: 'user', userId: session.userId, credential: { kind: 'session', id: session.id } }
}

function bearerValue(authorization: string): string {
  const value = /^bearer +(\S+) *$/i.exec(authorization)?.[1]
  if (value === undefined) throw new ApiError('Unauthorized', 'The authorization header must be "Bearer <token>".')
  return value
}

const isReading = (method: string): boolean => method === 'GET' || method === 'HEAD'
