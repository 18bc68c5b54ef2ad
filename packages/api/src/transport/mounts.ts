import { storesOf } from '../core/app-context.ts'
import { ApiError, toEnvelope } from '../core/errors.ts'
import { clientIpHeader } from '../people/sign-in/session-cookie.ts'
import { readBytes } from './body.ts'
import type { Call, Endpoint, HttpDeps } from './call.ts'
import { answer, countStranger, note } from './call.ts'
import type { Incoming } from './incoming.ts'
import { fromResponse, mebibyte } from './incoming.ts'
import { foreignPage, isFromOwnPage, isTrustworthy } from './own-page.ts'

/** Alive: the process answers. */
export const healthEndpoint: Endpoint = async (_hall, call) => answer(call, 200, { status: 'ok' })

/**
 * Ready: both databases answer, and the process is not on its way out.
 * @param isOpen false while the process shuts down.
 */
export function createReadyEndpoint(isOpen: () => boolean): Endpoint {
  return async (deps, call) => {
    try {
      if (!isOpen()) throw new Error('This process is shutting down.')
      const { main, telemetry } = storesOf(deps.app)
      await Promise.all([main.ping(), telemetry.ping()])
      return answer(call, 200, { status: 'ready' })
    } catch (cause) {
      return unready(deps, call, cause)
    }
  }
}

function unready(deps: HttpDeps, call: Call, cause: unknown) {
  const inside = toEnvelope(cause, { now: new Date(deps.app.clock.now()) })
  const envelope = {
    ...inside,
    code: 503,
    message: 'Not ready: a database does not answer, or the process is shutting down.',
  }
  note(deps, call, { envelope, cause })
  return answer(call, 503, envelope)
}

/** Sign-in pages and calls: the sign-in library answers them, once it is clear that no foreign page asks. */
export const signInEndpoint: Endpoint = async (deps, call) => {
  countStranger(deps, call)
  return fromResponse(await deps.app.signIn.handle(await toRequest(deps, call)), call.headers)
}

/**
 * The library knows one address, the public one: what our own rule lets pass reaches it as if it came from there.
 * @throws Forbidden for a page that is none of ours, and for one over plain http whose cookie the browser would drop.
 */
async function toRequest(deps: HttpDeps, call: Call): Promise<Request> {
  const { app, cors } = deps
  const { incoming } = call
  const { method, target } = incoming
  const { publicUrl } = app.settings
  const hasBody = method !== 'GET' && method !== 'HEAD'
  const headers = new Headers(incoming.headers())
  if (hasBody && ['cookie', 'origin', 'sec-fetch-site'].some((name) => headers.has(name))) {
    if (!isFromOwnPage(cors, incoming)) throw foreignPage(incoming, publicUrl)
    if (losesCookies(incoming, publicUrl)) throw needsHttps(publicUrl)
    headers.set('origin', new URL(publicUrl).origin)
  }
  headers.delete(clientIpHeader)
  if (incoming.ip !== null) headers.set(clientIpHeader, incoming.ip)
  const bytes = hasBody ? await readBytes(deps, call, mebibyte) : null
  return new Request(new URL(target, publicUrl), {
    method,
    headers,
    body: bytes && bytes.byteLength > 0 ? (bytes as Uint8Array<ArrayBuffer>) : null,
    signal: incoming.signal,
  })
}

/** Cookies of an installation on https are `Secure`: browsers take them over plain http from this machine only. */
function losesCookies(incoming: Incoming, publicUrl: string): boolean {
  const origin = incoming.header('origin')
  return publicUrl.startsWith('https:') && origin !== undefined && !isTrustworthy(origin)
}

function needsHttps(publicUrl: string): ApiError {
  return new ApiError(
    'Forbidden',
    `This page was opened over plain HTTP, where the browser would not keep the session. Open ${publicUrl} instead.`,
  )
}
