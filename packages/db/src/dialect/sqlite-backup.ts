import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'

import { BackupUnsupported } from '../errors.ts'
import { storeAdminOf } from '../store-admin.ts'
import type { Stores } from '../store.ts'
import { sqliteKinds } from './sqlite.ts'

/**
 * Copies both SQLite stores, while they are in use, into `folder`; each copy is one moment of its
 * store, checked and synced to disk. The main store is copied last, so it is never behind telemetry.
 * @throws BackupUnsupported on Postgres, and when the folder holds a backup already.
 */
export async function backup(stores: Stores, folder: string): Promise<{ readonly files: readonly string[] }> {
  if (stores.engine === 'postgres') {
    throw new BackupUnsupported(
      'Back up a Postgres database with pg_dump, or with your provider’s point-in-time recovery.',
    )
  }
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const main = join(folder, sqliteKinds.main.file)
  const telemetry = join(folder, sqliteKinds.telemetry.file)
  if (existsSync(main) || existsSync(telemetry)) throw new BackupUnsupported(`${folder} already contains a backup.`)
  await storeAdminOf(stores.telemetry).copyTo(telemetry)
  await storeAdminOf(stores.main).copyTo(main)
  return { files: [main, telemetry] }
}
