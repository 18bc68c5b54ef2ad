import { AsyncLocalStorage } from 'node:async_hooks'
import { writeInBackground } from './background-write.ts'
import { iso } from '../../core/clock.ts'
import { confirmedAt } from '../identity/confirmed.service.ts'
import type { RequestInfo } from '../../core/context.ts'
import type { AppContext, LiveSession, SignIn } from '../../core/app-context.ts'
import { storesOf } from '../../core/app-context.ts'
import { sha256 } from '../../core/secrets.ts'
import { refusal, refusedIn, toCodePage, withoutToken } from './answer.ts'
import { ApiError } from '../../core/errors.ts'
import { attempt, guessable, tooEarly } from './attempt.ts'
import { confirmByPassword } from './confirm.ts'
import { deviceCookieLine } from './device-cookie.ts'
import { bodyOf, isOpen, isProviderCallback, unconfirmed } from './gate.ts'
import { personById } from './guess.queries.ts'
import type { HashFunctions, Hashing } from './hashing.ts'
import { createHashing, renewHash, scryptFunctions } from './hashing.ts'
import { refuseGuessable } from './guessable.ts'
import { prolongedUntil } from './session-renewal.ts'
import type { OauthSignUp } from './oauth-sign-up-adapter.ts'
import type { OidcProvider } from './provider.schema.ts'
import type { Visit } from './record.ts'
import { commitVisit, endFormerSession, newVisit } from './record.ts'
import { librarySecret } from './sealed-factors.ts'
import { clientIpHeader, cookieHome, readSessionToken, sessionCookieLine, sessionCookieName } from './session-cookie.ts'
import { findLiveSession, prolongSession } from '../identity/session.queries.ts'

export type { OidcProvider } from './provider.schema.ts'

export interface SignInOptions {
  /** OpenID Connect providers people may sign in with; none by default. */
  providers?: readonly OidcProvider[]
  /** What hashes passwords; the sign-in library's scrypt by default. */
  hashing?: HashFunctions
}

/** Loads what makes people of those whom a provider vouches for; it builds on this folder. */
export type LoadSignUp = () => Promise<{ oauthSignUp: (app: AppContext, visit: () => Visit) => OauthSignUp }>

/**
 * Sessions and passwords of an app. `createSignIn` of `lifecycle/` adds how new people are made. The app is given as
 * a function because it holds the result: `const app = attachStores({ …, signIn: createSignIn(() => app) }, stores)`.
 *
 * `handle` answers `/auth/*` with better-auth; `sessionOf` and `hashPassword` do not load it, so that a start and a
 * request with a token do not pay for it. The endpoint in front must set `x-steward-client-ip` (drop what clients send
 * under that name): wrong guesses are counted by it.
 */
