import {
  blobFolderName,
  databaseFileName,
  folderBlobs,
  installationFileName,
  installationOf,
  isSecretOf,
  keyFileName,
  systemClock,
} from '@steward/api/server'
import { openStores, restore } from '@steward/db'
import { existsSync } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { copyBlobs, missingBlobs } from '../blobs.ts'
import { pathFromCaller, type Config } from '../config.ts'
import { count } from '../doctor/finding.ts'
import { exitCode } from '../exit.ts'
import { copyPrivate } from '../private-files.ts'
import { readKeyFile } from '../secret-key.ts'
import { requireEmbedded } from './backup.ts'
import { commandConfig, show, wrongUsage } from './io.ts'
import { terminal } from '../terminal.ts'

export interface RestoreOptions {
  force?: true
  json?: true
}

export async function runRestore(source: string, options: RestoreOptions): Promise<void> {
  const config = commandConfig()
  requireEmbedded(config, 'Restore a Postgres database with pg_restore.')
  const { dataFolder } = config
  const from = pathFromCaller(source)
  if (!existsSync(join(from, databaseFileName)))
    throw wrongUsage(`There is no backup in ${from}: it has no ${databaseFileName}.`)
  const theirs = keyAt(join(from, keyFileName))
  const now = (): Date => new Date(systemClock.now())
  const { kept } = restore(dataFolder, from, { now, overwrite: options.force === true })
  const copied = new Set<string>()
  await copyBlobs(join(from, blobFolderName), join(dataFolder, blobFolderName), copied)
  const stores = await openStores({ folder: dataFolder })
  try {
    const blobs = await folderBlobs(join(dataFolder, blobFolderName), systemClock)
    const missing = await missingBlobs(stores, blobs, copied)
    const id = await installationOf(stores)
    // A database of before it bore an id takes the blobs that it names when it is started.
    if (id === null) await rm(join(dataFolder, blobFolderName, installationFileName), { force: true })
    else await blobs.claim(id)
    const fits = async (key: Uint8Array | null) => key !== null && (await isSecretOf(stores, key)) !== false
    const checkpoints = await setAside(config.auditCheckpoints, now())
    const key = await settleKey(
      config,
      { from, kept },
      { ours: config.secretKey ?? keyAt(join(dataFolder, keyFileName)), theirs, fits },
    )
    if (missing.length > 0 || key === 'different') terminal().endWith(exitCode.failed)
    const bodies = copied.size
    const lines = [
      `Restored ${from} into ${dataFolder}: the databases and ${count(bodies, 'body', 'bodies')}.`,
      ...(kept === undefined ? [] : [`What was there before is in ${kept}.`]),
      ...missing.map(
        (hash) => `MISSING ${hash}: a bot or version names this body, and the backup has no sound copy of it.`,
      ),
      ...(checkpoints === null
        ? []
        : [`Audit checkpoints kept elsewhere may be newer than the backup, so they are in ${checkpoints} now.`]),
      ...wordsOf(key, config),
    ]
    show(options.json, { folder: dataFolder, kept: kept ?? null, bodies, missing, key, checkpoints }, lines.join('\n'))
  } finally {
    await stores.close()
  }
}

type KeyState = 'environment' | 'present' | 'restored' | 'missing' | 'different'

/** Null where there is none, or a damaged one. */
function keyAt(file: string): Uint8Array | null {
  if (!existsSync(file)) return null
  try {
    return readKeyFile(file)
  } catch {
    return null
  }
}

interface Place {
  from: string
  /** Where the former databases are now; undefined when there were none. */
  kept: string | undefined
}

interface KeysAtHand {
  ours: Uint8Array | null
  theirs: Uint8Array | null
  /** Whether the restored databases were used with it. */
  fits: (key: Uint8Array | null) => Promise<boolean>
}

/** What was signed after the backup would make every later verification call the restored trail cut. */
async function setAside(file: string | null, now: Date): Promise<string | null> {
  if (file === null || !existsSync(file)) return null
  const aside = `${file}.before-restore-${now.toISOString().replaceAll(':', '')}`
  await rename(file, aside)
  return aside
}

/** Puts the backup's key in place where none fits; the one before goes where its databases went. */
async function settleKey(config: Config, { from, kept }: Place, { ours, theirs, fits }: KeysAtHand): Promise<KeyState> {
  const file = join(config.dataFolder, keyFileName)
  const isThere = existsSync(file)
  if (await fits(ours)) return config.secretKey ? 'environment' : 'present'
  if (!(await fits(theirs))) return isThere || config.secretKey ? 'different' : 'missing'
  if (config.secretKey || (isThere && kept === undefined)) return 'different'
  if (isThere && kept !== undefined) await rename(file, join(kept, keyFileName))
  await copyPrivate(join(from, keyFileName), file)
  return 'restored'
}

function wordsOf(key: KeyState, { secretKey, dataFolder }: Config): string[] {
  const place = secretKey ? 'STEWARD_SECRET_KEY' : join(dataFolder, keyFileName)
  if (key === 'restored') return ['The key file was in the backup and is in place.']
  if (key === 'missing') return [`There is no key file: put its copy at ${place} before you start.`]
  if (key === 'different')
    return [`WRONG KEY ${place} is not the key that these databases were used with: put the right one in its place.`]
  return []
}
