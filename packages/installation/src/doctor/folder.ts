import { databaseFileName, telemetryFileName } from '@steward/db'
import { existsSync } from 'node:fs'
import { access, constants, readdir, stat, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { lacksDatabase, remainsIn } from '../data-folder.ts'
import { readKeyAt } from '../key.ts'
import { isEmbedded, keyFileName, keyFileOf, type Place } from '../place.ts'

/** Others: users of this computer who are not its owner. Windows has no such bits. */
const isOpenToOthers = (mode: number): boolean => process.platform !== 'win32' && (mode & 0o077) !== 0

/** Whether the data folder is there, can be used by this user, and by no other. */
export async function folderState(folder: string): Promise<'missing' | 'unusable' | 'open to others' | 'sound'> {
  if (!existsSync(folder)) return 'missing'
  try {
    await access(folder, constants.R_OK | constants.W_OK | constants.X_OK)
  } catch {
    return 'unusable'
  }
  return isOpenToOthers((await stat(folder)).mode) ? 'open to others' : 'sound'
}

/** The names of files with data or the key that other users may read; null where there is no folder, or no such rights. */
export async function filesOpenToOthers(folder: string): Promise<string[] | null> {
  if (process.platform === 'win32' || !existsSync(folder)) return null
  const names = (await readdir(folder)).filter((name) => name === keyFileName || /\.db(-wal|-shm)?$/.test(name))
  const open: string[] = []
  for (const name of names) if (isOpenToOthers((await stat(join(folder, name))).mode)) open.push(name)
  return open
}

/** Free bytes on the disk of the folder; null where there is no folder. */
export async function freeSpace(folder: string): Promise<number | null> {
  if (!existsSync(folder)) return null
  const { bavail, bsize } = await statfs(folder)
  return bavail * bsize
}

/** What the place has for a key; whether it fits is asked of the database. */
export function keyFileState(place: Place): 'not needed' | 'missing' | 'damaged' | 'there' {
  if (place.secretKey) return 'not needed'
  if (!existsSync(keyFileOf(place))) return 'missing'
  return readKeyAt(keyFileOf(place)) ? 'there' : 'damaged'
}

/**
 * Which database file is missing, so that opening would make an empty one; null when none is, or when what belongs to it
 * is there: then opening tells that it was lost.
 */
export function missingDatabaseFile(place: Place): string | null {
  const { dataFolder } = place
  if (!isEmbedded(place)) return null
  if (lacksDatabase(dataFolder)) return remainsIn(dataFolder).length > 0 ? null : databaseFileName
  return existsSync(join(dataFolder, telemetryFileName)) ? null : telemetryFileName
}
