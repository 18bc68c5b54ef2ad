import { migrateDatabases, openDatabases } from '@steward/installation'
import type { Command } from 'commander'
import { createLog } from '../log.ts'
import { runBackup, type BackupOptions } from './backup.ts'
import { commandConfig, note, show, withJson } from './io.ts'
import { runRestore, type RestoreOptions } from './restore.ts'

/** `migrate`, `backup` and `restore`. */
export function addDataCommands(program: Command): void {
  withJson(program.command('migrate'))
    .description('migrate the database to the schema of this version (serve does this automatically)')
    .action((options: { json?: true }) => runMigrate(options))
  withJson(program.command('backup'))
    .description('back up the embedded database and the stored bot code; works while the server is running')
    .argument('<folder>', 'a new folder for the backup; it appears once the backup is complete')
    .option('--with-key', 'include the key file; anybody with the backup can then decrypt its secrets')
    .action((folder: string, options: BackupOptions) => runBackup(folder, options))
  withJson(program.command('restore'))
    .description('restore a backup; the server must be stopped')
    .argument('<folder>', 'the folder that "backup" wrote')
    .option('--force', 'replace an existing database (and its key); both are kept in a folder next to it')
    .action((folder: string, options: RestoreOptions) => runRestore(folder, options))
}

async function runMigrate({ json }: { json?: true }): Promise<void> {
  const config = commandConfig()
  const stores = await openDatabases(config, createLog(config))
  try {
    const done = await migrateDatabases(config, stores, (progress) => {
      if (progress.step === 'backup') note(`Copied the ${progress.store} database to ${progress.file}.`)
      if (progress.step === 'start') note(`${progress.store}: ${progress.name} …`)
    })
    const count = done.main.length + done.telemetry.length
    show(json, done, count === 0 ? 'The database is up to date.' : `Applied ${count} migrations.`)
  } finally {
    await stores.close()
  }
}
