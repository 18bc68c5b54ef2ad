import { closeSync, existsSync, mkdirSync, openSync } from 'node:fs'
import { dirname } from 'node:path'

import Database from 'better-sqlite3'

import { ForeignFile, UnsafeSqlite } from '../errors.ts'
import { codeOf } from '../retry.ts'

/** What tells the two files of an installation from each other and from anyone else's. */
export interface SqliteKind {
  readonly label: 'main' | 'telemetry'
  readonly file: string
  /** Written into the header of the file: four letters. */
  readonly applicationId: number
  /** FULL syncs the WAL at every commit: acknowledged is durable. NORMAL may lose the last commits with the power. */
  readonly synchronous: 'FULL' | 'NORMAL'
}

export const sqliteKinds = {
  main: { label: 'main', file: 'steward.db', applicationId: 0x53_54_57_4d, synchronous: 'FULL' },
  telemetry: { label: 'telemetry', file: 'telemetry.db', applicationId: 0x53_54_57_54, synchronous: 'NORMAL' },
} as const satisfies Record<string, SqliteKind>

/** The file of the main store in a data folder. */
export const databaseFileName = sqliteKinds.main.file
export const telemetryFileName = sqliteKinds.telemetry.file

/** The first version without the WAL-reset race (https://sqlite.org/wal.html, "WAL-reset bug"). */
const oldestSafe = [3, 51, 3] as const

const levels = { NORMAL: 1, FULL: 2 } as const

/** @throws UnsafeSqlite for a version older than 3.51.3. */
export function refuseOldLibrary(version: string): void {
  const found = version.split('.').map(Number)
  for (const [index, least] of oldestSafe.entries()) {
    const part = found[index] ?? 0
    if (part > least) return
    if (part < least)
      throw new UnsafeSqlite(
        `SQLite ${version} can corrupt a database. Version ${oldestSafe.join('.')} or later is needed.`,
      )
  }
}

/**
 * Opens the one writing connection; makes folder and file, readable by their owner only, if there are none.
 * @throws ForeignFile when the file is something else. It is not touched.
 * @throws UnsafeSqlite when the library is too old or a setting does not take.
 */
export function openWriter(path: string, kind: SqliteKind): Database.Database {
  makePrivateFile(path)
  return opened(path, { readonly: false }, (database) => {
    refuseOldLibrary(String(database.prepare('select sqlite_version()').pluck().get()))
    claim(database, path, kind)
    setAll(database, {
      journal_mode: 'wal',
      synchronous: levels[kind.synchronous],
      foreign_keys: 1,
      // What is deleted is overwritten: erased personal data and old secrets must not stay in the file's free pages.
      secure_delete: 1,
      // Pages, 16 MB: what many writes touch goes into the file once. The default of 1000 costs 7 % of all writes.
      wal_autocheckpoint: 4000,
      ...common,
      ...(process.platform === 'darwin' ? { fullfsync: 1, checkpoint_fullfsync: 1 } : {}),
    })
  })
}

/** Opens a connection that can only read. It never waits for a writer. @throws ForeignFile */
export function openReader(path: string, kind: SqliteKind): Database.Database {
  return opened(path, { readonly: true }, (database) => {
    checkIdentity(database, path, kind)
    setAll(database, { ...common, query_only: 1 })
  })
}

/** The longest wait for another process, in milliseconds. */
export const busyTimeout = 5000

const common = { trusted_schema: 0, cell_size_check: 1, busy_timeout: busyTimeout }

function opened(path: string, options: Database.Options, prepare: (database: Database.Database) => void) {
  const database = new Database(path, options)
  try {
    prepare(database)
    return database
  } catch (error) {
    database.close()
    if (codeOf(error) === 'SQLITE_NOTADB') throw new ForeignFile(path, 'it is not a SQLite file', error)
    throw error
  }
}

function makePrivateFile(path: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  // Only ever for a new file: closing a descriptor of a live database would drop this process's locks on it.
  if (!existsSync(path)) closeSync(openSync(path, 'a', 0o600))
}

/** A new, empty file becomes ours. Two processes may both find it empty: they write the same. */
function claim(database: Database.Database, path: string, kind: SqliteKind): void {
  const empty = number(database, 'application_id') === 0 && number(database, 'schema_version') === 0
  if (empty) database.pragma(`application_id = ${kind.applicationId}`)
  checkIdentity(database, path, kind)
}

function checkIdentity(database: Database.Database, path: string, kind: SqliteKind): void {
  const found = number(database, 'application_id')
  if (found === kind.applicationId) return
  const why = found === 0 ? 'it holds other tables' : `its application id is ${found}, not ${kind.applicationId}`
  throw new ForeignFile(path, why)
}

/** Sets each pragma and reads it back: an unknown or refused one is silent in SQLite. @throws UnsafeSqlite */
export function setAll(database: Database.Database, pragmas: Record<string, string | number>): void {
  for (const [name, wanted] of Object.entries(pragmas)) {
    database.pragma(`${name} = ${wanted}`)
    const got = database.pragma(name, { simple: true })
    if (got !== wanted) throw new UnsafeSqlite(`SQLite keeps ${name} at ${String(got)} instead of ${wanted}.`)
  }
}

function number(database: Database.Database, pragma: string): number {
  return Number(database.pragma(pragma, { simple: true }))
}
