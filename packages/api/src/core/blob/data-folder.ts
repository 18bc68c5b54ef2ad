import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { mainSchema, type Stores } from '@steward/db'
import { isHash } from './blob-bytes.ts'

/*
 * What lies in the data folder of an installation, server and desktop alike. A database makes the rest: the key, the
 * blobs and the copies are made after it. So where they are and it is not, it was lost, and making a new one in its
 * place would make garbage of them.
 */

export const databaseFileName = 'steward.db'
export const telemetryFileName = 'telemetry.db'
export const keyFileName = 'secret.key'
export const blobFolderName = 'blobs'
/** Where embedded databases are copied before a migration. */
export const backupFolderName = 'backups'
/** Holds the installation's id: in the blob folder, and in the data folder where the database lies elsewhere. */
export const installationFileName = 'installation'

/** There is no database, or an empty one, beside what belongs to one. Nothing was changed. */
export class LostDatabase extends Error {
  override readonly name = 'LostDatabase'
  readonly remains: readonly string[]
  constructor(database: string, remains: readonly string[]) {
    super(
      `${database}, but what belongs to one is there: ${remains.join(', ')}. ` +
        'Nothing was changed, and no new one is made in its place.',
    )
    this.remains = remains
  }
}

/** Whether the embedded database of this folder is missing or empty. */
export function lacksDatabase(folder: string): boolean {
  const file = join(folder, databaseFileName)
  return !existsSync(file) || statSync(file).size === 0
}

/** @throws LostDatabase where there is no database beside what belongs to one. For an embedded one, before it is opened. */
export function refuseLostDatabase(folder: string): void {
  if (!lacksDatabase(folder)) return
  const remains = remainsIn(folder)
  // Another process may be making a new installation just now: then its database came before all else.
  if (remains.length === 0 || !lacksDatabase(folder)) return
  const file = join(folder, databaseFileName)
  throw new LostDatabase(`${file} is ${existsSync(file) ? 'empty' : 'missing'}`, remains)
}

/** For a database that is open: one without tables. @throws LostDatabase where the folder holds what belongs to one with tables. */
export async function refuseEmptiedDatabase(folder: string, stores: Stores): Promise<void> {
  const isEmpty = async (): Promise<boolean> => (await mainSchema(stores)).applied.length === 0
  if (!(await isEmpty())) return
  const remains = remainsIn(folder)
  if (remains.length > 0 && (await isEmpty())) throw new LostDatabase('The database holds no Steward', remains)
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
    blobs > 0 ? `${blobs} ${blobs === 1 ? 'file' : 'files'} of bots' code in ${blobFolderName}` : '',
    has(installationFileName) || has(join(blobFolderName, installationFileName)) ? 'the name of an installation' : '',
    copies > 0 ? `${copies} ${copies === 1 ? 'copy' : 'copies'} of the database in ${backupFolderName}` : '',
  ].filter((one) => one !== '')
}

function blobsIn(folder: string): number {
  if (!existsSync(folder)) return 0
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => isHash(path.slice(-64))).length
}
