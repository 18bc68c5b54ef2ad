import { folderBlobs, systemClock } from '@steward/api/server'
import { backup, type Stores } from '@steward/db'
import { existsSync } from 'node:fs'
import { mkdir, readdir, rename, rm, rmdir } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { copyBodies, missingBodies } from '../bodies.ts'
import type { Config } from '../config.ts'
import { count } from '../doctor/finding.ts'
import { exitCode, Stop } from '../exit.ts'
import { createLog } from '../log.ts'
import { blobFolderName, databaseFileName, openDatabases, requireDatabase, telemetryFileName } from '../open.ts'
import { copyPrivate, syncFolder } from '../private-files.ts'
import { keyFileName } from '../secret-key.ts'
import { commandConfig, note, show, wrongUsage } from './io.ts'

export interface BackupOptions {
  withKey?: true
  json?: true
}

/** Copies into a folder beside the target, which gets its name only when all of it is on the disk. */
export async function runBackup(target: string, options: BackupOptions): Promise<void> {
  const config = commandConfig()
  const folder = resolve(target)
  requireEmbedded(config, 'Back up a Postgres database with pg_dump; bodies of bots are in it.')
  requireDatabase(config)
  const partial = await freshPartial(folder)
  const stores = await openDatabases(config, createLog(config))
  try {
    const withKey = options.withKey === true && existsSync(join(config.dataFolder, keyFileName))
    const { bodies, missing } = await copyAll({ config, stores, withKey, to: partial })
    if (existsSync(folder)) await rmdir(folder)
    await rename(partial, folder)
    await syncFolder(dirname(folder))
    for (const hash of missing) note(`The body ${hash} is missing or damaged, so it is not in the backup.`)
    if (missing.length > 0) process.exitCode = exitCode.failed
    const about = withKey
      ? 'It holds the key file: keep it as safe as the server itself.'
      : 'The key that opens sealed secrets is not in it: keep a copy of the key file (or STEWARD_SECRET_KEY) elsewhere.'
    const files = [telemetryFileName, databaseFileName].map((name) => join(folder, name))
    show(
      options.json,
      { folder, files, bodies, missing, withKey },
      `Backed up to ${folder}: the databases and ${count(bodies, 'body', 'bodies')}.\n${about}`,
    )
  } catch (error) {
    await rm(partial, { recursive: true, force: true })
    throw error
  } finally {
    await stores.close()
  }
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
  // Bodies before and after: what the database names was there at its moment, and nothing is missed in between.
  await copyBodies(from, join(to, blobFolderName), copied)
  await backup(stores, to)
  await copyBodies(from, join(to, blobFolderName), copied)
  if (withKey) await copyPrivate(join(config.dataFolder, keyFileName), join(to, keyFileName))
  const target = await folderBlobs(join(to, blobFolderName), systemClock)
  return { bodies: copied.size, missing: await missingBodies(stores, target, copied) }
}

const ours = new Set(
  [blobFolderName, databaseFileName, telemetryFileName, keyFileName].map((name) => name.split('.')[0]),
)

/** An empty folder beside the target; what a killed backup left there is cleared away. */
async function freshPartial(folder: string): Promise<string> {
  if (existsSync(folder) && (await readdir(folder)).length > 0)
    throw new Stop(exitCode.failed, `${folder} is not empty. Name a new folder for the backup.`)
  const partial = `${folder}.partial`
  if (existsSync(partial)) {
    const foreign = (await readdir(partial)).find((name) => !ours.has(name.split('.')[0]))
    if (foreign !== undefined)
      throw new Stop(
        exitCode.failed,
        `${partial} holds ${basename(foreign)}, which no backup left there. Move it away.`,
      )
    await rm(partial, { recursive: true })
  }
  await mkdir(partial, { recursive: true, mode: 0o700 })
  return partial
}

/** @throws Stop with `otherwise` where Postgres is used. */
export function requireEmbedded({ databaseUrl }: Config, otherwise: string): void {
  if (databaseUrl !== null)
    throw wrongUsage(`STEWARD_DATABASE_URL is set, and this works on the embedded database only. ${otherwise}`)
}
