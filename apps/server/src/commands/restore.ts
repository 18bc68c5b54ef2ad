import { systemClock } from '@steward/api/server'
import { databaseFileName } from '@steward/db'
import { keyFileOf, restoreBackup, type KeyState } from '@steward/installation'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { pathFromCaller, type Config } from '../config.ts'
import { count } from '../doctor/finding.ts'
import { exitCode } from '../exit.ts'
import { terminal } from '../terminal.ts'
import { requireEmbedded } from './backup.ts'
import { commandConfig, show, wrongUsage } from './io.ts'

export interface RestoreOptions {
  force?: true
  json?: true
}

export async function runRestore(source: string, options: RestoreOptions): Promise<void> {
  const config = commandConfig()
  requireEmbedded(config, 'Restore a Postgres database with pg_restore.')
  const { dataFolder: folder } = config
  const from = pathFromCaller(source)
  if (!existsSync(join(from, databaseFileName)))
    throw wrongUsage(`There is no backup in ${from}: it has no ${databaseFileName}.`)
  const { kept, bodies, missing, key, checkpoints } = await restoreBackup(config, from, {
    now: () => new Date(systemClock.now()),
    overwrite: options.force === true,
    checkpoints: config.auditCheckpoints,
  })
  if (missing.length > 0 || key === 'different') terminal().endWith(exitCode.failed)
  const lines = [
    `Restored ${from} into ${folder}: the databases and ${count(bodies, 'stored file')}.`,
    ...(kept === null ? [] : [`The previous data is in ${kept}.`]),
    ...missing.map(
      (hash) =>
        `MISSING ${hash}: a bot or version refers to this stored file, and the backup has no intact copy of it.`,
    ),
    ...(checkpoints === null
      ? []
      : [`Audit checkpoints kept elsewhere may be newer than the backup, so they were moved to ${checkpoints}.`]),
    ...wordsOf(key, config),
  ]
  show(options.json, { folder, kept, bodies, missing, key, checkpoints }, lines.join('\n'))
}

function wordsOf(key: KeyState, config: Config): string[] {
  const place = config.secretKey ? 'STEWARD_SECRET_KEY' : keyFileOf(config)
  if (key === 'restored') return ['The key file was in the backup and has been restored.']
  if (key === 'missing') return [`There is no key file. Put your copy at ${place} before you start.`]
  if (key === 'different') return [`WRONG KEY ${place} does not match these databases. Put the right key in its place.`]
  return []
}
