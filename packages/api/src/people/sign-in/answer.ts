import { ApiError, errorStatus } from '../../core/errors.ts'

/** Where whoever comes back from an identity provider without being signed in reads why; its parameter is `error`. */
export const errorPage = '/sign-in'

/** A refusal in the form that the library gives its own. */
export function refusedIn(
  status: number,
  body: { code: string; message: string },
  headers: Record<string, string> = {},
): Response {
  return Response.json(body, { status, headers })
}

/** In the library's words. Whoever comes back from an identity provider is shown a page, as for its other refusals. */
export function refusal(cause: unknown, { status, publicUrl }: { status: number; publicUrl: string }): Response {
  if (!(cause instanceof ApiError)) throw cause
  const { type, message } = cause
  if (status < 300) return refusedIn(errorStatus[type], { code: type, message })
  return new Response(null, { status: 302, headers: { location: `${publicUrl}${errorPage}?error=${type}` } })
}

const isJson = (response: Response): boolean =>
  (response.headers.get('content-type') ?? '').startsWith('application/json')

/** The library's answer as it leaves: the session token stands in the cookie only, which scripts cannot read. */
export async function withoutToken(response: Response): Promise<Response> {
  if (response.status !== 200 || !isJson(response)) return response
  const body: unknown = await response.json()
  const { headers, status } = response
  headers.delete('content-length')
  return Response.json(scrubbed(body), { status, headers })
}

function scrubbed(body: unknown): unknown {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return body
  const { token: _token, ...rest } = body as Record<string, unknown>
  return 'session' in rest ? { ...rest, session: scrubbed(rest['session']) } : rest
}

/**
 * Sends on a browser that comes back from a provider and still owes the code of its second factor: the library answers
 * it as it does a password, in JSON.
 */
export function toCodePage(publicUrl: string, response: Response): Response {
  const { headers } = response
  const wanted = new URL(headers.get('location') ?? '/', publicUrl)
  const next = wanted.origin === new URL(publicUrl).origin ? wanted.pathname + wanted.search : '/'
  headers.delete('content-type')
  headers.delete('content-length')
  headers.set('location', `${publicUrl}/sign-in?step=code&next=${encodeURIComponent(next)}`)
  return new Response(null, { status: 302, headers })
}
