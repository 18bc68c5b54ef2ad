import {
  InstallationFault,
  keyFileName,
  readKeyAt,
  restoreBackup,
  restoreDatabase,
  type Restored,
} from '@steward/installation'
import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { placeOf } from './local-app.ts'

/**
 * Puts a backup in the place of the data in `data`, which no process may have open. `from` is a folder that a backup was
 * written to, or one file that was kept before a migration. What was there before stays in a folder beside.
 * @throws DamagedDatabase, ForeignFile, SchemaTooNew, RestoreRefused, or InstallationFault for a damaged key. Nothing is changed then.
 */
export async function bringBack(data: string, from: string, now: () => Date): Promise<Restored> {
  const place = placeOf(data)
  if (!statSync(from).isDirectory()) return restoreDatabase(place, from, { now })
  const key = join(from, keyFileName)
  if (existsSync(key) && readKeyAt(key) === null)
    throw new InstallationFault('key-damaged', placeOf(from), `The key file ${key} is damaged. Put your copy back.`)
  return restoreBackup(place, from, { now, overwrite: true })
}
