import { rmSync } from 'node:fs'
import { join } from 'node:path'

import Database from 'better-sqlite3'
import pg from 'pg'
import { expect, test } from 'vitest'

import { checkIntegrity, mainSchema } from './dialect/integrity.ts'
import { openStores } from './dialect/open.ts'
import { eachDialect, freshDatabase } from './databases.testing.ts'

eachDialect('integrity', (open, engine) => {
  test('finds nothing wrong with new stores', async () => {
    const found = await checkIntegrity(await open())
    expect(found.map((one) => [one.store, one.engine, one.damage, one.schema.pending, one.schema.unknown])).toEqual([
      ['main', engine, [], [], []],
      ['telemetry', engine, [], [], []],
    ])
    expect(found[0]?.schema.applied[0]).toBe('0001_core')
    expect(`${found[0]?.product} ${found[0]?.version}`).toMatch(/^(SQLite|PostgreSQL) \d+\.\d+/)
  })

  test('says what is still to be applied', async () => {
    const database = await freshDatabase(engine, { empty: true })
    const stores = await openStores(database.options)
    const [main] = await checkIntegrity(stores)
    expect(main?.schema).toMatchObject({ applied: [], unknown: [] })
    expect(main?.schema.pending[0]).toBe('0001_core')
    expect(await mainSchema(stores)).toEqual(main?.schema)
    await stores.close()
    await database.remove()
  })
})

test('finds rows without their parent, and migrations it does not know', async () => {
  const database = await freshDatabase('sqlite')
  const { folder } = database.options as { folder: string }
  const connection = new Database(join(folder, 'steward.db'))
  connection.pragma('foreign_keys = off')
  connection.exec("insert into bot_tag (bot_id, workspace_id, key, value) values ('bot_gone', 'none', 'k', 'v')")
  connection.exec("insert into schema_migration (name, applied_at) values ('9999_future', '2026-01-01T00:00:00.000Z')")
  connection.close()
  const stores = await openStores(database.options)
  const [main] = await checkIntegrity(stores)
  expect(main?.damage.join()).toContain('bot_tag')
  expect(main?.schema.unknown).toEqual(['9999_future'])
  await stores.close()
  rmSync(folder, { recursive: true })
})

test('finds an index that was not built to its end, and a constraint that was never validated', async () => {
  const database = await freshDatabase('postgres')
  const client = new pg.Client({ connectionString: (database.options as { url: string }).url })
  await client.connect()
  await client.query('set search_path = steward')
  await client.query("insert into schema_migration values ('9999_future', '2026-01-01T00:00:00.000Z')")
  // It gives up at the second row, and leaves what it has behind.
  const halfway = client.query('create unique index concurrently half_built on schema_migration ((1))')
  await expect(halfway).rejects.toThrow(/half_built/)
  await client.query("alter table bot_tag add constraint unproven check (key <> '') not valid")
  await client.end()
  const stores = await openStores(database.options)
  const [main, telemetry] = await checkIntegrity(stores)
  expect(main?.damage).toEqual(['the index half_built is not valid', 'the constraint unproven was never validated'])
  expect(main?.schema.unknown).toEqual(['9999_future'])
  expect(telemetry?.damage).toEqual([])
  await stores.close()
  await database.remove()
})
