import {
  blobFolderName,
  databaseFileName,
  installationFileName,
  keyFileName,
  telemetryFileName,
} from '@steward/api/server'
import { backup, restore, type Stores } from '@steward/db'
import Database from 'better-sqlite3'
import {
  chmodSync,
  constants,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
} from 'node:fs'
import { join } from 'node:path'
import { readKey } from './key.ts'

/**
 * Copies the data of this computer into `target`, while it is in use: databases, bodies of bots, and the key.
 * @throws BackupUnsupported when the folder holds a backup already.
 */
export async function backUp(stores: Stores, data: string, target: string): Promise<void> {
  mkdirSync(target, { recursive: true, mode: 0o700 })
  // Bodies before and after: what the database names was there at its moment, and nothing is missed in between.
  copyBlobs(data, target)
  await backup(stores, target)
  copyBlobs(data, target)
  const key = join(data, keyFileName)
  if (existsSync(key)) copyPrivate(key, join(target, keyFileName))
}

/**
 * Puts a backup in the place of the data in `data`, which no process may have open. `from` is a folder that `backUp`
 * wrote, or one file that was kept before a migration. The former databases stay in a folder beside.
 * @throws DamagedDatabase, ForeignFile, SchemaTooNew, RestoreRefused or KeyProblem. Nothing is changed then.
 */
export function bringBack(data: string, from: string, now: () => Date): void {
  if (!statSync(from).isDirectory()) return bringBackFile(data, from, now)
  const key = join(from, keyFileName)
  if (existsSync(key)) readKey(key)
  restore(data, from, { now, overwrite: true })
  forgetOwner(data)
  copyBlobs(from, data)
  if (existsSync(key)) replaceKey(data, key, now)
}

/** A file kept before a migration is the main store; telemetry is taken as it is now. */
function bringBackFile(data: string, file: string, now: () => Date): void {
  const stage = mkdtempSync(join(data, 'restore-'))
  try {
    copyFileSync(file, join(stage, databaseFileName))
    const telemetry = new Database(join(data, telemetryFileName), { readonly: true })
    try {
      telemetry.prepare('vacuum into ?').run(join(stage, telemetryFileName))
    } finally {
      telemetry.close()
    }
    restore(data, stage, { now, overwrite: true })
    forgetOwner(data)
  } finally {
    rmSync(stage, { recursive: true, force: true })
  }
}

/** Whose the bodies are, the backup tells; one of before that was noted takes the bodies that it names. */
function forgetOwner(data: string): void {
  rmSync(join(data, blobFolderName, installationFileName), { force: true })
}

/** Bodies are named by their content: one that is there is the same. */
function copyBlobs(from: string, to: string): void {
  const source = join(from, blobFolderName)
  if (existsSync(source))
    cpSync(source, join(to, blobFolderName), { recursive: true, force: false, preserveTimestamps: true })
}

/** The data that was sealed with the backup's key needs it; the one before is kept. */
function replaceKey(data: string, key: string, now: () => Date): void {
  const place = join(data, keyFileName)
  if (existsSync(place)) copyPrivate(place, `${place}.before-${now().toISOString().replaceAll(':', '')}`)
  rmSync(place, { force: true })
  copyPrivate(key, place)
}

function copyPrivate(from: string, to: string): void {
  copyFileSync(from, to, constants.COPYFILE_EXCL)
  chmodSync(to, 0o600)
}
