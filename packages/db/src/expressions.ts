import { sql, type Expression, type RawBuilder, type SqlBool } from 'kysely'

/**
 * True where `text` contains `part`, whatever the case of the letters a–z (both engines leave others
 * as they are). `%` and `_` in `part` are ordinary characters.
 */
export function contains(text: Expression<string | null>, part: string): RawBuilder<SqlBool> {
  const pattern = `%${part.replaceAll(/[\\%_]/g, String.raw`\$&`).replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase())}%`
  return sql<SqlBool>`${lowered(text)} like ${pattern} escape '\\'`
}

/** The text with small letters for A–Z alone, on both engines: what an order by name goes by. */
export function lowered(text: Expression<string | null>): RawBuilder<string> {
  return sql<string>`lower(${text})`
}

/** Bytes of a text in UTF-8, which neither engine reads it for; null for null. */
export function byteLength(text: Expression<string | null>): RawBuilder<number | null> {
  return sql<number | null>`octet_length(${text})`
}

/** A column of a paging key and its value in the last row of the page before. */
export type KeyPart = readonly [column: Expression<unknown>, last: unknown]

/** The rows after the last one of the page before, in ascending order of all parts: `(created_at, id) > (?, ?)`. */
export function after(...parts: readonly [KeyPart, ...KeyPart[]]): RawBuilder<SqlBool> {
  return compared('>', parts)
}

/** The same for descending order: `(created_at, id) < (?, ?)`. */
export function before(...parts: readonly [KeyPart, ...KeyPart[]]): RawBuilder<SqlBool> {
  return compared('<', parts)
}

function compared(sign: '<' | '>', parts: readonly KeyPart[]): RawBuilder<SqlBool> {
  const columns = sql.join(parts.map(([column]) => column))
  const values = sql.join(parts.map(([, value]) => value))
  return sql<SqlBool>`(${columns}) ${sql.raw(sign)} (${values})`
}

/** The day of a time column, '2026-11-23', in UTC. */
export function dayOf(time: Expression<string>): RawBuilder<string> {
  return sql<string>`substr(${time}, 1, 10)`
}

/** A 64-bit number as its decimal digits: as a number, both drivers would round what is beyond 2^53. */
export function exact(amount: Expression<unknown>): RawBuilder<string> {
  return sql<string>`cast(${amount} as text)`
}
