import { execFile } from 'node:child_process'
import { readdirSync, statSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import { SchemaTooNew } from './errors.ts'
import { migrate, type Migration, type MigrationProgress } from './migrate.ts'
import { openStores } from './dialect/open.ts'
import type { Stores } from './store.ts'
import { freshDatabase, type TestDatabase } from './databases.testing.ts'
import { first, second, steps } from './schema.testing.ts'

const run = promisify(execFile)
const now = (): Date => new Date('2026-02-03T04:05:06.789Z')

describe.each(['sqlite', 'postgres'] as const)('migrate on %s', (engine) => {
  let database: TestDatabase
  const opened: Stores[] = []

  beforeEach(async () => {
    database = await freshDatabase(engine, { empty: true })
  })
  afterEach(async () => {
    for (const stores of opened.splice(0)) await stores.close()
    await database.remove()
  })
  const open = async (): Promise<Stores> => {
    const stores = await openStores(database.options)
    opened.push(stores)
    return stores
  }
  const applied = async (stores: Stores): Promise<unknown[]> =>
    (await sql`select name, applied_at from schema_migration order by name`.execute(stores.main.reader)).rows

  test('applies each step once, in order, and tells', async () => {
    const stores = await open()
    const told: MigrationProgress[] = []
    const options = { now, steps, onProgress: (progress: MigrationProgress) => told.push(progress) }
    expect(await migrate(stores, options)).toEqual({ main: ['0001_thing', '0002_part'], telemetry: [] })
    expect(told).toEqual(
      ['0001_thing', '0002_part'].flatMap((name) => [
        { store: 'main', step: 'start', name },
        { store: 'main', step: 'done', name },
      ]),
    )
    expect(await migrate(stores, options)).toEqual({ main: [], telemetry: [] })
    expect(told.length).toBe(4)
    expect(await applied(stores)).toEqual([
      { name: '0001_thing', applied_at: '2026-02-03T04:05:06.789Z' },
      { name: '0002_part', applied_at: '2026-02-03T04:05:06.789Z' },
    ])
  })

  test('a step that fails leaves nothing of itself and keeps the steps before', async () => {
    const stores = await open()
    const half: Migration = {
      name: '0002_half',
      up: async ({ db, table, types }) => {
        await table('half').addColumn('id', types.text).execute()
        await db.insertInto('nowhere').values({ id: 1 }).execute()
      },
    }
    await expect(migrate(stores, { now, steps: { main: [first, half], telemetry: [] } })).rejects.toThrow(/nowhere/)
    expect(await applied(stores)).toHaveLength(1)
    await expect(sql`select * from half`.execute(stores.main.reader)).rejects.toThrow(/half/)
    expect(await migrate(stores, { now, steps })).toEqual({ main: ['0002_part'], telemetry: [] })
  })

  test('a database of a newer version is refused in plain words', async () => {
    const stores = await open()
    await migrate(stores, { now, steps })
    const older = migrate(stores, { now, steps: { main: [first], telemetry: [] } })
    await expect(older).rejects.toThrow(SchemaTooNew)
    await expect(older).rejects.toThrow(/newer version of Steward \(it has 0002_part\)/)
    expect(await applied(stores)).toHaveLength(2)
  })

  test('two processes at once: each step is done by one of them', async () => {
    const script = join(import.meta.dirname, 'schema-process.testing.ts')
    const args = [script, 'migrate', JSON.stringify(database.options)]
    const outputs = await Promise.all([1, 2, 3].map(() => run(process.execPath, args)))
    const done = outputs.flatMap(({ stdout }) => JSON.parse(stdout) as string[])
    expect(done.toSorted()).toEqual(['0001_thing', '0002_part'])
    expect(await applied(await open())).toHaveLength(2)
  })

  test('two of one process wait for each other', async () => {
    const [one, other] = [await open(), await open()]
    const results = await Promise.all([migrate(one, { now, steps }), migrate(other, { now, steps })])
    expect(results.flatMap(({ main }) => main).toSorted()).toEqual(['0001_thing', '0002_part'])
  }, 30_000)

  test('columns have the types of the engine', async () => {
    const stores = await open()
    await migrate(stores, { now, steps })
    const query =
      engine === 'sqlite'
        ? sql<{
            name: string
            type: string
          }>`select name, lower(type) as type from pragma_table_info('thing') order by name`
        : sql<{
            name: string
            type: string
          }>`select column_name as name, data_type || coalesce(' ' || collation_name, '') as type
            from information_schema.columns where table_schema = 'steward' and table_name = 'thing' order by column_name`
    const { rows } = await query.execute(stores.main.reader)
    const types = Object.fromEntries(rows.map(({ name, type }) => [name, type]))
    expect(types).toEqual(
      engine === 'sqlite'
        ? { id: 'text', name: 'text', size: 'integer', flag: 'integer', note: 'text', data: 'blob' }
        : { id: 'text C', name: 'text C', size: 'bigint', flag: 'integer', note: 'text C', data: 'bytea' },
    )
  })
})

describe('migrate on sqlite files', () => {
  let database: TestDatabase
  let backupFolder: string
  let stores: Stores

  beforeEach(async () => {
    database = await freshDatabase('sqlite', { empty: true })
    backupFolder = await mkdtemp(join(tmpdir(), 'steward-test-'))
    stores = await openStores(database.options)
  })
  afterEach(async () => {
    await stores.close()
    await database.remove()
    await rm(backupFolder, { recursive: true })
  })
  const more = (count: number): Migration[] =>
    Array.from({ length: count }, (_, index) => ({
      name: `${String(index + 3).padStart(4, '0')}_more`,
      up: async () => {},
    }))
  const upTo = (count: number) => ({ main: [first, second, ...more(count)], telemetry: [] })

  test('a changed schema is backed up first, and the newest three are kept', async () => {
    for (let day = 1; day <= 6; day += 1) {
      const at = new Date(Date.UTC(2026, 0, day))
      await migrate(stores, { now: () => at, steps: upTo(day), backupFolder })
    }
    const files = readdirSync(backupFolder)
    expect(files).toEqual([4, 5, 6].map((day) => `main-before-migration-2026-01-0${day}T000000.000Z.db`))
    expect(statSync(join(backupFolder, String(files[0]))).mode & 0o077).toBe(0)
  })

  test('an empty or unchanged database is not backed up', async () => {
    await migrate(stores, { now, steps, backupFolder })
    await migrate(stores, { now, steps, backupFolder })
    expect(readdirSync(backupFolder)).toEqual([])
  })

  test('a table that others refer to can be rebuilt, but not so that rows lose their parent', async () => {
    await migrate(stores, { now, steps })
    await stores.main.write(async (tx) => {
      await sql`insert into thing (id, name, size, flag) values ('a', 'a', 1, 0)`.execute(tx)
      await sql`insert into part (id, thing_id, weight) values ('p', 'a', 1)`.execute(tx)
    })
    const rebuild = (keep: string): Migration => ({
      name: '0003_rebuild',
      up: async ({ db, table, types }) => {
        await table('thing_new')
          .addColumn('id', types.text, (column) => column.primaryKey().notNull())
          .execute()
        await sql`insert into thing_new (id) select id from thing where id = ${keep}`.execute(db)
        await db.schema.dropTable('thing').execute()
        await db.schema.alterTable('thing_new').renameTo('thing').execute()
      },
    })
    const losing = migrate(stores, { now, steps: { main: [first, second, rebuild('none')], telemetry: [] } })
    await expect(losing).rejects.toThrow('rows of part without their thing')
    await migrate(stores, { now, steps: { main: [first, second, rebuild('a')], telemetry: [] } })
    const orphan = stores.main.write((tx) =>
      sql`insert into part (id, thing_id, weight) values ('q', 'b', 1)`.execute(tx),
    )
    await expect(orphan).rejects.toThrow('FOREIGN KEY')
  })

  test('a process that was overtaken by a migration stops writing', async () => {
    await migrate(stores, { now, steps })
    const newer = await openStores(database.options)
    await migrate(newer, { now, steps: upTo(1) })
    await newer.close()
    await expect(stores.main.write(async () => {})).rejects.toThrow(SchemaTooNew)
  })
})
