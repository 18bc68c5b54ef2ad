import { sql } from 'kysely'
import { expect, it, onTestFinished } from 'vitest'

import type { Store } from '../store.ts'
import type { MainSchema } from '../tables/index.ts'
import { eachDialect } from '../databases.testing.ts'
import { blobNames } from './blob-names.ts'

const [first, second, third] = ['1', '2', '3'].map((digit) => digit.repeat(64)) as [string, string, string]

/** Databases of tests are used again, so what is added to their schema goes. */
const dropAfterwards = (main: Store<MainSchema>): void =>
  onTestFinished(() => main.library.schema.dropTable('picture').execute())

eachDialect('blob names', (open) => {
  it('are found in every column that is called so, without a list of tables', async () => {
    const { main } = await open()
    const before = await blobNames(main)
    expect(before.columns).toEqual(['bot.code_blob', 'version.code_blob'])
    dropAfterwards(main)
    await main.write(async (tx) => {
      await sql`create table picture (id text primary key, small_blob text, large_blob text, blobby text)`.execute(tx)
      await sql`insert into picture values ('a', ${first}, null, ${third}), ('b', ${first}, ${second}, null)`.execute(
        tx,
      )
    })
    const names = await blobNames(main)
    expect(names.columns).toEqual(['bot.code_blob', 'picture.large_blob', 'picture.small_blob', 'version.code_blob'])
    expect([await names.has(first), await names.has(second), await names.has(third)]).toEqual([true, true, false])
    expect(await before.has(first)).toBe(false)
    const all: string[] = []
    for await (const hash of names.all()) all.push(hash)
    expect(all).toEqual([first, second])
    expect((await names.newest(1)).toSorted()).toEqual([first, second])
  })

  it('are read page by page, each once', async () => {
    const { main } = await open()
    const hashes = Array.from({ length: 2500 }, (_, index) => String(index).padStart(64, '0'))
    dropAfterwards(main)
    await main.write(async (tx) => {
      await sql`create table picture (id text primary key, file_blob text)`.execute(tx)
      for (const copy of ['a', 'b']) {
        const rows = sql.join(hashes.map((hash) => sql`(${copy + hash}, ${sql.lit(hash)})`))
        await sql`insert into picture values ${rows}`.execute(tx)
      }
    })
    const all: string[] = []
    for await (const hash of (await blobNames(main)).all()) all.push(hash)
    expect(all).toEqual(hashes)
  })

  it('are quick to find: each column has an index that begins with it, and each table an id', async () => {
    const { main } = await open()
    const tables = await main.library.introspection.getTables()
    for (const column of (await blobNames(main)).columns) {
      const [table = '', name = ''] = column.split('.')
      expect(tables.find((known) => known.name === table)?.columns.map((known) => known.name)).toContain('id')
      const indexes =
        main.engine === 'sqlite'
          ? sql<{ text: string }>`select sql as text from sqlite_schema where type = 'index' and tbl_name = ${table}`
          : sql<{ text: string }>`select indexdef as text from pg_indexes where tablename = ${table}`
      const texts = (await indexes.execute(main.reader)).rows.map(({ text }) => text)
      expect(texts.some((text) => new RegExp(`\\("?${name}"?[,)]`).test(text ?? ''))).toBe(true)
    }
  })
})
