import { setTimeout as sleep } from 'node:timers/promises'

import { sql } from 'kysely'
import pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'

import { prepare, type Params } from '../prepare.ts'
import { openStores } from './open.ts'
import type { Reader, Store, Stores, Tx } from '../store.ts'
import { freshDatabase, startPostgres, type TestDatabase, type PostgresServer } from '../databases.testing.ts'
import { openTestSchema, thing, type TestSchema } from '../schema.testing.ts'
import { isBusy } from './portable.ts'

const findThing = prepare((db: Reader<TestSchema>, p: Params<{ id: string }>) =>
  db.selectFrom('thing').selectAll().where('id', '=', p.id),
)
const insert = (tx: Tx<TestSchema>, id: string) => tx.insertInto('thing').values(thing(id)).execute()

const bump = (tx: Tx<TestSchema>, id: string) =>
  tx
    .updateTable('thing')
    .set((eb) => ({ size: eb('size', '+', 1) }))
    .where('id', '=', id)
    .execute()

describe('a server that comes and goes', () => {
  let server: PostgresServer
  let stores: Stores
  let main: Store<TestSchema>

  beforeAll(async () => {
    server = await startPostgres({ durable: true })
    ;({ stores, main } = await openTestSchema({ url: server.url }))
    await main.write((tx) => insert(tx, 'kept'))
  }, 30_000)
  afterAll(async () => {
    await stores.close()
    await server.remove()
  })
  /** Several idle connections in both pools, with statements prepared on them. */
  beforeEach(async () => {
    await Promise.all(Array.from({ length: 4 }, () => findThing.first(main.reader, { id: 'kept' })))
    await Promise.all(Array.from({ length: 4 }, () => main.write((tx) => findThing.first(tx, { id: 'kept' }))))
  })

  test('reads, writes and snapshots work after a restart', async () => {
    await server.restart()
    expect((await findThing.first(main.reader, { id: 'kept' }))?.id).toBe('kept')
    await main.write((tx) => insert(tx, 'after restart'))
    expect(await main.snapshot((db) => findThing.all(db, { id: 'after restart' }))).toHaveLength(1)
  }, 30_000)

  test('also after it was killed, with nothing acknowledged lost', async () => {
    await main.write((tx) => insert(tx, 'just before'))
    await server.kill()
    await server.start()
    expect((await findThing.first(main.reader, { id: 'just before' }))?.id).toBe('just before')
  }, 30_000)

  test('a read that meets the restart waits for it', async () => {
    const reads: Promise<unknown>[] = []
    const reading = setInterval(() => reads.push(findThing.first(main.reader, { id: 'kept' })), 10)
    await server.restart()
    clearInterval(reading)
    const rows = await Promise.all(reads)
    expect(rows.length).toBeGreaterThan(0)
    expect(rows.every((row) => row !== undefined)).toBe(true)
  }, 30_000)

  test('a write whose connection breaks before the commit runs again', async () => {
    const administrator = new pg.Client({ connectionString: server.url })
    await administrator.connect()
    const runs = { count: 0 }
    await main.write(async (tx) => {
      runs.count += 1
      await insert(tx, 'twice')
      if (runs.count === 1) {
        const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(tx)
        await administrator.query('select pg_terminate_backend($1)', [rows[0]?.pid])
      }
      await findThing.first(tx, { id: 'twice' })
    })
    await administrator.end()
    expect(runs.count).toBe(2)
    expect(await findThing.all(main.reader, { id: 'twice' })).toHaveLength(1)
  })

  test('of writes that share a commit all run again when the connection breaks, and each is kept once', async () => {
    const administrator = new pg.Client({ connectionString: server.url })
    await administrator.connect()
    let broken = false
    const names = Array.from({ length: 12 }, (_, i) => `shared ${String(i).padStart(2, '0')}`)
    const one = (id: string) =>
      main.write(
        async (tx) => {
          await insert(tx, id)
          if (id !== 'shared 07' || broken) return
          broken = true
          const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(tx)
          await administrator.query('select pg_terminate_backend($1)', [rows[0]?.pid])
          await bump(tx, id)
        },
        { turn: 'shared', together: 'shared' },
      )
    await Promise.all(names.map(one))
    await administrator.end()
    const rows = await main.reader
      .selectFrom('thing')
      .select('id')
      .where('id', 'like', 'shared %')
      .orderBy('id')
      .execute()
    expect(broken).toBe(true)
    expect(rows.map(({ id }) => id)).toEqual(names)
  })

  test('a stopped server is reported, and found again', async () => {
    await server.stop()
    await expect(main.ping()).rejects.toThrow(/ECONNREFUSED|terminat/)
    await expect(openStores({ url: server.url })).rejects.toThrow(/ECONNREFUSED/)
    await server.start()
    await main.ping()
  }, 30_000)
})

