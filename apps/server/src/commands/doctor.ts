import type { Command } from 'commander'
import { hasPeople } from '@steward/api/server'
import { databaseFileName, type Stores } from '@steward/db'
import { isEmbedded, missingDatabaseFile, openDatabases } from '@steward/installation'
import type { Config } from '../config.ts'
import { checkAddress } from '../doctor/address.ts'
import { checkContents } from '../doctor/contents.ts'
import { checkDatabase } from '../doctor/database.ts'
import { checkMail } from '../doctor/mail.ts'
import { checkDisk, checkFolder, checkKey, checkRights } from '../doctor/files.ts'
import { attempt, count, fail, type Finding } from '../doctor/finding.ts'
import { exitCode, explain } from '../exit.ts'
import { createLog } from '../log.ts'
import { commandConfig, show, withJson } from './io.ts'
import { terminal } from '../terminal.ts'

/** `doctor`: looks at everything that can be wrong with an installation and changes nothing. */
export function addDoctorCommand(program: Command): void {
  withJson(program.command('doctor'))
    .description('check the installation and say how to fix what is wrong; exits with 1 if a check fails')
    .action(async ({ json }: { json?: true }) => {
      const findings = await examine(commandConfig())
      const failed = findings.filter((finding) => finding.status === 'fail').length
      const warned = findings.filter((finding) => finding.status === 'warn').length
      const summary =
        failed + warned === 0 ? 'All is well.' : `${count(failed, 'failure')}, ${count(warned, 'warning')}.`
      show(json, { failed, warned, findings }, [...findings.map(asLine), '', summary].join('\n'))
      if (failed > 0) terminal().endWith(exitCode.failed)
    })
}

function asLine({ name, status, text, fix }: Finding): string {
  const line = `${status.padEnd(5)} ${name}: ${text}`
  return fix === undefined ? line : `${line}\n      → ${fix}`
}

/** What `doctor` finds, in the order it looked. */
export async function examine(config: Config): Promise<Finding[]> {
  const findings = [
    ...(await attempt('data folder', () => checkFolder(config))),
    ...(await attempt('file rights', () => checkRights(config))),
    ...(await attempt('disk', () => checkDisk(config))),
    checkAddress(config),
    ...(await attempt('mail', () => checkMail(config))),
  ]
  const missing = missingFile(config)
  if (missing) return [...findings, missing]
  let stores: Stores
  try {
    stores = await openDatabases(config, createLog(config))
  } catch (error) {
    const [text = '', ...rest] = explain(error).message.split('\n')
    return [...findings, fail('database', text, rest.length > 0 ? rest.join(' ') : fixOf(config))]
  }
  try {
    findings.push(...(await attempt('secret key', async () => checkKey(config, !(await hasPeople(stores))))))
    findings.push(...(await attempt('database', () => checkDatabase(config, stores))))
    return [...findings, ...(await checkContents(config, stores))]
  } finally {
    await stores.close()
  }
}

/** Opening would make an empty one. */
function missingFile(config: Config): Finding | null {
  const file = missingDatabaseFile(config)
  const { dataFolder } = config
  if (file === null) return null
  if (file === databaseFileName)
    return fail(
      'database',
      `there is none in ${dataFolder}`,
      'Start Steward once, or set STEWARD_DATA to the right folder.',
    )
  return fail(
    'database',
    `${file} is missing in ${dataFolder}`,
    'Restore it from a backup, or start Steward to create an empty one.',
  )
}

function fixOf(config: Config): string {
  return isEmbedded(config)
    ? 'If it is damaged, stop Steward and restore a backup: steward restore <folder> --force'
    : 'Start the database server, or correct STEWARD_DATABASE_URL.'
}
