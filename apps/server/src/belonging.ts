import {
  BlobsMismatch,
  blobFolderName,
  installationFileName,
  keyFileName,
  LostDatabase,
  WrongKey,
} from '@steward/api/server'
import { DamagedDatabase } from '@steward/db'
import { constants, existsSync } from 'node:fs'
import { access, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Config } from './config.ts'
import { exitCode, CliError } from './exit.ts'
import { wrongKey } from './secret-key.ts'

/*
 * Database, key, blobs and data folder belong together. Where one of them is lost or of another installation, a process
 * does not start, and these are the words for it.
 */

/** The CliError for what is wrong with an installation; all other errors as they are. */
export function toldWhy(config: Config, cause: unknown): unknown {
  if (cause instanceof WrongKey) return wrongKey(config)
  if (cause instanceof LostDatabase) return new CliError(exitCode.database, `${cause.message}\n${wayOn(config)}`, cause)
  if (cause instanceof DamagedDatabase)
    return new CliError(
      exitCode.database,
      `${cause.message}\nStop Steward and restore a backup: steward restore <folder> --force`,
      cause,
    )
  if (cause instanceof BlobsMismatch)
    return new CliError(exitCode.database, `${cause.message}\n${blobsWords(config, cause)}`, cause)
  return cause
}

function wayOn({ databaseUrl, dataFolder }: Config): string {
  const anew = 'To begin anew on purpose, move what is there elsewhere, or set STEWARD_DATA to a new folder.'
  return databaseUrl === null
    ? `Put the database back, or restore a backup: steward restore <folder> --force\n${anew}`
    : `Correct STEWARD_DATABASE_URL or STEWARD_DATA (${dataFolder}), or restore the database with pg_restore.\n${anew}`
}

function blobsWords({ databaseUrl, dataFolder }: Config, { kind }: BlobsMismatch): string {
  const folder = join(dataFolder, blobFolderName)
  if (kind === 'foreign')
    return (
      `Nothing was changed. Put the right database or the right folder ${folder} in its place, or restore a\n` +
      'backup, which brings both: steward restore <folder> --force'
    )
  const place = databaseUrl === null ? `the folder ${folder} back` : 'the tables blob and blob_chunk back from a backup'
  return (
    `Nothing was changed. Put ${place} (is its disk mounted?).\n` +
    'Only if it is lost for good: "steward blobs accept-loss" goes on without it.'
  )
}

/**
 * Notes in the data folder which database it belongs to, where the two lie apart. Nothing is noted where there is no
 * folder, or one that cannot be written: then nothing in it needs the database.
 * @throws CliError when the folder belongs to another one.
 */
export async function pairFolder({ dataFolder }: Config, installationId: string): Promise<void> {
  const file = join(dataFolder, installationFileName)
  if (existsSync(file)) {
    if ((await readFile(file, 'utf8')).trim() === installationId) return
    throw new CliError(
      exitCode.database,
      `The data folder ${dataFolder} belongs to another installation than the database. Nothing was changed.\n` +
        `Correct STEWARD_DATABASE_URL or STEWARD_DATA. If the database was replaced on purpose, delete ${file}`,
    )
  }
  const isWritable = access(dataFolder, constants.W_OK).then(
    () => true,
    () => false,
  )
  if (existsSync(join(dataFolder, keyFileName)) && (await isWritable))
    await writeFile(file, `${installationId}\n`, { mode: 0o600 })
}
