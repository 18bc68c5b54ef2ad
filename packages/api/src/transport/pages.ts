import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { sha256 } from '../core/secrets.ts'
import type { Call, Endpoint } from './call.ts'
import { countStranger } from './call.ts'
import type { Outgoing } from './incoming.ts'
import { holdsTag, takesGzip } from './negotiate.ts'
import { isTrustworthy } from './own-page.ts'

/** The files of a web console, by their path from the root (`/index.html`, `/assets/…`). */
export type PageFiles = ReadonlyMap<string, Uint8Array>

/** What the pages may do: their own origin and nothing else, no code in the page itself, in nobody's frame. */
export const pagePolicy =
  "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; object-src 'none'; form-action 'self'; frame-ancestors 'none'"

const types: Record<string, string> = {
  css: 'text/css; charset=utf-8',
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  json: 'application/json',
  png: 'image/png',
  svg: 'image/svg+xml; charset=utf-8',
  txt: 'text/plain; charset=utf-8',
  woff2: 'font/woff2',
}

interface Page {
  type: string
  body: Uint8Array
  /** Weak: it stands for the zipped bytes too. */
  etag: string
  /** Its name holds a hash of its content, so it never changes. */
  immutable: boolean
  zipped: Promise<Uint8Array> | null
}

/**
 * Serves a console: its files by path, and its first page for the root and every other address that a browser opens (deep links).
 * @returns the endpoint for a path, or null for what is not a page's business.
 */
export function createPages(files: PageFiles): (call: Call) => Endpoint | null {
  const pages = new Map([...files].map(([path, body]) => [path, toPage(path, body)]))
  return ({ path, incoming }) => {
    if (incoming.method !== 'GET' && incoming.method !== 'HEAD') return null
    const wantsPage = path === '/' || (incoming.header('accept')?.includes('text/html') ?? false)
    const page = pages.get(path) ?? (wantsPage ? pages.get('/index.html') : undefined)
    if (!page) return null
    return async (deps, call) => {
      call.operation = 'page'
      countStranger(deps, call)
      return send(deps.app.settings.publicUrl, call, page)
    }
  }
}

function toPage(path: string, body: Uint8Array): Page {
  const type = types[path.slice(path.lastIndexOf('.') + 1)] ?? 'application/octet-stream'
  return { type, body, etag: `W/"${sha256(body).slice(0, 32)}"`, immutable: path.startsWith('/assets/'), zipped: null }
}

async function send(publicUrl: string, { incoming, headers }: Call, page: Page): Promise<Outgoing> {
  headers['content-type'] = page.type
  headers['content-security-policy'] = pagePolicy
  // Over plain http browsers complain of it in the page's log.
  if (publicUrl.startsWith('https:') || isTrustworthy(incoming.origin))
    headers['cross-origin-opener-policy'] = 'same-origin'
  headers['cache-control'] = page.immutable ? 'public, max-age=31536000, immutable' : 'no-cache'
  headers['etag'] = page.etag
  headers['vary'] = 'accept-encoding'
  if (holdsTag(incoming.header('if-none-match'), page.etag)) return { status: 304, headers, body: null }
  const zips = /^(text|application\/json|image\/svg)/.test(page.type) && page.body.length > 1024
  if (!zips || !takesGzip(incoming.header('accept-encoding'))) return { status: 200, headers, body: page.body }
  headers['content-encoding'] = 'gzip'
  return { status: 200, headers, body: await (page.zipped ??= promisify(gzip)(page.body)) }
}
