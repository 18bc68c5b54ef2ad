import type { Handle } from '@steward/api/port-host'

/** Headers that speak about this computer's pages, not about the person at the server. */
const kept = new Set(['accept', 'content-type', 'idempotency-key', 'last-event-id', 'trpc-accept', 'x-workspace-id'])

export interface Remote {
  name: string
  url: string
  token: string
}

/**
 * Answers a window's requests by asking a server, with the token attached here: the window never holds it. Redirects
 * are not followed, for a token must not travel to another place.
 */
export function relayTo({ name, url, token }: Remote, fetch: typeof globalThis.fetch): Handle {
  const base = new URL(url)
  return async (request) => {
    const { pathname, search } = new URL(request.url)
    const headers = new Headers({ authorization: `Bearer ${token}` })
    for (const [key, value] of request.headers) if (kept.has(key)) headers.set(key, value)
    const body = request.body ? await request.arrayBuffer() : null
    const target = base.origin + base.pathname.replace(/\/+$/, '') + pathname + search
    const response = await ask(() =>
      fetch(target, { method: request.method, headers, body, signal: request.signal, redirect: 'manual' }),
    )
    if (response.status >= 300 && response.status < 400) throw elsewhere(name)
    return strip(response)
  }

  async function ask(call: () => Promise<Response>): Promise<Response> {
    try {
      return await call()
    } catch (cause) {
      // Electron's fetch hands no redirect out: it fails (electron#43715).
      if (cause instanceof Error && /redirect/i.test(cause.message)) throw elsewhere(name)
      throw new Error(`${name} cannot be reached at ${base.origin}: ${reasonOf(cause)}.`, { cause })
    }
  }
}

const elsewhere = (name: string): Error =>
  new Error(`${name} redirects to another address. Change the connection to that address.`)

/** The body is unpacked already, and cookies of the server mean nothing here. */
function strip(response: Response): Response {
  const headers = new Headers(response.headers)
  for (const name of ['content-encoding', 'content-length', 'transfer-encoding', 'set-cookie', 'connection'])
    headers.delete(name)
  return new Response(response.body, { status: response.status, headers })
}

function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause)
  const inner = cause.cause instanceof Error ? cause.cause : cause
  return (inner as NodeJS.ErrnoException).code ?? inner.message
}
