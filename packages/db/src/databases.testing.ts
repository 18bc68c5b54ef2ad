import { randomUUID } from 'node:crypto'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import pg from 'pg'
import { afterAll, describe, inject, onTestFinished } from 'vitest'

import type { Engine } from './dialect/portable.ts'
import { migrate } from './migrate.ts'
import { openStores, type OpenOptions } from './dialect/open.ts'
import { attachStoreAdmin, storeAdminOf } from './store-admin.ts'
import type { Store, Stores } from './store.ts'

export { addLedgers, type CountedSchema, type RecordedTables } from './ledgers.testing.ts'
export { mainMigrations } from './migrations/index.ts'
export { coin, isFull, runs, shareSeed } from './share.testing.ts'
export { startPostgres, writesEnded, type PostgresServer } from './postgres.testing.ts'

const template = 'steward_template'
const migrationTable = 'schema_migration'
const now = (): Date => new Date('2026-01-01T00:00:00.000Z')

/** Databases of a test's own: a folder with SQLite files, or a Postgres database. */
export interface TestDatabase {
  readonly options: OpenOptions
  /** Close everything opened there first. */
  remove(): Promise<void>
}

/** A database of the test's own, migrated unless it should be empty. For tests that open it more than once. */
export async function freshDatabase(engine: Engine, { empty = false } = {}): Promise<TestDatabase> {
  return engine === 'sqlite' ? freshFolder(empty) : freshPostgres(empty)
}

/**
 * Describes `suite` twice: on SQLite files and on Postgres. `open` gives migrated stores of their own,
 * closed and deleted after the test (or, when opened outside a test, after the suite).
 */
export function eachDialect(name: string, suite: (open: () => Promise<Stores>, engine: Engine) => void): void {
  describe.each(['sqlite', 'postgres'] as const)(`${name} (%s)`, (engine) => {
    const leftovers: (() => Promise<void>)[] = []
    afterAll(async () => {
      for (const close of leftovers) await close()
    })
    const open = async (): Promise<Stores> => {
      const opened = engine === 'sqlite' ? await openFolder() : await lentStores()
      const close = (): Promise<void> => opened.close()
      try {
        onTestFinished(close)
      } catch {
        leftovers.push(close)
      }
      return opened.stores
    }
    suite(open, engine)
  })
}

async function freshFolder(empty: boolean): Promise<TestDatabase> {
  const folder = mkdtempSync(join(tmpdir(), 'steward-test-'))
  const options = { folder }
  if (!empty) cpSync(inject('stewardTemplate'), folder, { recursive: true })
  return { options, remove: async () => rmSync(folder, { recursive: true, force: true }) }
}

async function freshPostgres(empty: boolean): Promise<ReturnType<typeof postgresDatabase>> {
  const server = inject('stewardPostgres')
  const name = `test_${randomUUID().replaceAll('-', '')}`
  await asAdministrator(server, async (client) => {
    if (!empty) await makeTemplate(client, server)
    await client.query(`create database ${name}${empty ? '' : ` template ${template}`}`)
  })
  return postgresDatabase(server, name)
}

function postgresDatabase(server: string, name: string): TestDatabase & { options: { url: string } } {
  return {
    options: { url: databaseUrl(server, name), pool: { read: 4, write: 4 } },
    remove: () => asAdministrator(server, (client) => client.query(`drop database ${name} with (force)`)),
  }
}

interface OpenDatabase {
  stores: Stores
  close(): Promise<void>
}

async function openFolder(): Promise<OpenDatabase> {
  const database = await freshFolder(false)
  const stores = await openStores(database.options)
  const close = async (): Promise<void> => {
    await stores.close()
    await database.remove()
  }
  return { stores, close }
}

interface Lendable {
  stores: Stores
  /** Empties what a test has left. */
  admin: pg.Client
}
const idle: Lendable[] = []

