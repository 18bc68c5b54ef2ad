import { installationFileName, isHash } from '@steward/api/server'
import { databaseFileName, mainSchema, type Stores } from '@steward/db'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { InstallationFault } from './installation-fault.ts'
import { backupFolderName, blobFolderName, keyFileName, type Place } from './place.ts'

/*
 * A database makes the rest of a data folder: the key, the blobs and the copies are made after it. So where they are and
 * it is not, it was lost, and making a new one in its place would make garbage of them.
 */

/** Whether the embedded database of this folder is missing or empty. */
export function lacksDatabase(folder: string): boolean {
  const file = join(folder, databaseFileName)
  return !existsSync(file) || statSync(file).size === 0
}

/** For an embedded database, before it is opened. @throws InstallationFault where there is none beside what belongs to one. */
export function refuseLostDatabase(place: Place): void {
  const { dataFolder } = place
  if (!lacksDatabase(dataFolder)) return
  const remains = remainsIn(dataFolder)
  // Another process may be making a new installation just now: then its database came before all else.
  if (remains.length === 0 || !lacksDatabase(dataFolder)) return
  const file = join(dataFolder, databaseFileName)
  throw lost(place, `${file} is ${existsSync(file) ? 'empty' : 'missing'}`, remains)
}

/** For an open database. @throws InstallationFault for one without tables, where the folder holds what belongs to one with tables. */
export async function refuseEmptiedDatabase(place: Place, stores: Stores): Promise<void> {
  const isEmpty = async (): Promise<boolean> => (await mainSchema(stores)).applied.length === 0
  if (!(await isEmpty())) return
  const remains = remainsIn(place.dataFolder)
  if (remains.length > 0 && (await isEmpty())) throw lost(place, 'The database has no Steward installation', remains)
}

function lost(place: Place, what: string, remains: readonly string[]): InstallationFault {
  const message = `${what}, but files that belong to one were found: ${remains.join(', ')}. Nothing was changed, and no new database was created.`
  return new InstallationFault('lost', place, message)
}

/** What in the folder belongs to a database that should be there, as people see it. */
export function remainsIn(folder: string): string[] {
  const has = (name: string): boolean => existsSync(join(folder, name))
  const log = `${databaseFileName}-wal`
  const blobs = blobsIn(join(folder, blobFolderName))
  const copies = has(backupFolderName)
    ? readdirSync(join(folder, backupFolderName)).filter((name) => name.endsWith('.db')).length
    : 0
  return [
    has(keyFileName) ? `the key ${keyFileName}` : '',
    has(log) && statSync(join(folder, log)).size > 0 ? `the database's log ${log}` : '',
    blobs > 0 ? `${blobs} ${blobs === 1 ? 'file' : 'files'} of bot code in ${blobFolderName}` : '',
    has(installationFileName) || has(join(blobFolderName, installationFileName)) ? 'the id of an installation' : '',
    copies > 0 ? `${copies} ${copies === 1 ? 'copy' : 'copies'} of the database in ${backupFolderName}` : '',
  ].filter((one) => one !== '')
}

function blobsIn(folder: string): number {
  if (!existsSync(folder)) return 0
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => isHash(path.slice(-64))).length
}
