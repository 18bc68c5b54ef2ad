import { protocol } from 'electron'
import { readFile } from 'node:fs/promises'
import { extname, isAbsolute, join, relative, resolve } from 'node:path'
import { parts } from './paths.ts'

export const scheme = 'app'

/** Nothing but what the app itself brings, and no way out of the page. */
export const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "object-src 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml; charset=utf-8',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.webmanifest': 'application/manifest+json',
  '.txt': 'text/plain; charset=utf-8',
}

/** Must run before the app is ready, and once. */
export function announceScheme(): void {
  const privileges = { standard: true, secure: true, supportFetchAPI: true, codeCache: true }
  protocol.registerSchemesAsPrivileged([{ scheme, privileges }])
}

export function servePages(): void {
  protocol.handle(scheme, (request) => answer(request))
}

/** Whether an address is a page of ours. Parsed, never searched for: `origin` of such an address is "null" in Node. */
export function pageOf(address: string): 'steward' | 'launcher' | null {
  const url = URL.canParse(address) ? new URL(address) : null
  if (url?.protocol !== `${scheme}:` || url.username !== '' || url.port !== '') return null
  return url.hostname === 'steward' || url.hostname === 'launcher' ? url.hostname : null
}

/** A file of the page's folder; addresses without a file name are the app's routes and get its one document. */
export async function answer(request: Request): Promise<Response> {
  const page = pageOf(request.url)
  if (page === null || (request.method !== 'GET' && request.method !== 'HEAD')) return refuse(404, 'Not found')
  const root = parts.pages[page]
  const file = fileOf(root, new URL(request.url).pathname)
  if (file === null) return refuse(400, 'Bad request')
  try {
    return respond(await readFile(file), extname(file))
  } catch {
    return refuse(404, 'Not found')
  }
}

/** Null for what would lead out of the folder, plainly or in disguise. */
function fileOf(root: string, pathname: string): string | null {
  let path: string
  try {
    path = decodeURIComponent(pathname)
  } catch {
    return null
  }
  if (path.includes('\0') || path.includes('\\')) return null
  const file = resolve(root, `.${path}`)
  const inside = relative(root, file)
  if (inside.startsWith('..') || isAbsolute(inside)) return null
  return extname(file) === '' ? join(root, 'index.html') : file
}

function respond(body: Uint8Array<ArrayBuffer>, extension: string): Response {
  const headers = {
    'content-type': types[extension] ?? 'application/octet-stream',
    'content-security-policy': policy,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cache-control': extension === '.html' ? 'no-store' : 'no-cache',
  }
  return new Response(body, { headers })
}

function refuse(status: number, text: string): Response {
  return new Response(text, {
    status,
    headers: { 'content-type': 'text/plain; charset=utf-8', 'content-security-policy': policy },
  })
}
