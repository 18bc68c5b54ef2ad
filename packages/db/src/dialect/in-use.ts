import { existsSync } from 'node:fs'
import { join } from 'node:path'

import Database from 'better-sqlite3'

import { openPool } from './postgres.ts'
import { postgresKinds } from './postgres-settings.ts'
import { sqliteKinds } from './sqlite.ts'
import type { OpenOptions } from './open.ts'
import { codeOf } from '../retry.ts'

/**
 * Whether other processes have the main database open; what this one has open counts too. On Postgres the connections of
 * others with our name tell, of which a pooler in between may keep some that nobody uses any more.
 * @throws the server's error when Postgres does not answer.
 */
export async function isInUse(options: OpenOptions): Promise<boolean> {
  return 'url' in options ? hasConnections(options) : isOpened(join(options.folder, sqliteKinds.main.file))
}

/** A database of its own is had by whoever is alone with it. */
function isOpened(file: string): boolean {
  if (!existsSync(file)) return false
  const database = new Database(file, { timeout: 200 })
  try {
    database.pragma('locking_mode = exclusive')
    database.exec('begin exclusive; rollback')
    return false
  } catch (error) {
    if (codeOf(error).startsWith('SQLITE_BUSY')) return true
    // What else is wrong with it is told by whoever opens it.
    return false
  } finally {
    database.close()
  }
}

async function hasConnections(options: Exclude<OpenOptions, { folder: string }>): Promise<boolean> {
  const pool = openPool({ ...options, pool: { read: 1 } }, postgresKinds.main, 'read')
  try {
    const client = await pool.connect()
    try {
      const { rowCount } = await client.query(
        `select 1 from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()
         and application_name like 'steward %' limit 1`,
      )
      return rowCount !== 0
    } finally {
      client.release()
    }
  } finally {
    await pool.end()
  }
}
