import { join } from 'node:path'

import type { PostgresOptions } from './postgres.ts'
import { postgresKinds } from './postgres-settings.ts'
import { PostgresStore } from './postgres-store.ts'
import { sqliteKinds, type SqliteKind } from './sqlite.ts'
import { refuseDamage } from './sqlite-damage.ts'
import { SqliteStore } from './sqlite-store.ts'
import { codeOf, retrying } from '../retry.ts'
import type { Store, Stores } from '../store.ts'
import type { MainSchema, TelemetrySchema } from '../tables/index.ts'

/** SQLite in a folder (`steward.db`, `telemetry.db`), or Postgres (schemas `steward`, `steward_telemetry`). */
export type OpenOptions = { readonly folder: string } | PostgresOptions

/**
 * Opens both stores of an installation. It does not create tables: see `migrate`.
 * @throws ForeignFile @throws DamagedDatabase @throws UnsafeSqlite (SQLite). A damaged file is not changed.
 * @throws UnsafePostgres when a connection is not set as we need it.
 * @throws the server's error when Postgres does not answer within ten seconds.
 */
export async function openStores(options: OpenOptions): Promise<Stores> {
  return 'url' in options ? openPostgres(options) : openSqlite(options.folder)
}

async function openSqlite(folder: string): Promise<Stores> {
  const main = await openFile<MainSchema>(folder, sqliteKinds.main)
  try {
    return pair('sqlite', main, await openFile<TelemetrySchema>(folder, sqliteKinds.telemetry))
  } catch (error) {
    await main.close()
    throw error
  }
}

/** Two processes that make the same new file at once meet each other's locks. */
function openFile<DB>(folder: string, kind: SqliteKind): Promise<SqliteStore<DB>> {
  const when = (error: unknown): boolean => codeOf(error).startsWith('SQLITE_BUSY')
  return retrying({ attempts: 10, pause: 20, when }, async () => {
    refuseDamage(join(folder, kind.file), kind)
    return new SqliteStore<DB>(folder, kind)
  })
}

async function openPostgres(options: PostgresOptions): Promise<Stores> {
  const main = new PostgresStore<MainSchema>(options, postgresKinds.main)
  const telemetry = new PostgresStore<TelemetrySchema>(options, postgresKinds.telemetry)
  const stores = pair('postgres', main, telemetry)
  try {
    // Every connection is looked at when it is made; what a pooler drops it drops of this one too.
    await main.ping()
    return stores
  } catch (error) {
    await stores.close()
    throw error
  }
}

function pair(engine: Stores['engine'], main: Store<MainSchema>, telemetry: Store<TelemetrySchema>): Stores {
  const close = async (): Promise<void> => {
    await Promise.all([main.close(), telemetry.close()])
  }
  return { engine, isShared: engine === 'postgres', main, telemetry, close }
}
