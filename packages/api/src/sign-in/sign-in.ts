import { AsyncLocalStorage } from 'node:async_hooks'
import { iso } from '../core/clock.ts'
import type { RequestInfo } from '../core/context.ts'
import type { House, SignIn } from '../core/house.ts'
import { storesOf } from '../core/house.ts'
import { sha256 } from '../core/secrets.ts'
import type { OidcProvider } from './provider.schema.ts'
import { clientIpHeader, readSessionToken, sessionCookieName } from './session-cookie.ts'
import { findLiveSession } from './sign-in.queries.ts'

export type { OidcProvider } from './provider.schema.ts'

export interface SignInOptions {
  /** OpenID Connect providers people may sign in with; none unless told. */
  providers?: readonly OidcProvider[]
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

function isOpen(path: string): boolean {
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
  const requests = new AsyncLocalStorage<RequestInfo>()
  let library: ReturnType<typeof load> | undefined
  let secret: string | undefined
  const secretOf = (): string => (secret ??= house().keys.mac('steward: sign-in library'))

  async function load() {
    const [{ openLibrary }, { receptionOf }] = await Promise.all([import('./library.ts'), import('./reception.ts')])
    const reception = receptionOf(house(), () => requests.getStore() ?? noRequest(house()))
    return openLibrary({ house: house(), secret: secretOf(), providers: options.providers ?? [], reception })
  }

  return {
    async sessionOf(headers) {
      const cookie = headers.get('cookie')
      if (cookie === null) return null
      const { settings, clock } = house()
      const name = sessionCookieName(settings.publicUrl.startsWith('https:'))
      const token = readSessionToken(cookie, name, secretOf())
      if (token === null) return null
      const row = await findLiveSession.first(storesOf(house()).main.reader, {
        token: sha256(token),
        now: iso(clock.now()),
      })
      return row ? { id: row.id, userId: row.user_id } : null
    },
    async hashPassword(password) {
      const { hashPassword } = await import('better-auth/crypto')
      return hashPassword(password)
    },
    async handle(request) {
      const url = new URL(request.url)
      const path = url.pathname.replace(/^\/auth/, '')
      if (!url.pathname.startsWith('/auth/') || !isOpen(path))
        return Response.json({ code: 'NOT_FOUND', message: 'There is nothing here.' }, { status: 404 })
      library ??= load().catch((cause: unknown) => {
        library = undefined
        throw cause
      })
      const auth = await library
      // The library routes by its public address, which a proxy may have shortened.
      const address = `${house().settings.publicUrl}${url.pathname}${url.search}`
      return requests.run(requestInfo(house(), request.headers), () => auth.handler(new Request(address, request)))
    },
  }
}

function requestInfo(house: House, headers: Headers): RequestInfo {
  return { ...noRequest(house), ip: headers.get(clientIpHeader), userAgent: headers.get('user-agent') }
}

function noRequest(house: House): RequestInfo {
  return { id: house.ids.make('request'), ip: null, userAgent: null, idempotencyKey: null }
}
