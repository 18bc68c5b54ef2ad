import { folderBlobs, installationOf, isSecretOf, syncFolder, systemClock } from '@steward/api/server'
import { backup, databaseFileName, telemetryFileName, type Stores } from '@steward/db'
import { existsSync, realpathSync } from 'node:fs'
import { mkdir, readdir, rename, rm } from 'node:fs/promises'
import { basename, dirname, isAbsolute, join, relative, sep } from 'node:path'
import { copyBlobs, namedBlobs } from './blob-copy.ts'
import { wrongKey } from './installation-fault.ts'
import { keyMissing, readKeyFile } from './key.ts'
import { blobFolderName, keyFileName, keyFileOf, type Place } from './place.ts'
import { copyPrivate } from './private-files.ts'

/** The folder is none for a backup. It was not changed. */
export class UnfitBackupFolder extends Error {
  override readonly name = 'UnfitBackupFolder'
  readonly kind: 'not-empty' | 'among-blobs'
  constructor(kind: UnfitBackupFolder['kind'], folder: string) {
    super(
      kind === 'not-empty'
        ? `${folder} is not empty. Choose a new folder for the backup.`
        : `${folder} is in a folder that is being backed up. Choose a folder elsewhere, preferably on another disk.`,
    )
    this.kind = kind
  }
}

export interface BackupOptions {
  /** Absolute path of a folder that is empty, or not there yet. */
  folder: string
  /** Also copies the key file: whoever has the backup can then open what is sealed. */
  withKey: boolean
}

export interface BackedUp {
  /** The databases. */
  files: readonly string[]
  /** How many blobs were copied. */
  bodies: number
  /** Hashes of those that the database names and that are missing or damaged: they are not in the backup. */
  missing: readonly string[]
  /** Whether the backup lies in the data folder: what takes the one takes the other. */
  inDataFolder: boolean
}

/** Copied into a folder within the target, so that moving up stays within one file system. */
const partialName = '.partial'

/**
 * Copies an embedded installation into a new or empty folder while it is in use. The parts are moved to their places when
 * all of them are checked and on the disk; the database, without which there is no backup, last.
 * @throws UnfitBackupFolder @throws InstallationFault for a key file that is asked for and missing, damaged or not the database's.
 * @throws BackupUnsupported where the database is not embedded; CopyFailed and DamagedDatabase.
 */
export async function backUp(place: Place, stores: Stores, { folder, withKey }: BackupOptions): Promise<BackedUp> {
  const { dataFolder } = place
  if (isWithin(join(dataFolder, blobFolderName), folder)) throw new UnfitBackupFolder('among-blobs', folder)
  if (withKey) await requireKey(place, stores)
  const partial = await freshPartial(folder)
  const copied = await copyAll(place, stores, partial)
  if (withKey) await copyPrivate(keyFileOf(place), join(partial, keyFileName))
  for (const name of [blobFolderName, keyFileName, telemetryFileName, databaseFileName]) {
    if (!existsSync(join(partial, name))) continue
    await rename(join(partial, name), join(folder, name))
    // Also after a loss of power the database is not there before the others.
    await syncFolder(folder)
  }
  await rm(partial, { recursive: true })
  await syncFolder(dirname(folder))
  const files = [telemetryFileName, databaseFileName].map((name) => join(folder, name))
  return { files, ...copied, inDataFolder: isWithin(dataFolder, folder) }
}

/** Whether a place, which need not be there yet, is a folder or lies in it. */
function isWithin(folder: string, place: string): boolean {
  const way = relative(realPath(folder), realPath(place))
  return !isAbsolute(way) && way.split(sep)[0] !== '..'
}

/** Without links, as far as it is there. */
function realPath(path: string): string {
  return existsSync(path) || dirname(path) === path ? realpathSync(path) : join(realPath(dirname(path)), basename(path))
}

/** Whoever asks for the key relies on it. */
async function requireKey(place: Place, stores: Stores): Promise<void> {
  if (!existsSync(keyFileOf(place))) throw keyMissing(place)
  if ((await isSecretOf(stores, readKeyFile(place))) === false) throw wrongKey({ ...place, secretKey: null })
}

/** An empty folder in the target, where what a killed backup left is cleared away. @throws UnfitBackupFolder */
async function freshPartial(folder: string): Promise<string> {
  const partial = join(folder, partialName)
  const others = existsSync(folder) ? (await readdir(folder)).filter((name) => name !== partialName) : []
  if (others.length > 0) throw new UnfitBackupFolder('not-empty', folder)
  await rm(partial, { recursive: true, force: true })
  await mkdir(partial, { recursive: true, mode: 0o700 })
  return partial
}

async function copyAll(
  { dataFolder }: Place,
  stores: Stores,
  to: string,
): Promise<Pick<BackedUp, 'bodies' | 'missing'>> {
  const [from, target] = [join(dataFolder, blobFolderName), join(to, blobFolderName)]
  const copied = new Set<string>()
  const named = await namedBlobs(stores)
  // Bodies before and after: what the database names was there at its moment, and nothing is missed in between.
  await copyBlobs(from, target, copied)
  await backup(stores, to)
  await copyBlobs(from, target, copied)
  const id = await installationOf(stores)
  if (id !== null) await (await folderBlobs(target, systemClock)).claim(id)
  // Named at both ends, so named by the copy: what came or went meanwhile is no loss.
  const still = new Set(await namedBlobs(stores))
  return { bodies: copied.size, missing: named.filter((name) => still.has(name) && !copied.has(name)) }
}
