import type { Tx } from '@steward/db'
import { after } from '@steward/db'
import type { Db, MainTx } from './context.ts'
import type { SealedColumn } from './sealed.ts'

/** The primary key and the value of a row, by the names of their columns. */
export type SealedRow = Readonly<Record<string, string>>

type Place = Pick<SealedColumn, 'table' | 'column' | 'key'>

/** Rows that are held at once; an answer that is kept may be as long as a body. */
export const batch = 50

export async function countRows(db: Db, { table }: Place): Promise<number> {
  const query = untyped(db).selectFrom(table)
  const row = await query.select((eb) => eb.fn.countAll<number>().as('count')).executeTakeFirst()
  return row?.count ?? 0
}

/** The next rows in the order of their key; the first ones where `last` is null. */
export function nextRows(db: Db, { table, column, key }: Place, last: SealedRow | null): Promise<SealedRow[]> {
  let query = untyped(db)
    .selectFrom(table)
    .select([...key, column])
    .limit(batch)
  for (const name of key) query = query.orderBy(name)
  if (last)
    query = query.where((eb) => {
      const [first, ...more] = key.map((name) => [eb.ref(name), last[name]] as const)
      return first ? after(first, ...more) : eb.lit(true)
    })
  return query.execute()
}

export async function saveValue(
  tx: MainTx,
  { table, column, key }: Place,
  { row, value }: { row: SealedRow; value: string },
): Promise<void> {
  let query = untyped(tx)
    .updateTable(table)
    .set({ [column]: value })
  for (const name of key) query = query.where(name, '=', row[name] ?? '')
  await query.execute()
}

/** Tables and columns are known by their names alone here. */
function untyped(db: Db): Tx<Record<string, Record<string, string>>> {
  return db as unknown as Tx<Record<string, Record<string, string>>>
}
