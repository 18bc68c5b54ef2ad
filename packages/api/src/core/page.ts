import { ApiError } from './errors.ts'
import { sha256 } from './secrets.ts'
import { text } from './shapes.schema.ts'

export const defaultPageSize = 20
export const maxPageSize = 100

/** Where a page starts: at most `limit` rows whose (sort value, id) come after `after`. */
export interface Page {
  limit: number
  after: readonly [string, string] | null
  filter: string
}

/**
 * Reads `nextToken` and `pageSize` (reference 1.6). The token carries the sort key, the id and a hash of which list it
 * is, of what, and its filters.
 * @throws InvalidQuery when the token was not made by this list with these filters.
 */
export function openPage(
  input: { nextToken?: string | undefined; pageSize?: number | undefined },
  filters: readonly [list: string, ...filters: unknown[]],
): Page {
  const limit = Math.max(1, Math.min(input.pageSize ?? defaultPageSize, maxPageSize))
  const filter = sha256(JSON.stringify(filters)).slice(0, 12)
  return { limit, after: input.nextToken ? decode(input.nextToken, filter) : null, filter }
}

/** Cuts the one row too many that the query fetched (`limit + 1`) and tells where the next page starts. */
export function closePage<Row>(
  rows: Row[],
  page: Page,
  key: (row: Row) => readonly [string, string],
): { rows: Row[]; meta: { nextToken?: string } } {
  const shown = rows.length <= page.limit ? rows : rows.slice(0, page.limit)
  return { rows: shown, meta: endPage(shown, rows.length > page.limit, page, key) }
}

/** Where the next page starts after these rows, if there is more. */
// oxlint-disable-next-line max-params
export function endPage<Row>(
  rows: readonly Row[],
  more: boolean,
  { filter }: Page,
  key: (row: Row) => readonly [string, string],
): { nextToken?: string } {
  const last = rows.at(-1)
  return more && last !== undefined ? { nextToken: encode(key(last), filter) } : {}
}

function encode(key: readonly [string, string], filter: string): string {
  return Buffer.from(JSON.stringify([key[0], key[1], filter])).toString('base64url')
}

function decode(token: string, filter: string): readonly [string, string] {
  const refuse = new ApiError('InvalidQuery', 'The nextToken is not valid for this list with these filters.')
  let parts: unknown
  try {
    parts = JSON.parse(Buffer.from(token, 'base64url').toString('utf8'))
  } catch {
    throw refuse
  }
  if (
    !Array.isArray(parts) ||
    parts.length !== 3 ||
    parts.some((part) => !text.safeParse(part).success) ||
    // Reading base64 forgives a lot; only what was told here is taken.
    encode([parts[0] as string, parts[1] as string], filter) !== token
  )
    throw refuse
  return [parts[0] as string, parts[1] as string]
}
