/*
 * Addresses that came from somewhere else: a search parameter, an answer, what somebody typed. Whatever is navigated to
 * or shown as a link goes through one of these where it is used; test/sources.test.ts looks that nothing goes around.
 */

const here = 'http://steward.invalid'

/**
 * A page of this console, as a browser would read the text.
 * @returns path, search and hash; null for what leads elsewhere, however it is written (`//host`, `/\host`, `%2f%2f`).
 */
export function localPath(text: string | null | undefined): string | null {
  if (!text?.startsWith('/')) return null
  const url = parsed(text, here)
  if (url?.origin !== here || !staysHere(url.pathname)) return null
  return url.pathname + url.search + url.hash
}

/** Routers and proxies take percent-encoding off, some of them twice. */
function staysHere(path: string): boolean {
  for (let read = path, before = ''; read !== before;) {
    // oxlint-disable-next-line no-control-regex
    if (/^\/[\\/]|\\|[\u0000-\u001f]/.test(read)) return false
    before = read
    try {
      read = decodeURIComponent(read)
    } catch {
      return false
    }
  }
  return true
}

/** Path and search of an address of this server, whatever name it has in the answer; null for what is no address. */
export function onThisServer(address: string): string | null {
  const url = parsed(address, here)
  return url && localPath(url.pathname + url.search)
}

/** The address, if it is one that may be a link: `https:`, `http:` or `mailto:`; else null, and it is shown as text. */
export function safeHref(address: string | null | undefined): string | null {
  const url = parsed(address?.trim() ?? '')
  return url && /^(https?|mailto):$/.test(url.protocol) ? url.href : null
}

function parsed(address: string, base?: string): URL | null {
  try {
    return new URL(address, base)
  } catch {
    return null
  }
}
