import {
  blobFolderName,
  databaseFileName,
  folderBlobs,
  installationOf,
  isSecretOf,
  keyFileName,
  syncFolder,
  systemClock,
  telemetryFileName,
} from '@steward/api/server'
import { backup, type Stores } from '@steward/db'
import { existsSync, realpathSync } from 'node:fs'
import { mkdir, readdir, rename, rm } from 'node:fs/promises'
import { basename, dirname, isAbsolute, join, relative, sep } from 'node:path'
import { copyBlobs, namedBlobs } from '../blobs.ts'
import { pathFromCaller, type Config } from '../config.ts'
import { count } from '../doctor/finding.ts'
import { exitCode, CliError } from '../exit.ts'
import { createLog } from '../log.ts'
import { openDatabases, requireDatabase } from '../open.ts'
import { copyPrivate } from '../private-files.ts'
import { readKeyFile, wrongKey } from '../secret-key.ts'
import { commandConfig, note, show, wrongUsage } from './io.ts'
import { terminal } from '../terminal.ts'

export interface BackupOptions {
  withKey?: true
  json?: true
}

/**
 * Copies into a folder within the target, and moves the parts up when all of them are on the disk: the database, without
 * which there is no backup, last.
 */
export async function runBackup(target: string, options: BackupOptions): Promise<void> {
  const config = commandConfig()
  const folder = pathFromCaller(target)
  requireEmbedded(config, 'Back up a Postgres database with pg_dump; bodies of bots are in it.')
  requireDatabase(config)
  const { dataFolder } = config
  if (isWithin(join(dataFolder, blobFolderName), folder))
    throw wrongUsage(
      `${folder} lies among the bodies that are backed up. Name a folder elsewhere, best on another disk.`,
    )
  const withKey = options.withKey === true
  const stores = await openDatabases(config, createLog(config))
  try {
    if (withKey) await requireKey(config, stores)
    const partial = await freshPartial(folder)
    const { bodies, missing } = await copyAll({ config, stores, withKey, to: partial })
    for (const name of [blobFolderName, keyFileName, telemetryFileName, databaseFileName])
      if (existsSync(join(partial, name))) await rename(join(partial, name), join(folder, name))
    await rm(partial, { recursive: true })
    await syncFolder(folder)
    for (const hash of missing) note(`The body ${hash} is missing or damaged, so it is not in the backup.`)
    if (missing.length > 0) terminal().endWith(exitCode.failed)
    if (isWithin(dataFolder, folder))
      note(`${folder} lies in the data folder: what takes the one takes the other. Copy the backup elsewhere.`)
    const about = withKey
      ? 'It holds the key file: keep it as safe as the server itself.'
      : 'The key that opens sealed secrets is not in it: keep a copy of the key file (or STEWARD_SECRET_KEY) elsewhere.'
    const files = [telemetryFileName, databaseFileName].map((name) => join(folder, name))
    show(
      options.json,
      { folder, files, bodies, missing, withKey },
      `Backed up to ${folder}: the databases and ${count(bodies, 'body', 'bodies')}.\n${about}`,
    )
  } finally {
    await stores.close()
  }
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

/** Whoever asks for the key relies on it. @throws CliError when there is no key file, or not that of the database. */
async function requireKey(config: Config, stores: Stores): Promise<void> {
  if (config.secretKey) throw wrongUsage('The key is in STEWARD_SECRET_KEY, not in a file: leave --with-key out.')
  const file = join(config.dataFolder, keyFileName)
  if (!existsSync(file)) throw wrongUsage(`There is no key file ${file} to copy.`)
  if ((await isSecretOf(stores, readKeyFile(file))) === false) throw wrongKey(config)
}

interface Parts {
  config: Config
  stores: Stores
  withKey: boolean
  to: string
}

async function copyAll({ config, stores, withKey, to }: Parts): Promise<{ bodies: number; missing: string[] }> {
  const from = join(config.dataFolder, blobFolderName)
  const copied = new Set<string>()
  const named = await namedBlobs(stores)
  // Bodies before and after: what the database names was there at its moment, and nothing is missed in between.
  await copyBlobs(from, join(to, blobFolderName), copied)
  await backup(stores, to)
  await copyBlobs(from, join(to, blobFolderName), copied)
  const id = await installationOf(stores)
  if (id !== null) await (await folderBlobs(join(to, blobFolderName), systemClock)).claim(id)
  if (withKey) await copyPrivate(join(config.dataFolder, keyFileName), join(to, keyFileName))
  // Named at both ends, so named by the copy: what came or went meanwhile is no loss.
  const still = new Set(await namedBlobs(stores))
  const missing = named.filter((name) => still.has(name) && !copied.has(name))
  return { bodies: copied.size, missing }
}

/** An empty folder in the target, where what a killed backup left is cleared away. @throws CliError for other contents. */
async function freshPartial(folder: string): Promise<string> {
  const partial = join(folder, '.partial')
  const others = existsSync(folder) ? (await readdir(folder)).filter((name) => name !== '.partial') : []
  if (others.length > 0)
    throw new CliError(exitCode.failed, `${folder} is not empty. Name a new folder for the backup.`)
  await rm(partial, { recursive: true, force: true })
  await mkdir(partial, { recursive: true, mode: 0o700 })
  return partial
}

/** @throws CliError with `otherwise` where Postgres is used. */
export function requireEmbedded({ databaseUrl }: Config, otherwise: string): void {
  if (databaseUrl !== null)
    throw wrongUsage(`STEWARD_DATABASE_URL is set, and this works on the embedded database only. ${otherwise}`)
}
