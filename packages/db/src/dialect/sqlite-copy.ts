import { closeSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'

import Database from 'better-sqlite3'

import { DamagedDatabase } from '../errors.ts'
import { openReader, type SqliteKind } from './sqlite.ts'

/**
 * Writes a compact copy of one moment to `file`, checks it and only then gives it its name.
 * `database` must not be in a transaction. @throws DamagedDatabase
 */
export function verifiedCopy(database: Database.Database, file: string, kind: SqliteKind): void {
  const partial = `${file}.partial`
  rmSync(partial, { force: true })
  // VACUUM INTO takes an empty file as its target, which keeps the copy readable by its owner only.
  closeSync(openSync(partial, 'wx', 0o600))
  try {
    database.prepare('vacuum into ?').run(partial)
    checkDatabase(partial, kind)
    syncToDisk(partial)
    renameSync(partial, file)
    syncToDisk(dirname(file))
  } catch (error) {
    rmSync(partial, { force: true })
    throw error
  }
}

/** Resolves the number of migrations in the file. @throws ForeignFile @throws DamagedDatabase */
export function checkDatabase(file: string, kind: SqliteKind): number {
  const copy = openReader(file, kind)
  try {
    const verdict = copy.pragma('quick_check', { simple: true })
    if (verdict !== 'ok') throw new DamagedDatabase(`${file} is damaged: ${String(verdict)}`)
    return Number(copy.pragma('user_version', { simple: true }))
  } finally {
    copy.close()
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