export function signInWith(app: () => AppContext, loadSignUp: LoadSignUp, options: SignInOptions): SignIn {
  const visits = new AsyncLocalStorage<Visit>()
  let library: ReturnType<typeof load> | undefined
  let secret: string | undefined
  const secretOf = (): string => (secret ??= librarySecret(app().keys))
  let queue: Hashing | undefined
  const hashing = (): Hashing => (queue ??= createHashing(app().clock, options.hashing ?? scryptFunctions(app().ids)))

  async function load() {
    const [{ openLibrary }, { oauthSignUp }] = await Promise.all([import('./better-auth.ts'), loadSignUp()])
    const reception = oauthSignUp(app(), visitUnderWay)
    return openLibrary({
      app: app(),
      secret: secretOf(),
      providers: options.providers ?? [],
      reception,
      hashing: hashing(),
      visit: visitUnderWay,
    })
  }

  function visitUnderWay(): Visit {
    const visit = visits.getStore()
    if (!visit) throw new Error('The sign-in library works only while it answers a request.')
    return visit
  }

  const sessionOf = (headers: Headers) => liveSession(app(), headers, secretOf)

  const trusted = (options.providers ?? []).filter((provider) => provider.trustsSecondFactor)
  return {
    sessionOf,
    async hashPassword(password, stranger) {
      refuseGuessable(password)
      return hashing().hash(password, stranger)
    },
    providers: (options.providers ?? []).map(({ id, name }) => ({ id, name })),
    trustedProviders: new Set(trusted.map(({ id }) => id)),
    async handle(request) {
      const url = new URL(request.url)
      const path = url.pathname.replace(/^\/auth/, '')
      if (!url.pathname.startsWith('/auth/') || !isOpen(request.method, path))
        return refusedIn(404, { code: 'NOT_FOUND', message: 'Not found.' })
      const body = await bodyOf(request, path)
      if (body instanceof Response) return body
      const session = await sessionOf(request.headers)
      const refused = await unconfirmed(app(), { path, session })
      if (refused) return refused
      const cookies = request.headers.get('cookie')
      const visit = newVisit(requestInfo(app(), request.headers), { path, session, body, cookies })
      // The library routes by its public address, which a proxy may have shortened.
      const address = `${app().settings.publicUrl}${url.pathname}${url.search}`
      const asked = libraryRequest(address, request, body)
      return (await guessable(app(), visit)) ?? answer(visit, () => askLibrary(visit, asked))
    },
  }

  function loaded(): ReturnType<typeof load> {
    return (library ??= load().catch((cause: unknown) => {
      library = undefined
      throw cause
    }))
  }

  async function askLibrary(visit: Visit, request: Request): Promise<Response> {
    if (visit.path === '/confirm')
      return attempt(app(), visit, () => confirmByPassword(app(), hashing(), visit).catch(busy))
    const { handle } = await loaded()
    return attempt(app(), visit, () => visits.run(visit, () => handle(request)))
  }

  async function answer(visit: Visit, ask: () => Promise<Response>): Promise<Response> {
    const { publicUrl } = app().settings
    const response = await ask()
    if (response.status >= 400) return response
    const { adapterOver } = await loaded()
    try {
      const entered = await commitVisit(app(), visit, adapterOver)
      if (entered || visit.work.isHalfWay) await endFormerSession(app(), visit)
      if (entered) await rememberDevice(app(), visit, response)
      if (visit.outdated) await renewHash(app(), hashing(), visit.outdated)
    } catch (cause) {
      return refusal(cause, { status: response.status, publicUrl })
    }
    return isProviderCallback(visit.path) && visit.work.isHalfWay
      ? toCodePage(publicUrl, response)
      : withoutToken(response)
  }
}

/** Lets the browser of who has just signed in be known the next time. */
async function rememberDevice(app: AppContext, { work }: Visit, response: Response): Promise<void> {
  const person = await personById.first(storesOf(app).main.reader, { userId: work.userId })
  if (person) response.headers.append('set-cookie', deviceCookieLine(app, person.email))
}

/** Too many hashes wait. */
function busy(cause: unknown): Response {
  if (cause instanceof ApiError && cause.type === 'RateLimited') return tooEarly(cause)
  throw cause
}

/** What the library gets of a request: the body as it was judged. */
function libraryRequest(address: string, request: Request, body: Visit['body']): Request {
  if (body === null) return new Request(address, request)
  const headers = new Headers(request.headers)
  headers.delete('content-length')
  headers.set('content-type', 'application/json')
  return new Request(address, { method: request.method, headers, body: JSON.stringify(body), signal: request.signal })
}

async function liveSession(app: AppContext, headers: Headers, secretOf: () => string): Promise<LiveSession | null> {
  const cookie = headers.get('cookie')
  if (cookie === null) return null
  const now = app.clock.now()
  const home = cookieHome(app)
  const token = readSessionToken(cookie, sessionCookieName(home), secretOf())
  if (token === null) return null
  const row = await findLiveSession.first(storesOf(app).main.reader, { token: sha256(token), now: iso(now) })
  if (!row) return null
  const { id, user_id: userId } = row
  const session: LiveSession = { id, userId, confirmedAt: confirmedAt(row) }
  const until = prolongedUntil(row, now)
  if (until === null) return session
  const prolong = (): string | null => {
    const begun = writeInBackground(app, id, (tx) => prolongSession.run(tx, { id, now: iso(now), until }))
    return begun ? sessionCookieLine({ token, secret: secretOf(), home, life: Date.parse(until) - now }) : null
  }
  return { ...session, prolong }
}

function requestInfo(app: AppContext, headers: Headers): RequestInfo {
  const ip = headers.get(clientIpHeader)
  return { id: app.ids.make('request'), ip, userAgent: headers.get('user-agent'), idempotencyKey: null }
}
