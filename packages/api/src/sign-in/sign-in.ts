import { AsyncLocalStorage } from 'node:async_hooks'
import { writeAside } from '../core/aside.ts'
import { iso } from '../core/clock.ts'
import type { RequestInfo } from '../core/context.ts'
import { ApiError, errorStatus } from '../core/errors.ts'
import type { House, LiveSession, SignIn } from '../core/house.ts'
import { storesOf } from '../core/house.ts'
import { sha256 } from '../core/secrets.ts'
import type { HashFunctions, Hashing } from './hashing.ts'
import { createHashing } from './hashing.ts'
import { prolongedUntil } from './prolong.ts'
import type { OidcProvider } from './provider.schema.ts'
import type { Visit } from './record.ts'
import { commitVisit } from './record.ts'
import { clientIpHeader, readSessionToken, sessionCookieLine, sessionCookieName } from './session-cookie.ts'
import { findLiveSession, prolongSession } from './sign-in.queries.ts'
import { Work } from './work.ts'

export type { OidcProvider } from './provider.schema.ts'

export interface SignInOptions {
  /** OpenID Connect providers people may sign in with; none unless told. */
  providers?: readonly OidcProvider[]
  /** What hashes passwords; the sign-in library's scrypt unless told. */
  hashing?: HashFunctions
}

/** What of the library's door is open; sign-up, profile and sessions have procedures of their own. */
const openPaths = new Set([
  '/sign-in/email',
  '/sign-in/social',
  '/sign-out',
  '/get-session',
  '/change-password',
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

function isOpen(method: string, path: string): boolean {
  // By POST the library prolongs a session; that is ours to do.
  if (path === '/get-session') return method === 'GET'
  return openPaths.has(path) || /^\/callback\/[a-z0-9-]{1,40}$/.test(path)
}

/**
 * Sessions and passwords of a house. The house is given as a function because it holds the result:
 * `const house = furnish({ …, signIn: createSignIn(() => house) }, stores)`.
 *
 * `handle` answers `/auth/*` with better-auth; `sessionOf` and `hashPassword` do not load it, so that a start and a
 * request with a token do not pay for it. The door in front must set `x-steward-client-ip` (drop what clients send
 * under that name): sign-in attempts are counted by it, in memory.
 */
export function createSignIn(house: () => House, options: SignInOptions = {}): SignIn {
  const visits = new AsyncLocalStorage<Visit>()
  let library: ReturnType<typeof load> | undefined
  let secret: string | undefined
  const secretOf = (): string => (secret ??= house().keys.mac('steward: sign-in library'))
  let queue: Hashing | undefined
  const hashing = (): Hashing => (queue ??= createHashing(house().clock, options.hashing))

  async function load() {
    const [{ openLibrary }, { receptionOf }] = await Promise.all([import('./library.ts'), import('./reception.ts')])
    const reception = receptionOf(house(), () => visitUnderWay())
    return openLibrary({
      house: house(),
      secret: secretOf(),
      providers: options.providers ?? [],
      reception,
      hashing: hashing(),
      work: () => visitUnderWay().work,
    })
  }

  function visitUnderWay(): Visit {
    const visit = visits.getStore()
    if (!visit) throw new Error('The sign-in library works only while it answers a request.')
    return visit
  }

  const sessionOf = (headers: Headers) => liveSession(house(), headers, secretOf)

  return {
    sessionOf,
    hashPassword: (password, stranger) => hashing().hash(password, stranger),
    async handle(request) {
      const url = new URL(request.url)
      const path = url.pathname.replace(/^\/auth/, '')
      if (!url.pathname.startsWith('/auth/') || !isOpen(request.method, path))
        return Response.json({ code: 'NOT_FOUND', message: 'There is nothing here.' }, { status: 404 })
      library ??= load().catch((cause: unknown) => {
        library = undefined
        throw cause
      })
      const { handle, adapterOver } = await library
      const session = await sessionOf(request.headers)
      const visit: Visit = { path, request: requestInfo(house(), request.headers), session, work: new Work() }
      // The library routes by its public address, which a proxy may have shortened.
      const address = `${house().settings.publicUrl}${url.pathname}${url.search}`
      const response = await visits.run(visit, () => handle(new Request(address, request)))
      if (response.status >= 400) return response
      try {
        await commitVisit(house(), visit, adapterOver)
        return response
      } catch (cause) {
        return refusal(cause, { status: response.status, publicUrl: house().settings.publicUrl })
      }
    },
  }
}

async function liveSession(house: House, headers: Headers, secretOf: () => string): Promise<LiveSession | null> {
  const cookie = headers.get('cookie')
  if (cookie === null) return null
  const now = house.clock.now()
  const secure = house.settings.publicUrl.startsWith('https:')
  const token = readSessionToken(cookie, sessionCookieName(secure), secretOf())
  if (token === null) return null
  const row = await findLiveSession.first(storesOf(house).main.reader, { token: sha256(token), now: iso(now) })
  if (!row) return null
  const { id, user_id: userId } = row
  const until = prolongedUntil(row, now)
  if (until === null) return { id, userId }
  const prolong = (): string | null => {
    const begun = writeAside(house, id, (tx) => prolongSession.run(tx, { id, now: iso(now), until }))
    return begun ? sessionCookieLine({ token, secret: secretOf(), secure, life: Date.parse(until) - now }) : null
  }
  return { id, userId, prolong }
}

/** In the library's words. Whoever comes back from an identity provider is shown a page, as for its other refusals. */
function refusal(cause: unknown, { status, publicUrl }: { status: number; publicUrl: string }): Response {
  if (!(cause instanceof ApiError)) throw cause
  const { type, message } = cause
  if (status < 300) return Response.json({ code: type, message }, { status: errorStatus[type] })
  return new Response(null, { status: 302, headers: { location: `${publicUrl}/auth/error?error=${type}` } })
}

function requestInfo(house: House, headers: Headers): RequestInfo {
  const ip = headers.get(clientIpHeader)
  return { id: house.ids.make('request'), ip, userAgent: headers.get('user-agent'), idempotencyKey: null }
}
