import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'

import { sql, type Kysely } from 'kysely'
import pg from 'pg'
import { afterEach, beforeEach, expect, test } from 'vitest'

import { UnsafePostgres } from '../errors.ts'
import { openStores } from './open.ts'
import type { Reader, Stores } from '../store.ts'
import { freshDatabase, type TestDatabase } from '../databases.testing.ts'
import { openTestSchema, thing, type TestSchema } from '../schema.testing.ts'

let database: TestDatabase
let url: string
let administrator: pg.Client
const opened: Stores[] = []

beforeEach(async () => {
  database = await freshDatabase('postgres', { empty: true })
  if (!('url' in database.options)) throw new Error('not Postgres')
  url = database.options.url
  administrator = new pg.Client({ connectionString: url })
  await administrator.connect()
})
afterEach(async () => {
  for (const stores of opened.splice(0)) await stores.close()
  await administrator.end()
  await database.remove()
})

/** Opens and migrates what is at this address; closed after the test. */
async function open(at: string): Promise<Awaited<ReturnType<typeof openTestSchema>>> {
  const made = await openTestSchema({ url: at })
  opened.push(made.stores)
  return made
}

const setting = async <DB>(db: Reader<DB> | Kysely<DB>, name: string): Promise<string | undefined> =>
  (await sql<{ value: string }>`select current_setting(${name}) as value`.execute(db)).rows[0]?.value

test('options of the URL hold beside ours, and never instead of them', async () => {
  const { stores } = await open(`${url}?options=-c%20geqo%3Doff%20-c%20search_path%3Dpublic`)
  expect(await setting(stores.main.reader, 'geqo')).toBe('off')
  expect(await setting(stores.main.library, 'geqo')).toBe('off')
  const { rows } = await administrator.query('select distinct schemaname from pg_tables where schemaname !~ $1', [
    '^(pg_|inf)',
  ])
  expect(rows.map((row: { schemaname: string }) => row.schemaname).toSorted()).toEqual(['steward', 'steward_telemetry'])
  const created = sql`create table public.by_reader (id integer)`.execute(stores.main.reader)
  await expect(created).rejects.toThrow(/read-only/)
})

test.each([
  ['four seconds', 4000],
  ['any time', 0],
])('a statement may take as long as the URL says: %s', async (_, milliseconds) => {
  const { stores } = await open(`${url}?statement_timeout=${milliseconds}`)
  await stores.close()
  const short = await openStores({ url: `${url}?statement_timeout=${milliseconds}`, timeouts: { statement: 10 } })
  opened.push(short)
  await expect(sql`select pg_sleep(2.5)`.execute(short.main.reader)).resolves.toBeDefined()
})

test.each([
  ['search_path', 'public', ''],
  ['default_transaction_read_only', 'off', ' read'],
])('where %s does not hold, nothing is opened', async (name, value, pool) => {
  // At login is when a pooler, too, would have dropped what we asked for.
  await administrator.query(`create function meddle() returns event_trigger language plpgsql as $$ begin
    if current_setting('application_name') like 'steward %${pool}' then perform set_config('${name}', '${value}', false); end if;
  end $$`)
  await administrator.query('create event trigger meddling on login execute function meddle()')
  const failing = openStores({ url })
  await expect(failing).rejects.toThrow(UnsafePostgres)
  await expect(failing).rejects.toThrow(`keeps ${name} at '${value}'`)
})

test('writes on one lane wait for each other where the database asks for more isolation', async () => {
  const { rows } = await administrator.query<{ name: string }>('select current_database() as name')
  await administrator.query(`alter database ${rows[0]?.name} set default_transaction_isolation = 'repeatable read'`)
  const { main } = await open(url)
  await main.write((tx) => tx.insertInto('thing').values(thing('lane')).execute())
  const bump = async (db: Kysely<TestSchema>): Promise<void> => {
    await db
      .updateTable('thing')
      .set((eb) => ({ size: eb('size', '+', 1) }))
      .where('id', '=', 'lane')
      .execute()
    await sleep(5)
  }
  await Promise.all([
    ...Array.from({ length: 40 }, () => main.write(bump)),
    ...Array.from({ length: 10 }, () => main.library.transaction().execute(bump)),
  ])
  expect((await main.reader.selectFrom('thing').select('size').executeTakeFirst())?.size).toBe(50)
})

test('what the main store acknowledges is on disk, also where the server is told otherwise', async () => {
  const { stores } = await open(url)
  const level = 'synchronous_commit'
  expect((await administrator.query(`show ${level}`)).rows).toEqual([{ [level]: 'off' }])
  expect(await stores.main.write((tx) => setting(tx, level))).toBe('on')
  expect(await setting(stores.main.library, level)).toBe('on')
  expect(await stores.telemetry.write((tx) => setting(tx, level))).toBe('off')
  const stricter = await open(`${url}?options=-c%20${level}%3Dremote_apply`)
  expect(await stricter.stores.main.write((tx) => setting(tx, level))).toBe('remote_apply')
})

test('a role that may not make schemas works in those it was given', async () => {
  const role = `app_${randomUUID().replaceAll('-', '')}`
  await administrator.query(`create role ${role} login`)
  await administrator.query(`create schema steward authorization ${role}`)
  await administrator.query(`create schema steward_telemetry authorization ${role}`)
  const { main } = await open(url.replace('postgres@', `${role}@`))
  await main.write((tx) => tx.insertInto('thing').values(thing('mine')).execute())
  expect(await main.reader.selectFrom('thing').select('id').execute()).toEqual([{ id: 'mine' }])
})
