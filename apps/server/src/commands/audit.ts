import { existsSync } from 'node:fs'
import type { Command } from 'commander'
import { systemClock, readCheckpointFile, verifyAll, verifyChain, type Clock } from '@steward/api/server'
import { count } from '../doctor/finding.ts'
import { exitCode, CliError } from '../exit.ts'
import { note, show, withApp, withJson } from './io.ts'
import { terminal } from '../terminal.ts'

interface VerifyOptions {
  workspace?: string
  checkpoints?: string
  json?: true
}

/** `audit verify`: follows the hash chains of the audit trail. */
export function addAuditCommands(program: Command): void {
  const verify = program.command('audit').description('the audit trail').command('verify')
  withJson(verify)
    .description(
      'find any change, deletion, insertion, reordering or truncation in the audit trail; exits with 1 if there is one',
    )
    .option('--workspace <id>', 'verify only the chain of this workspace (or account, or person)')
    .option('--checkpoints <file>', 'signed checkpoints kept elsewhere (default: those of STEWARD_AUDIT_CHECKPOINTS)')
    .action(runVerify)
}

async function runVerify({ workspace, checkpoints, json }: VerifyOptions): Promise<void> {
  await withApp(async ({ app, config }) => {
    const file = checkpoints ?? config.auditCheckpoints
    // Without the second copy a cut tail would look sound.
    if (checkpoints !== undefined && !existsSync(checkpoints))
      throw new CliError(exitCode.failed, `There is no file ${checkpoints} with checkpoints to verify against.`)
    const kept = file === null ? { checkpoints: [], torn: 0 } : await readCheckpointFile(file)
    if (file !== null && kept.checkpoints.length === 0) note(`There are no checkpoints in ${file}.`)
    if (kept.torn > 0) note(`Ignored ${count(kept.torn, 'line')} of ${file} that cannot be read.`)
    const options = { checkpoints: kept.checkpoints }
    const report =
      workspace === undefined
        ? await verifyAll(app, json ? undefined : progress(systemClock, note), options)
        : await verifyOne(workspace, () => verifyChain(app, workspace, options))
    const sound = report.problems.length === 0
    const lines = report.problems.map(
      ({ laneId, finding }) =>
        `BROKEN ${laneId} at record ${finding?.seq} (${finding?.kind}): expected ${finding?.expected}, found ${finding?.found}`,
    )
    lines.push(
      `${count(report.records, 'record')} on ${count(report.lanes, 'chain')}: ${sound ? 'all intact.' : `${report.problems.length} broken.`}`,
    )
    show(json, report, lines.join('\n'))
    if (!sound) terminal().endWith(exitCode.failed)
  })
}

type Report = Awaited<ReturnType<typeof verifyAll>>

async function verifyOne(laneId: string, verify: () => ReturnType<typeof verifyChain>): Promise<Report> {
  const report = await verify()
  if (report.records === 0 && report.ok)
    throw new CliError(exitCode.failed, `There are no records for ${laneId}. Check the id.`)
  return { lanes: 1, records: report.records, problems: report.ok ? [] : [report] }
}

/** A line every two seconds, for people who wait. */
export function progress(
  clock: Clock,
  say: (line: string) => void,
): (done: { lanes: number; records: number }) => void {
  let said = clock.now()
  return ({ lanes, records }) => {
    if (clock.now() - said < 2000) return
    said = clock.now()
    say(`${count(lanes, 'chain')}, ${count(records, 'record')} so far …`)
  }
}
