import type { AppContext } from '../../core/app-context.ts'

/** Where a provider describes itself, after its own name (OpenID Connect Discovery 1.0, 4). */
export const wellKnown = '/.well-known/openid-configuration'

interface Provider {
  id: string
  discoveryUrl: string
  issuer?: string | undefined
}

interface Tokens {
  idToken?: string | undefined
  accessToken?: string | undefined
}

type Claims = Readonly<Record<string, unknown>>

/** Milliseconds a provider has to answer: somebody waits for it at the sign-in page. */
const patience = 10_000

/**
 * Who the provider says has signed in: the claims of the ID token, which the library has verified by then, and where
 * they hold no address, its answer about the person. Redirects are not followed.
 * @returns null when the provider calls itself by another name than it is known by here: then its metadata are not its
 *   own.
 */
export async function profileOf({ log }: Pick<AppContext, 'log'>, provider: Provider, tokens: Tokens) {
  const claims = claimsIn(tokens.idToken)
  if (!isIssuer(provider, claims?.['iss'])) {
    log.error(
      { provider: provider.id, issuer: claims?.['iss'] },
      'An identity provider’s issuer differs from the setting.',
    )
    return null
  }
  if (typeof claims?.['email'] === 'string') return toProfile(claims)
  try {
    const answer = await askAbout(provider, tokens.accessToken)
    return answer && toProfile({ ...answer, sub: answer['sub'] ?? '' })
  } catch (cause) {
    log.error({ provider: provider.id, err: cause }, 'An identity provider did not say who has signed in.')
    return null
  }
}

function claimsIn(idToken: string | undefined): Claims | null {
  const part = idToken?.split('.')[1]
  return part === undefined ? null : (JSON.parse(Buffer.from(part, 'base64url').toString('utf8')) as Claims)
}

function isIssuer({ issuer, discoveryUrl }: Provider, named: unknown): boolean {
  if (issuer !== undefined) return named === issuer
  // Both spellings lead to the same description.
  const name = discoveryUrl.endsWith(wellKnown) ? discoveryUrl.slice(0, -wellKnown.length) : null
  return name !== null && (named === name || named === `${name}/`)
}

async function askAbout({ discoveryUrl }: Provider, accessToken: string | undefined): Promise<Claims | null> {
  const { userinfo_endpoint: place } = await fetchJson(discoveryUrl)
  if (typeof place !== 'string' || accessToken === undefined) return null
  return fetchJson(new URL(place, discoveryUrl).href, { authorization: `Bearer ${accessToken}` })
}

/** @throws Error for anything but a JSON object from that very place. */
async function fetchJson(url: string, headers: Record<string, string> = {}): Promise<Claims> {
  const response = await fetch(url, { headers, redirect: 'error', signal: AbortSignal.timeout(patience) })
  const value: unknown = response.ok ? await response.json() : null
  if (typeof value !== 'object' || value === null) throw new Error(`A provider answered with ${response.status}.`)
  return value as Claims
}

function toProfile(claims: Claims) {
  const { sub, email, name, picture } = claims
  const verified = claims['email_verified']
  return {
    ...claims,
    id: String(sub),
    email: typeof email === 'string' ? email : undefined,
    emailVerified: verified === true || verified === 'true',
    name: typeof name === 'string' ? name : undefined,
    image: typeof picture === 'string' ? picture : undefined,
  }
}
