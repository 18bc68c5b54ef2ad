export const linkScheme = 'steward'

/**
 * The page that a `steward://` link names, as a path of the console; null for what is no such link.
 * `steward://w/<id>/bots` and `steward:///w/<id>/bots` mean the same.
 */
export function pathOfLink(link: string): string | null {
  if (!URL.canParse(link)) return null
  const { protocol, host, pathname, search, hash } = new URL(link)
  if (protocol !== `${linkScheme}:`) return null
  const path = `/${host}${pathname}`.replace(/\/{2,}/g, '/').replace(/(.)\/$/, '$1')
  return /^[\w\-./~%]*$/.test(path) && !path.split('/').includes('..') ? path + search + hash : null
}

/** The first link among a process's arguments: so Windows and Linux pass them. */
export function linkAmong(args: readonly string[]): string | null {
  for (const argument of args) {
    const path = argument.startsWith(`${linkScheme}:`) ? pathOfLink(argument) : null
    if (path !== null) return path
  }
  return null
}
