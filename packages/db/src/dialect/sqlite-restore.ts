import { chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'

import Database from 'better-sqlite3'

import { DamagedDatabase, RestoreRefused, SchemaTooNew } from '../errors.ts'
import { mainMigrations, telemetryMigrations } from '../migrations/index.ts'
import { codeOf } from '../retry.ts'
import { checkDatabase, copyUnopened, syncToDisk } from './sqlite-copy.ts'
import { sqliteKinds, type SqliteKind } from './sqlite.ts'

const kinds: readonly SqliteKind[] = [sqliteKinds.main, sqliteKinds.telemetry]
const newest = { main: mainMigrations.length, telemetry: telemetryMigrations.length }

export interface RestoreOptions {
  readonly now: () => Date
  /** Replace databases that are there already; they are kept in a folder beside. */
  readonly overwrite?: boolean
}

/**
 * Puts the backup in `from` into the data folder `folder`. Steward must be stopped there. What lies there may be
 * damaged: it is moved aside as it is, with what belongs to it.
 * @returns the folder the former files were moved to, if there were any.
 * @throws RestoreRefused when databases exist and `overwrite` is not set, or are in use.
 * @throws DamagedDatabase @throws ForeignFile @throws SchemaTooNew for a bad backup. Nothing is changed.
 */
export function restore(
  folder: string,
  from: string,
  { now, overwrite = false }: RestoreOptions,
): { readonly kept: string | undefined } {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const existing = kinds.filter(({ file }) => existsSync(join(folder, file)))
  if (existing.length > 0 && !overwrite) throw new RestoreRefused(`${folder} already contains a database.`)
  try {
    for (const kind of kinds) bringIn(folder, from, kind)
    for (const kind of existing) settleUnlessWrecked(join(folder, kind.file))
  } catch (error) {
    for (const { file } of kinds) removeWhole(incoming(folder, file))
    throw error
  }
  // A log without its database would be read into the new one.
  const former = kinds.flatMap(({ file }) => wholeOf(file)).filter((name) => existsSync(join(folder, name)))
  const kept = former.length > 0 ? join(folder, `before-restore-${now().toISOString().replaceAll(':', '')}`) : undefined
  if (kept !== undefined) {
    mkdirSync(kept, { mode: 0o700 })
    for (const name of former) renameSync(join(folder, name), join(kept, name))
  }
  for (const { file } of kinds) renameSync(incoming(folder, file), join(folder, file))
  syncToDisk(folder)
  return { kept }
}

/**
 * Puts one copy of the main store, as `migrate` keeps them, into the data folder; telemetry stays as it is. Otherwise as
 * `restore`.
 * @throws as `restore`.
 */
export function restoreMain(
  folder: string,
  file: string,
  { now }: Pick<RestoreOptions, 'now'>,
): ReturnType<typeof restore> {
  const { main, telemetry } = sqliteKinds
  const stage = mkdtempSync(join(folder, 'restore-'))
  try {
    copyFileSync(file, join(stage, main.file))
    copyUnopened(join(folder, telemetry.file), join(stage, telemetry.file), telemetry)
    return restore(folder, stage, { now, overwrite: true })
  } finally {
    rmSync(stage, { recursive: true, force: true })
  }
}

const incoming = (folder: string, file: string): string => join(folder, `${file}.incoming`)

/** A database file and what SQLite keeps beside it while it is written. */
const besides = (file: string): string[] => [`${file}-wal`, `${file}-shm`, `${file}-journal`]
const wholeOf = (file: string): string[] => [file, ...besides(file)]

function removeWhole(file: string): void {
  for (const name of wholeOf(file)) rmSync(name, { force: true })
}

/**
 * Copies one file of the backup beside its final place and checks the copy. With a log beside it, it is of a data folder,
 * perhaps one in use: then SQLite copies one moment of it, with what the log holds.
 */
function bringIn(folder: string, from: string, kind: SqliteKind): void {
  const source = join(from, kind.file)
  if (!existsSync(source)) throw new DamagedDatabase(`The backup has no ${kind.file}.`)
  const target = incoming(folder, kind.file)
  removeWhole(target)
  const copy = existsSync(`${source}-wal`) ? copyMoment : copyFile
  if (copy(source, target, kind) > newest[kind.label]) throw new SchemaTooNew(kind.label, [])
}

/**
 * As SQLite reads it: the last moment that was written whole. On a disk that is read-only it may not be able to, but
 * there nobody writes either.
 * @returns the number of migrations in it.
 */
function copyMoment(source: string, target: string, kind: SqliteKind): number {
  try {
    return copyUnopened(source, target, kind)
  } catch (error) {
    if (!/^SQLITE_(CANTOPEN|READONLY)/.test(codeOf(error))) throw error
    copyFileSync(`${source}-wal`, `${target}-wal`)
    copyFileSync(source, target)
    settle(target)
    return checkCopy(target, kind)
  }
}

/** @returns the number of migrations in it. */
function copyFile(source: string, target: string, kind: SqliteKind): number {
  copyFileSync(source, target)
  return checkCopy(target, kind)
}

function checkCopy(target: string, kind: SqliteKind): number {
  chmodSync(target, 0o600)
  const migrations = checkDatabase(target, kind)
  // Looking at a database of a data folder leaves an empty log.
  for (const name of besides(target)) rmSync(name, { force: true })
  syncToDisk(target)
  return migrations
}

/** Folds the WAL into the file. Leaving WAL mode needs the file alone: it fails if any process has it open. */
function settle(file: string): void {
  const database = new Database(file, { timeout: 200 })
  try {
    database.pragma('journal_mode = delete')
  } catch (error) {
    if (codeOf(error).startsWith('SQLITE_BUSY')) throw new RestoreRefused(`${file} is in use. Stop Steward first.`)
    throw error
  } finally {
    database.close()
  }
}

/** A wreck cannot be folded; to replace it is what a backup is there for. */
function settleUnlessWrecked(file: string): void {
  try {
    settle(file)
  } catch (error) {
    if (!/^SQLITE_(NOTADB|CORRUPT|IOERR)/.test(codeOf(error))) throw error
  }
}
