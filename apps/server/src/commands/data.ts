import { systemClock } from '@steward/api/server'
import { cp, copyFile, chmod, constants, mkdir, readdir, stat } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Command } from 'commander'
import { backup, restore } from '@steward/db'
import type { Config } from '../config.ts'
import { exitCode, Stop } from '../exit.ts'
import { createLog } from '../log.ts'
import { blobFolderName, migrateStores, openDatabases } from '../open.ts'
import { keyFileName, readKeyFile } from '../secret-key.ts'
import { commandConfig, note, show, withJson } from './io.ts'

/** `migrate`, `backup` and `restore`. */
export function addDataCommands(program: Command): void {
  withJson(program.command('migrate'))
    .description('bring the database to the schema of this version (serve does so by itself)')
    .action((options: { json?: true }) => runMigrate(options))
  withJson(program.command('backup'))
    .description('copy the embedded database and the bodies of bots, also while the server runs')
    .argument('<folder>', 'a new folder to copy into')
    .option('--with-key', 'copy the key file too: whoever has the backup can then open the sealed secrets')
    .action((folder: string, options: { withKey?: true; json?: true }) => runBackup(folder, options))
  withJson(program.command('restore'))
    .description('put a backup in place; the server must be stopped')
    .argument('<folder>', 'the folder that "backup" wrote')
    .option('--force', 'replace a database that is there; it is kept in a folder beside')
    .action((folder: string, options: { force?: true; json?: true }) => runRestore(folder, options))
}

async function runMigrate({ json }: { json?: true }): Promise<void> {
  const config = commandConfig()
  const stores = await openDatabases(config, createLog(config))
  try {
    const done = await migrateStores(config, stores, (progress) => {
      if (progress.step === 'backup') note(`Copied the ${progress.store} database to ${progress.file}.`)
      if (progress.step === 'start') note(`${progress.store}: ${progress.name} …`)
    })
    const count = done.main.length + done.telemetry.length
    show(json, done, count === 0 ? 'The database is up to date.' : `Applied ${count} migrations.`)
  } finally {
    await stores.close()
  }
}

async function runBackup(target: string, options: { withKey?: true; json?: true }): Promise<void> {
  const config = commandConfig()
  const folder = resolve(target)
  requireEmbedded(config, 'Back up a Postgres database with pg_dump; bodies of bots are in it.')
  const stores = await openDatabases(config, createLog(config))
  try {
    const from = join(config.dataFolder, blobFolderName)
    const to = join(folder, blobFolderName)
    // Bodies before and after: what the database names was there at its moment, and nothing is missed in between.
    await mkdir(folder, { recursive: true, mode: 0o700 })
    await copyBodies(from, to)
    const { files } = await backup(stores, folder)
    const bodies = await copyBodies(from, to)
    const key = join(config.dataFolder, keyFileName)
    const withKey = options.withKey === true && existsSync(key)
    if (withKey) await copyPrivate(key, join(folder, keyFileName))
    const about = withKey
      ? 'It holds the key file: keep it as safe as the server itself.'
      : 'The key that opens sealed secrets is not in it: keep a copy of the key file (or STEWARD_SECRET_KEY) elsewhere.'
    show(
      options.json,
      { folder, files, bodies, withKey },
      `Backed up to ${folder}: the databases and ${bodies} bodies.\n${about}`,
    )
  } finally {
    await stores.close()
  }
}

async function runRestore(source: string, options: { force?: true; json?: true }): Promise<void> {
  const config = commandConfig()
  requireEmbedded(config, 'Restore a Postgres database with pg_restore.')
  const from = resolve(source)
  const { kept } = restore(config.dataFolder, from, {
    now: () => new Date(systemClock.now()),
    overwrite: options.force === true,
  })
  const bodies = await copyBodies(join(from, blobFolderName), join(config.dataFolder, blobFolderName))
  const key = await restoreKey(config, join(from, keyFileName))
  const lines = [`Restored ${from} into ${config.dataFolder}: the databases and ${bodies} bodies.`]
  if (kept !== undefined) lines.push(`The former databases are in ${kept}.`)
  if (key === 'restored') lines.push('The key file was in the backup and is in place.')
  if (key === 'missing')
    lines.push(`There is no key file: put its copy at ${join(config.dataFolder, keyFileName)} before you start.`)
  show(options.json, { folder: config.dataFolder, kept: kept ?? null, bodies, key }, lines.join('\n'))
}

type KeyState = 'environment' | 'present' | 'restored' | 'missing'

/** Brings in the backup's key where none is; never replaces one. */
async function restoreKey(config: Config, backedUp: string): Promise<KeyState> {
  if (config.secretKey) return 'environment'
  const file = join(config.dataFolder, keyFileName)
  if (existsSync(file)) return 'present'
  if (!existsSync(backedUp)) return 'missing'
  readKeyFile(backedUp)
  await copyPrivate(backedUp, file)
  return 'restored'
}

async function copyPrivate(from: string, to: string): Promise<void> {
  await copyFile(from, to, constants.COPYFILE_EXCL)
  await chmod(to, 0o600)
}

function requireEmbedded(config: Config, otherwise: string): void {
  if (config.databaseUrl !== null)
    throw new Stop(
      exitCode.usage,
      `STEWARD_DATABASE_URL is set, and this works on the embedded database only. ${otherwise}`,
    )
}

const bodyName = /^[0-9a-f]{64}$/

/** Copies the bodies that are not there yet; they are named by their content, so an existing one is the same. */
async function copyBodies(from: string, to: string): Promise<number> {
  if (!existsSync(from)) return 0
  let count = 0
  for (const path of await readdir(from, { recursive: true })) {
    const name = path.split(/[/\\]/).at(-1) ?? ''
    if (!bodyName.test(name)) continue
    count += 1
    const target = join(to, path)
    if (
      existsSync(target) &&
      (await stat(target)).size === (await stat(join(from, path)).catch(() => ({ size: -1 }))).size
    )
      continue
    await mkdir(join(target, '..'), { recursive: true, mode: 0o700 })
    await cp(join(from, path), target, { preserveTimestamps: true }).catch((error: unknown) => {
      // Collected since the folder was listed: the database names it no more.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    })
  }
  return count
}