describe('one database', () => {
  let database: TestDatabase
  let stores: Stores
  let main: Store<TestSchema>

  beforeAll(async () => {
    database = await freshDatabase('postgres', { empty: true })
    if (!('url' in database.options)) throw new Error('not Postgres')
    const timeouts = { statement: 300, idle: 150, lock: 50 }
    ;({ stores, main } = await openTestSchema({ ...database.options, timeouts }))
    await main.write(async (tx) => {
      await insert(tx, 'a')
      await insert(tx, 'b')
      await insert(tx, 'c')
    })
  })
  afterAll(async () => {
    await stores.close()
    await database.remove()
  })

  test('each store has its schema', async () => {
    const schema = sql<{ name: string }>`select current_schema() as name`
    expect((await schema.execute(stores.main.reader)).rows).toEqual([{ name: 'steward' }])
    expect((await schema.execute(stores.telemetry.reader)).rows).toEqual([{ name: 'steward_telemetry' }])
  })

  test('writes that come together share their commits', async () => {
    const names = Array.from({ length: 100 }, (_, i) => `together ${i}`)
    const options = { turn: 'a', together: 'a' }
    const commits = await Promise.all(
      names.map((id) =>
        main.write(async (tx) => {
          await insert(tx, id)
          return (await sql<{ id: string }>`select pg_current_xact_id()::text as id`.execute(tx)).rows[0]?.id
        }, options),
      ),
    )
    expect(new Set(commits).size).toBeLessThan(20)
  })

  test('long statements, idle transactions and lock waits end', async () => {
    const long = sql`select pg_sleep(5)`.execute(main.reader)
    await expect(long).rejects.toThrow(/statement timeout/)
    await expect(long).rejects.toSatisfy(isBusy)
    const idle = main.write(async (tx) => {
      await insert(tx, 'idle')
      await sleep(1000)
      await insert(tx, 'idle too')
    })
    await expect(idle).rejects.toThrow(/idle-in-transaction|terminated|connection error/)
    const held = Promise.withResolvers<void>()
    const waiting = { isLocked: true }
    const holding = main.write(async (tx) => {
      await bump(tx, 'c')
      held.resolve()
      // Holds the row as long as the other one waits, and is never idle meanwhile.
      while (waiting.isLocked) await sql`select pg_sleep(0.01)`.execute(tx)
      await bump(tx, 'c')
    })
    await held.promise
    const locked = main.write((tx) => bump(tx, 'c'))
    await expect(locked).rejects.toThrow(/lock timeout/)
    await expect(locked).rejects.toSatisfy(isBusy)
    waiting.isLocked = false
    await holding
    expect((await findThing.first(main.reader, { id: 'c' }))?.size).toBe(2)
    expect(await findThing.first(main.reader, { id: 'idle' })).toBeUndefined()
  }, 15_000)

  test('a connection serves the next call too, whatever the last one did', async () => {
    const pid = sql<{ pid: number }>`select pg_backend_pid() as pid`
    const ask = async (db: Reader<TestSchema>): Promise<number | undefined> => (await pid.execute(db)).rows[0]?.pid
    const reading = await ask(main.reader)
    expect(await main.snapshot(ask)).toBe(reading)
    for await (const row of main.reader.selectFrom('thing').select('id').stream(1)) expect(row.id).not.toBe('')
    await expect(sql`select 1 / 0`.execute(main.reader)).rejects.toThrow(/division/)
    await expect(main.snapshot((db) => sql`select 1 / 0`.execute(db))).rejects.toThrow(/division/)
    expect(await ask(main.reader)).toBe(reading)
    const writing = await main.write(ask)
    expect(await main.write(ask)).toBe(writing)
    await expect(main.write((tx) => sql`select 1 / 0`.execute(tx))).rejects.toThrow(/division/)
    expect(await main.write(ask)).toBe(writing)
  })

  test.each([
    [undefined, 8, 8],
    [{ read: 3 }, 3, 8],
    [{ write: 2 }, 8, 2],
  ])('with a pool of %o it reads on at most %i connections and writes on %i', async (pool, reading, writing) => {
    const { url } = database.options as { url: string }
    const own = await openTestSchema({ url, ...(pool ? { pool } : {}) })
    const pid = sql<{ pid: number }>`select pg_backend_pid() as pid`
    const used = async (ask: () => Promise<{ rows: { pid: number }[] }>): Promise<number> => {
      const answers = await Promise.all(Array.from({ length: 12 }, ask))
      return new Set(answers.map(({ rows }) => rows[0]?.pid)).size
    }
    expect(await used(() => pid.execute(own.main.reader))).toBe(reading)
    expect(await used(() => own.main.write((tx) => pid.execute(tx)))).toBe(writing)
    await own.stores.close()
  })

  test('two writes that deadlock both succeed', async () => {
    const patient = await openTestSchema(database.options)
    const runs = { count: 0 }
    const crossing = (one: string, other: string): Promise<void> =>
      patient.main.write(async (tx) => {
        runs.count += 1
        await bump(tx, one)
        await sleep(100)
        await bump(tx, other)
      })
    await Promise.all([crossing('a', 'b'), crossing('b', 'a')])
    await patient.stores.close()
    expect(runs.count).toBe(3)
    const sizes = await main.reader.selectFrom('thing').select('size').where('id', 'in', ['a', 'b']).execute()
    expect(sizes).toEqual([{ size: 2 }, { size: 2 }])
  }, 15_000)
})
