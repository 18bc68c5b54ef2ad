/*
 * The server's clock. Times on these pages are the server's: a browser whose clock is behind would read those that have
 * passed as still to come.
 */

/** Milliseconds that the server's clock is ahead of this browser's. */
let ahead = 0

/** Below this nobody can tell: the header counts whole seconds, and the answer was on its way. */
const blur = 5_000

/** Milliseconds since 1970, as the server counts them. */
export function serverNow(): number {
  return Date.now() + ahead
}

/** @param date an answer's header `Date`, which came just now. */
export function heedServer(date: string | null): void {
  const told = Date.parse(date ?? '')
  if (Number.isNaN(told)) return
  const difference = told - Date.now()
  ahead = Math.abs(difference) < blur ? 0 : difference
}
