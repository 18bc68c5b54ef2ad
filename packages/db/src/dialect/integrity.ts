import { sql } from 'kysely'

import { mainMigrations, telemetryMigrations } from '../migrations/index.ts'
import type { Reader, Store, Stores } from '../store.ts'
import type { Engine } from './portable.ts'

/** Migrations that are applied, that this version would still apply, and that it does not know. */
export interface SchemaState {
  readonly applied: readonly string[]
  readonly pending: readonly string[]
  readonly unknown: readonly string[]
}

/** What a store says of its own health. Nothing is changed by asking. */
export interface Integrity {
  readonly store: 'main' | 'telemetry'
  readonly engine: Engine
  /** The engine as people call it. */
  readonly product: string
  /** Of the library or the server, such as `3.51.3` or `18.1`. */
  readonly version: string
  readonly schema: SchemaState
  /** What the engine finds damaged: pages, indexes, rows without their parent. Empty when all is well. */
  readonly damage: readonly string[]
  /** What it says that there is none: 'pages and references are intact'. */
  readonly soundness: string
}

const shown = 10

const words: Record<Engine, Pick<Integrity, 'product' | 'soundness'>> = {
  sqlite: { product: 'SQLite', soundness: 'pages and references are intact' },
  postgres: { product: 'PostgreSQL', soundness: 'indexes and constraints are valid' },
}

/** Asks both stores. Reads every page of an SQLite file, so it takes seconds on a large one. */
export async function checkIntegrity(stores: Stores): Promise<readonly Integrity[]> {
  return [
    await checkStore(stores.main, 'main', mainMigrations),
    await checkStore(stores.telemetry, 'telemetry', telemetryMigrations),
  ]
}

// oxlint-disable-next-line max-params
async function checkStore<DB>(
  { engine, reader }: Store<DB>,
  store: Integrity['store'],
  steps: readonly { readonly name: string }[],
): Promise<Integrity> {
  return {
    store,
    engine,
    ...words[engine],
    version: await textOf(reader, engine === 'sqlite' ? 'select sqlite_version() as found' : 'show server_version'),
    schema: stateOf(await appliedTo(reader, engine), steps),
    damage: engine === 'sqlite' ? await sqliteDamage(reader) : await postgresDamage(reader),
  }
}

/** Which migrations the main store has: quick, and nothing is changed. */
export async function mainSchema({ main }: Stores): Promise<SchemaState> {
  return stateOf(await appliedTo(main.reader, main.engine), mainMigrations)
}

function stateOf(applied: string[], steps: readonly { readonly name: string }[]): SchemaState {
  const known = steps.map((step) => step.name)
  return {
    applied,
    pending: known.filter((name) => !applied.includes(name)),
    unknown: applied.filter((name) => !known.includes(name)),
  }
}

async function textOf<DB>(reader: Reader<DB>, query: string): Promise<string> {
  const [row] = (await sql.raw<Record<string, unknown>>(query).execute(reader)).rows
  return String(Object.values(row ?? {})[0])
}

async function appliedTo<DB>(reader: Reader<DB>, engine: Engine): Promise<string[]> {
  const there =
    engine === 'sqlite'
      ? sql`select 1 from sqlite_schema where name = 'schema_migration'`
      : sql`select 1 where to_regclass('schema_migration') is not null`
  if ((await there.execute(reader)).rows.length === 0) return []
  const { rows } = await sql<{ name: string }>`select name from schema_migration order by name`.execute(reader)
  return rows.map((row) => row.name)
}

async function sqliteDamage<DB>(reader: Reader<DB>): Promise<string[]> {
  const pages = await sql<{ found: string }>`select quick_check as found from pragma_quick_check`.execute(reader)
  const orphans = await sql<{ table: string; parent: string; rows: number }>`
    select "table", parent, count(*) as rows from pragma_foreign_key_check group by 1, 2`.execute(reader)
  return [
    ...pages.rows.map((row) => row.found).filter((found) => found !== 'ok'),
    ...orphans.rows.map((row) => `${row.rows} rows of ${row.table} refer to a ${row.parent} that does not exist`),
  ].slice(0, shown)
}

/** Postgres keeps its pages and references itself; what it can tell are indexes and constraints it does not trust. */
async function postgresDamage<DB>(reader: Reader<DB>): Promise<string[]> {
  const { rows } = await sql<{ found: string }>`
    select 'the index ' || indexrelid::regclass || ' is not valid' as found
      from pg_index join pg_class on pg_class.oid = indexrelid
      where not indisvalid and relnamespace = current_schema()::regnamespace
    union all
    select 'the constraint ' || conname || ' was never validated'
      from pg_constraint where not convalidated and connamespace = current_schema()::regnamespace`.execute(reader)
  return rows.map((row) => row.found).slice(0, shown)
}
