import { folderBlobs, installationFileName, installationOf, isSecretOf, systemClock } from '@steward/api/server'
import { openStores, restore, restoreMain, type Stores } from '@steward/db'
import { existsSync } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { copyBlobs, missingBlobs } from './blob-copy.ts'
import { readKeyAt } from './key.ts'
import { blobFolderName, keyFileName, keyFileOf, type Place } from './place.ts'
import { copyPrivate } from './private-files.ts'

/**
 * What became of the key: the one from the environment or of the data folder opens the restored databases, the backup's was
 * put in its place, there is none, or the one that is there is another.
 */
export type KeyState = 'environment' | 'present' | 'restored' | 'missing' | 'different'

export interface Restored {
  /** Where what was there before is now; null when there was nothing. */
  kept: string | null
  /** Hashes of blobs that the databases name, and of which there is no sound copy. */
  missing: readonly string[]
}

export interface RestoredBackup extends Restored {
  /** How many blobs the backup held. */
  bodies: number
  key: KeyState
  /** Where the checkpoints kept elsewhere are now; null when there were none. */
  checkpoints: string | null
}

export interface RestoreOptions {
  now: () => Date
  /** Replaces databases and key that are there; they are kept in a folder beside. */
  overwrite?: boolean
  /** A file of audit checkpoints outside the data folder, which may know of a later trail than the backup's. */
  checkpoints?: string | null
}

/**
 * Puts the backup in the folder `from` in the place of an embedded installation, which no process may have open.
 * @throws RestoreRefused when there are databases and `overwrite` is not set, or they are in use.
 * @throws DamagedDatabase @throws ForeignFile @throws SchemaTooNew for a bad backup. Nothing is changed then.
 */
export async function restoreBackup(
  place: Place,
  from: string,
  { now, overwrite = false, checkpoints = null }: RestoreOptions,
): Promise<RestoredBackup> {
  const { dataFolder } = place
  const { kept = null } = restore(dataFolder, from, { now, overwrite })
  const copied = new Set<string>()
  await copyBlobs(join(from, blobFolderName), join(dataFolder, blobFolderName), copied)
  return onStores(dataFolder, async (stores) => ({
    kept,
    bodies: copied.size,
    missing: await claimBlobs(dataFolder, stores, copied),
    checkpoints: await setAside(checkpoints, now()),
    key: await settleKey(place, { from, kept }, stores),
  }))
}

/**
 * The same for one file that was kept before a migration: it is the main store, and all else stays as it is.
 * @throws as `restoreBackup`.
 */
export async function restoreDatabase(
  { dataFolder }: Place,
  file: string,
  { now }: Pick<RestoreOptions, 'now'>,
): Promise<Restored> {
  const { kept = null } = restoreMain(dataFolder, file, { now })
  return onStores(dataFolder, async (stores) => ({ kept, missing: await claimBlobs(dataFolder, stores, new Set()) }))
}

/** They may be of an older version: nothing is migrated. */
async function onStores<T>(folder: string, work: (stores: Stores) => Promise<T>): Promise<T> {
  const stores = await openStores({ folder })
  try {
    return await work(stores)
  } finally {
    await stores.close()
  }
}

/** Whose the blobs are, the databases tell. @returns what is missing of them; `sound` need not be looked at. */
async function claimBlobs(dataFolder: string, stores: Stores, sound: ReadonlySet<string>): Promise<string[]> {
  const folder = join(dataFolder, blobFolderName)
  const blobs = await folderBlobs(folder, systemClock)
  const missing = await missingBlobs(stores, blobs, sound)
  const id = await installationOf(stores)
  // A database of before it bore an id takes the blobs that it names when it is started.
  if (id === null) await rm(join(folder, installationFileName), { force: true })
  else await blobs.claim(id)
  return missing
}

/** What was signed after the backup would make every later verification call the restored trail cut. */
async function setAside(file: string | null, now: Date): Promise<string | null> {
  if (file === null || !existsSync(file)) return null
  const aside = `${file}.before-restore-${now.toISOString().replaceAll(':', '')}`
  await rename(file, aside)
  return aside
}

interface Move {
  /** The backup. */
  from: string
  /** Where the former databases are now; null when there were none. */
  kept: string | null
}

/** Puts the backup's key in place where none fits; the one before goes where its databases went. */
async function settleKey(place: Place, { from, kept }: Move, stores: Stores): Promise<KeyState> {
  const { secretKey } = place
  const [file, theirs] = [keyFileOf(place), join(from, keyFileName)]
  const isThere = existsSync(file)
  const fits = async (key: Uint8Array | null) => key !== null && (await isSecretOf(stores, key)) !== false
  if (await fits(secretKey ?? soundKeyAt(file))) return secretKey ? 'environment' : 'present'
  if (!(await fits(soundKeyAt(theirs)))) return isThere || secretKey ? 'different' : 'missing'
  if (secretKey || (isThere && kept === null)) return 'different'
  if (isThere && kept !== null) await rename(file, join(kept, keyFileName))
  await copyPrivate(theirs, file)
  return 'restored'
}

/** Null where there is none, or a damaged one. */
const soundKeyAt = (file: string): Uint8Array | null => (existsSync(file) ? readKeyAt(file) : null)
