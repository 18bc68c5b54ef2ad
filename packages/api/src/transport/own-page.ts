import { ApiError } from '../core/errors.ts'
import type { Cors } from './cors.ts'
import type { Incoming } from './incoming.ts'

/**
 * Whether a browser sent this from a page of this installation or of an origin that is allowed. It is the one rule of
 * all endpoints that act with a cookie. Browsers write both headers by themselves and pages cannot set them (Fetch Metadata;
 * OWASP's CSRF cheat sheet). Where there is no Sec-Fetch-Site, as on plain http, the origin's host is compared with the
 * host that the request was sent to; not the scheme, which a proxy may have changed.
 */
export function isFromOwnPage(cors: Cors, incoming: Incoming): boolean {
  const site = incoming.header('sec-fetch-site')
  if (site === 'same-origin') return true
  const origin = incoming.header('origin')
  if (origin === undefined) return false
  return cors.allows(origin) || (site === undefined && isSameHost(origin, incoming.origin))
}

/**
 * Whether a browser says that this reading was begun by a page elsewhere: a link, a picture, a script. It reads with the
 * visitor's cookie what the page itself may not, and leaves its traces. What says nothing, such as an address that was
 * typed in, is not one.
 */
export function isFromForeignPage(cors: Cors, incoming: Incoming): boolean {
  const site = incoming.header('sec-fetch-site')
  const isElsewhere = site === 'cross-site' || site === 'same-site' || incoming.header('origin') !== undefined
  return isElsewhere && !isFromOwnPage(cors, incoming)
}

/**
 * Whether nothing says which page asks with the visitor's session, as over plain http: browsers tell there neither the site
 * nor, of a reading, the origin. `x-requested-with` says it: no page elsewhere can send a header of its own unless `Cors`
 * allows it.
 */
export function isFromUnknownPage(cors: Cors, incoming: Incoming): boolean {
  const says = (name: string): boolean => incoming.header(name) !== undefined
  return !says('sec-fetch-site') && !says('x-requested-with') && !isFromOwnPage(cors, incoming)
}

/** @param reached where the request was sent to. The port that a scheme has by itself may be written or not. */
function isSameHost(origin: string, reached: string | null): boolean {
  if (reached === null || !/^https?:\/\//.test(origin) || !URL.canParse(origin)) return false
  const { protocol, host } = new URL(origin)
  return new URL(`${protocol}//${reached.slice(reached.indexOf('://') + 3)}`).host === host
}

/** Whether browsers take pages of this origin for a secure context: https, and this machine itself. */
export function isTrustworthy(origin: string | null): boolean {
  return /^https:|^http:\/\/([\w.-]+\.)?(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?$/.test(origin ?? '')
}

/** The refusal of what `isFromOwnPage` denies; it says what to set if the page should be one of ours. */
export function foreignPage(incoming: Incoming, publicUrl: string): ApiError {
  const origin = incoming.header('origin')?.slice(0, 200)
  if (origin === undefined)
    return new ApiError('Forbidden', 'A session works only from the pages of this installation. Use a token instead.')
  return new ApiError(
    'Forbidden',
    `The page at ${origin} does not belong to this installation, which is at ${publicUrl}. If it should, set STEWARD_PUBLIC_URL to it or add it to STEWARD_ALLOWED_ORIGINS, and make sure that the proxy in front passes on the Host header.`,
    { origin, reached: incoming.origin },
  )
}
