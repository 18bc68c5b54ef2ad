import { sql } from 'kysely'

import type { Reader, Store } from '../store.ts'

/** Which blobs the rows of a database name. */
export interface BlobNames {
  /** The columns asked, as `table.column`, sorted. */
  readonly columns: readonly string[]
  /** In one statement, since a write may move the name from one row to another. */
  has(hash: string): Promise<boolean>
  /** Every named hash once, sorted, read by a thousand at a time. */
  all(): AsyncGenerator<string, void, undefined>
  /** Up to `limit` of each column, those of the rows with the highest `id` first; each hash once. */
  newest(limit: number): Promise<string[]>
}

interface Column {
  table: string
  name: string
}

/**
 * Every column whose name ends in `_blob` holds the hash of a blob, in whatever table it stands. The schema itself is
 * asked, each time anew: a newer version of Steward that shares the database may have added a table, and what its rows
 * name must not be cleared away by a server that does not know it.
 */
export async function blobNames<DB>({ engine, reader }: Pick<Store<DB>, 'engine' | 'reader'>): Promise<BlobNames> {
  const columns = await (engine === 'sqlite' ? sqliteColumns(reader) : postgresColumns(reader))
  const hashes = ({ table, name }: Column, condition = sql`true`) =>
    sql<{
      hash: string
    }>`select ${sql.ref(name)} as hash from ${sql.table(table)} where ${sql.ref(name)} is not null and ${condition}`
  const union = (parts: readonly ReturnType<typeof hashes>[]) => sql.join(parts, sql` union all `)

  async function after(last: string): Promise<string[]> {
    const found = union(columns.map((column) => hashes(column, sql`${sql.ref(column.name)} > ${last}`)))
    const page = sql<{ hash: string }>`select distinct hash from (${found}) as named order by hash limit 1000`
    return (await page.execute(reader)).rows.map(({ hash }) => hash)
  }

  return {
    columns: columns.map(({ table, name }) => `${table}.${name}`),
    async has(hash) {
      if (columns.length === 0) return false
      const found = union(columns.map((column) => hashes(column, sql`${sql.ref(column.name)} = ${hash}`)))
      return (await sql`select 1 from (${found}) as named limit 1`.execute(reader)).rows.length > 0
    },
    async *all() {
      if (columns.length === 0) return
      for (let page = await after(''); page.length > 0; page = await after(page.at(-1) ?? '')) yield* page
    },
    async newest(limit) {
      const named = new Set<string>()
      for (const column of columns) {
        const rows = await sql<{ hash: string }>`${hashes(column)} order by id desc limit ${limit}`.execute(reader)
        for (const { hash } of rows.rows) named.add(hash)
      }
      return [...named]
    },
  }
}

async function sqliteColumns<DB>(reader: Reader<DB>): Promise<Column[]> {
  const { rows } = await sql<Column>`
    select m.name as "table", c.name as name from sqlite_schema as m join pragma_table_info(m.name) as c
      where m.type = 'table' and c.name like '%\\_blob' escape '\\' order by 1, 2`.execute(reader)
  return rows
}

async function postgresColumns<DB>(reader: Reader<DB>): Promise<Column[]> {
  const { rows } = await sql<Column>`
    select table_name as "table", column_name as name from information_schema.columns
      where table_schema = current_schema() and column_name like '%\\_blob' escape '\\' order by 1, 2`.execute(reader)
  return rows
}