/** Migrated stores that an earlier test of this worker has left, emptied: much quicker than a database and connections anew. */
async function lentStores(): Promise<OpenDatabase> {
  const lendable = idle.pop() ?? (await newLendable())
  const { stores, admin } = lendable
  const [main, telemetry] = [lend(stores.main), lend(stores.telemetry)]
  const takeBack = async (): Promise<void> => {
    await Promise.all([main.end(), telemetry.end()])
  }
  let isClosed = false
  const lent: Stores = {
    ...stores,
    main: main.store,
    telemetry: telemetry.store,
    close: async () => {
      isClosed = true
      await takeBack()
      await stores.close()
    },
  }
  const close = async (): Promise<void> => {
    await takeBack()
    if (isClosed) return admin.end()
    await emptyAllTables(admin)
    idle.push(lendable)
  }
  return { stores: lent, close }
}

/** A store for one test: what the test replaces stays on it. `end` waits for what is under way and closes it to the rest. */
function lend<DB>(store: Store<DB>): { store: Store<DB>; end(): Promise<void> } {
  let isOver = false
  const closed = (): Error => new Error('The store is closed: its test has ended.')
  const underWay = new Set<unknown>()
  const call = async (key: PropertyKey, args: unknown[]): Promise<unknown> => {
    if (isOver) throw closed()
    const answer: unknown = Reflect.apply(Reflect.get(store, key) as () => unknown, store, args)
    underWay.add(answer)
    try {
      return await answer
    } finally {
      underWay.delete(answer)
    }
  }
  const layer = {}
  for (let at: object = store; at !== Object.prototype; at = Object.getPrototypeOf(at) as object)
    for (const key of Reflect.ownKeys(at).filter((name) => name !== 'constructor' && !Object.hasOwn(layer, name))) {
      const isMethod = typeof Reflect.getOwnPropertyDescriptor(at, key)?.value === 'function'
      const get = (): unknown => {
        if (isOver) throw closed()
        return Reflect.get(store, key, store)
      }
      const set = (value: unknown): void => void Object.defineProperty(layer, key, { value })
      const method = { value: (...args: unknown[]) => call(key, args), writable: true }
      Object.defineProperty(layer, key, { configurable: true, enumerable: true, ...(isMethod ? method : { get, set }) })
    }
  attachStoreAdmin(layer, storeAdminOf(store))
  const end = async (): Promise<void> => {
    isOver = true
    await Promise.allSettled(underWay)
  }
  return { store: layer as Store<DB>, end }
}

async function newLendable(): Promise<Lendable> {
  const { options } = await freshPostgres(false)
  const stores = await openStores(options)
  const admin = new pg.Client({ connectionString: options.url })
  admin.on('error', () => {})
  await admin.connect()
  return { stores, admin }
}

/** Empties every table but the runner's own, past triggers and foreign keys. */
async function emptyAllTables(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    `select format('%I.%I', schemaname, tablename) as name from pg_tables
     where schemaname like 'steward%' and tablename <> $1`,
    [migrationTable],
  )
  const deletions = rows.map(({ name }) => `delete from ${name};`).join(' ')
  await client.query(`set session_replication_role = replica; ${deletions}`)
}

/** The first to come migrates a database that all others copy: milliseconds instead of a migration each. */
async function makeTemplate(client: pg.Client, server: string): Promise<void> {
  await client.query('select pg_advisory_lock(1)')
  try {
    const found = await client.query('select 1 from pg_database where datname = $1', [template])
    if (found.rowCount) return
    await client.query(`drop database if exists ${template}_draft`)
    await client.query(`create database ${template}_draft`)
    await migrated({ url: databaseUrl(server, `${template}_draft`) })
    await client.query(`alter database ${template}_draft rename to ${template}`)
  } finally {
    await client.query('select pg_advisory_unlock(1)')
  }
}

async function migrated(options: OpenOptions): Promise<void> {
  const stores = await openStores(options)
  try {
    await migrate(stores, { now })
  } finally {
    await stores.close()
  }
}

async function asAdministrator(server: string, fn: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: server })
  client.on('error', () => {})
  await client.connect()
  try {
    await fn(client)
  } finally {
    await client.end()
  }
}

function databaseUrl(server: string, name: string): string {
  const url = new URL(server)
  url.pathname = name
  return url.href
}
