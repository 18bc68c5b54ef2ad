import { closeSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'

import Database from 'better-sqlite3'

import { CopyFailed, DamagedDatabase } from '../errors.ts'
import { codeOf } from '../retry.ts'
import { openReader, type SqliteKind } from './sqlite.ts'

/**
 * Writes a compact copy of one moment to `file`, checks it and only then gives it its name.
 * `database` must not be in a transaction. @returns the number of migrations in it.
 * @throws DamagedDatabase @throws CopyFailed
 */
export function verifiedCopy(database: Database.Database, file: string, kind: SqliteKind): number {
  const partial = `${file}.partial`
  rmSync(partial, { force: true })
  // VACUUM INTO takes an empty file as its target, which keeps the copy readable by its owner only.
  closeSync(openSync(partial, 'wx', 0o600))
  try {
    vacuumInto(database, partial)
    const migrations = checkDatabase(partial, kind)
    syncToDisk(partial)
    renameSync(partial, file)
    syncToDisk(dirname(file))
    return migrations
  } catch (error) {
    rmSync(partial, { force: true })
    throw error
  }
}

/** `verifiedCopy` of a file that this process has not open. @throws DamagedDatabase @throws ForeignFile @throws CopyFailed */
export function copyUnopened(source: string, target: string, kind: SqliteKind): number {
  const database = openReader(source, kind)
  try {
    // The connection cannot write to its file anyway; this would keep it from writing the copy.
    database.pragma('query_only = 0')
    return verifiedCopy(database, target, kind)
  } catch (error) {
    if (codeOf(error).startsWith('SQLITE_CORRUPT')) throw new DamagedDatabase(`${source} is damaged.`, { cause: error })
    throw error
  } finally {
    database.close()
  }
}

/** SQLite says what went wrong, but not with which of the two files. */
function vacuumInto(database: Database.Database, file: string): void {
  try {
    database.prepare('vacuum into ?').run(file)
  } catch (error) {
    const why = { SQLITE_FULL: 'the disk is full', SQLITE_CANTOPEN: 'it cannot be opened' }[codeOf(error)]
    throw why === undefined ? error : new CopyFailed(`The copy ${file} cannot be written: ${why}.`, { cause: error })
  }
}

/** Resolves the number of migrations in the file. @throws ForeignFile @throws DamagedDatabase */
export function checkDatabase(file: string, kind: SqliteKind): number {
  let copy: Database.Database | undefined
  try {
    copy = openReader(file, kind)
    const verdict = copy.pragma('quick_check', { simple: true })
    if (verdict !== 'ok') throw new DamagedDatabase(`${file} is damaged: ${String(verdict)}`)
    return Number(copy.pragma('user_version', { simple: true }))
  } catch (error) {
    if (codeOf(error).startsWith('SQLITE_CORRUPT')) throw new DamagedDatabase(`${file} is damaged.`, { cause: error })
    throw error
  } finally {
    copy?.close()
  }
}

/** For files no connection has open: closing the descriptor drops this process's locks on the file. */
export function syncToDisk(path: string): void {
  // Windows can neither open a folder nor sync through a descriptor that only reads.
  if (process.platform === 'win32') return
  const descriptor = openSync(path, 'r')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}
