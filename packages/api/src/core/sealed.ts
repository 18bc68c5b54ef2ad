import type { MainSchema } from '@steward/db'
import type { Db, MainTx } from './context.ts'
import type { SealedRow } from './sealed.queries.ts'
import { batch, countRows, nextRows, saveValue } from './sealed.queries.ts'
import type { Keys, Purpose } from './secrets.ts'

/*
 * What is sealed with the installation's key lies in columns that are told here, so that all of it can be re-encrypted with
 * another key. A purpose, without which nothing is sealed, comes from such a column alone; `replace-key.ts` is
 * the list of all of them.
 */

/** The key that is left behind, and the one that follows it. */
export interface KeyPair {
  former: Keys
  next: Keys
}

/** A column of the main database whose values only the installation's key opens. */
export interface SealedColumn {
  readonly table: keyof MainSchema
  readonly column: string
  /** The primary key of the table. */
  readonly key: readonly string[]
  /** What it holds, in words and in the plural: "secrets of bots". */
  readonly what: string
  /** The value of a row, re-encrypted; null where it holds nothing sealed. @throws when the former key does not open it. */
  anew(row: SealedRow, keys: KeyPair): Promise<string | null>
}

interface Description<T extends keyof MainSchema, K extends keyof MainSchema[T]> {
  table: T
  column: keyof MainSchema[T] & string
  key: readonly (K & string)[]
  what: string
  /** Binds a value to its row, so that it cannot be moved to another. */
  purpose: (row: Pick<MainSchema[T], K>) => string
  /** Where the sealed text is a part of the value: how it is found, null where there is none, and put in place. */
  part?: { of: (value: string) => string | null; put: (sealed: string) => string }
}

/** Tells of a column that holds texts sealed by `Keys.seal`, and is where their purposes come from. */
export function sealedColumn<T extends keyof MainSchema, K extends keyof MainSchema[T]>(about: Description<T, K>) {
  const { table, column, key, what, part } = about
  const purpose = (row: Pick<MainSchema[T], K>): Purpose => about.purpose(row) as Purpose
  const anew: SealedColumn['anew'] = async (row, { former, next }) => {
    const value = row[column] ?? ''
    const sealed = part ? part.of(value) : value
    if (sealed === null) return null
    const bound = purpose(row as Pick<MainSchema[T], K>)
    const again = next.seal(former.unseal(sealed, bound), bound)
    return part ? part.put(again) : again
  }
  return { table, column, key, what, anew, purpose }
}

/** What became of a column. */
export interface SealedAnew {
  what: string
  /** How many values the next key opens. */
  sealed: number
  /** How many the former key did not open, and that were left as they are. */
  closed: number
}

interface Work {
  keys: KeyPair
  /** Told how many of all rows are done. */
  onProgress?: (done: number, total: number) => void
}

/** Looks at what could be re-encrypted, and changes nothing. */
export function trySealAnew(db: Db, column: SealedColumn, work: Work): Promise<SealedAnew> {
  return walk(db, column, { ...work, save: async () => {} })
}

/** Re-encrypts a column, row by row, some at a time. What the former key does not open stays as it is. */
export function sealAnew(tx: MainTx, column: SealedColumn, work: Work): Promise<SealedAnew> {
  return walk(tx, column, { ...work, save: (row, value) => saveValue(tx, column, { row, value }) })
}

async function walk(
  db: Db,
  column: SealedColumn,
  { keys, onProgress, save }: Work & { save: (row: SealedRow, value: string) => Promise<void> },
): Promise<SealedAnew> {
  const total = await countRows(db, column)
  const result: SealedAnew = { what: column.what, sealed: 0, closed: 0 }
  let last: SealedRow | null = null
  for (let done = 0; ;) {
    const rows: SealedRow[] = await nextRows(db, column, last)
    for (const row of rows) {
      const anew = await column.anew(row, keys).then(
        (value) => ({ value }),
        () => null,
      )
      if (anew === null) result.closed += 1
      else if (anew.value !== null) {
        await save(row, anew.value)
        result.sealed += 1
      }
    }
    done += rows.length
    onProgress?.(done, total)
    last = rows.at(-1) ?? null
    if (rows.length < batch) return result
  }
}
