/** What an answer that is no page may do: nothing at all. */
const dataPolicy = "default-src 'none'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'"

/**
 * The headers that every answer begins with: it is kept by nobody, taken for nothing else, framed nowhere, and its
 * address is told to no one. Where people come by https, browsers are told to come by nothing else.
 * @param publicUrl the address people reach this installation under, or null where it has only the one it listens on.
 */
export function guardsOf(publicUrl: string | null): Readonly<Record<string, string>> {
  return {
    'cache-control': 'no-store',
    'content-security-policy': dataPolicy,
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    ...(publicUrl?.startsWith('https:') && { 'strict-transport-security': 'max-age=31536000; includeSubDomains' }),
  }
}
