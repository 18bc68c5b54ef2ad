import { backUp, isEmbedded, keyFileOf, openDatabases, requireDatabase } from '@steward/installation'
import { existsSync } from 'node:fs'
import { pathFromCaller, type Config } from '../config.ts'
import { count } from '../doctor/finding.ts'
import { exitCode } from '../exit.ts'
import { createLog } from '../log.ts'
import { terminal } from '../terminal.ts'
import { commandConfig, note, show, wrongUsage } from './io.ts'

export interface BackupOptions {
  withKey?: true
  json?: true
}

export async function runBackup(target: string, options: BackupOptions): Promise<void> {
  const config = commandConfig()
  const folder = pathFromCaller(target)
  requireEmbedded(config, 'Back up a Postgres database with pg_dump; it includes the stored bot code.')
  requireDatabase(config)
  const withKey = options.withKey === true
  if (withKey) requireKeyFile(config)
  const stores = await openDatabases(config, createLog(config))
  try {
    const { files, bodies, missing, inDataFolder } = await backUp(config, stores, { folder, withKey })
    for (const hash of missing) note(`The stored file ${hash} is missing or damaged, so it is not in the backup.`)
    if (missing.length > 0) terminal().endWith(exitCode.failed)
    if (inDataFolder)
      note(`${folder} is in the data folder, so losing one means losing both. Copy the backup elsewhere.`)
    const about = withKey
      ? 'It contains the key file: keep it as safe as the server itself.'
      : 'The key that decrypts stored secrets is not in it: keep a copy of the key file (or STEWARD_SECRET_KEY) elsewhere.'
    show(
      options.json,
      { folder, files, bodies, missing, withKey },
      `Backed up to ${folder}: the databases and ${count(bodies, 'stored file')}.\n${about}`,
    )
  } finally {
    await stores.close()
  }
}

/** @throws CliError where there is no file to copy. */
function requireKeyFile(config: Config): void {
  if (config.secretKey) throw wrongUsage('The key is in STEWARD_SECRET_KEY, not in a file: omit --with-key.')
  if (!existsSync(keyFileOf(config))) throw wrongUsage(`There is no key file ${keyFileOf(config)} to copy.`)
}

/** @throws CliError with `otherwise` where the database is not embedded. */
export function requireEmbedded(config: Config, otherwise: string): void {
  if (!isEmbedded(config))
    throw wrongUsage(`STEWARD_DATABASE_URL is set, and this works only with the embedded database. ${otherwise}`)
}
