import {
  blobsState,
  isSecretOf,
  mayCollect,
  mismatchOf,
  readCheckpointFile,
  systemClock,
  verifyAll,
  type AppContext,
  type WrongGauge,
  countUnnamed,
  recountGauges,
} from '@steward/api/server'
import type { Stores } from '@steward/db'
import { appOver, findSecret, missingBlobs, recountBots, stuckTasks } from '@steward/installation'
import type { Config } from '../config.ts'
import { createLog } from '../log.ts'
import { appParts } from '../open.ts'
import { hasTables } from './database.ts'
import { attempt, count, fail, ok, warn, type Finding } from './finding.ts'
import { checkSealed } from './sealed.ts'
import { checkWaysIn } from './ways-in.ts'

/** What lies in the databases: secrets that open, gauges that agree, chains that hold, bodies that are there. */
export async function checkContents(config: Config, stores: Stores): Promise<Finding[]> {
  if (!(await hasTables(stores))) return []
  const parts: [string, () => Promise<Finding[] | Finding>][] = [
    ['gauges', () => checkGauges(stores)],
    ['outbox', () => checkOutbox(stores)],
    ['sign-in methods', () => checkWaysIn(config, stores)],
  ]
  const found = await appOf(config, stores)
  if (found) {
    const { app, secret } = found
    parts.push(
      ['encrypted secrets', () => checkSealed(app, secret, stores)],
      ['quotas', () => checkQuotas(app)],
      ['stored files', () => checkBodies(app, stores)],
      ['cleanup', () => checkCollection(app)],
    )
    // With another key each signature would look forged; that it is another has its own finding.
    if ((await isSecretOf(stores, secret)) !== false) parts.push(['audit trail', () => checkAudit(app, config)])
  }
  const findings: Finding[] = []
  for (const [name, check] of parts) findings.push(...(await attempt(name, check)))
  return findings
}

/** Null without a key; that it is missing or damaged has its own finding. */
async function appOf(config: Config, stores: Stores): Promise<{ app: AppContext; secret: Uint8Array } | null> {
  try {
    const secret = findSecret(config)?.bytes
    if (!secret) return null
    return { app: await appOver(config, { stores, secret }, appParts(config, createLog(config))), secret }
  } catch {
    return null
  }
}

/** Production bots of each workspace, counted again. */
async function checkGauges(stores: Stores): Promise<Finding> {
  const { workspaces, wrong } = await recountBots(stores)
  const [first] = wrong
  if (!first) return ok('gauges', `bot counts of ${count(workspaces, 'workspace')} are correct`)
  const text = `${count(wrong.length, 'workspace')} with a wrong bot count, such as ${first.workspaceId}: ${first.kept} kept, ${first.counted} counted`
  return fail('gauges', text, 'Something other than Steward changed the database. Restore a backup, or report this.')
}

/** What quotas count, counted again in the tables. */
async function checkQuotas(app: AppContext): Promise<Finding> {
  let accounts = 0
  let wrong = 0
  let first: WrongGauge | undefined
  for await (const part of recountGauges(app)) {
    accounts += part.accounts
    wrong += part.wrong.length
    first ??= part.wrong[0]
  }
  if (!first) return ok('quotas', `gauges of ${count(accounts, 'account')} are correct`)
  const { scope, scopeId, type, kept, counted } = first
  const text = `${count(wrong, 'gauge')} with a wrong count, such as ${type} of the ${scope} ${scopeId}: ${kept} kept, ${counted} counted`
  return fail('quotas', text, 'Something other than Steward changed the database. Restore a backup, or report this.')
}

const stuckAttempts = 5
const lateHours = 1

/** Work that commits promised and that does not get done. */
async function checkOutbox(stores: Stores): Promise<Finding> {
  const due = new Date(systemClock.now() - lateHours * 3_600_000).toISOString()
  const tasks = await stuckTasks(stores, { attempts: stuckAttempts, due })
  const [worst] = tasks
  if (!worst) return ok('outbox', 'nothing is stuck')
  const cause = worst.lastError === null ? '' : ` (${worst.lastError})`
  return warn(
    'outbox',
    `${count(tasks.length, 'task')} stuck, the worst: ${worst.topic} after ${count(worst.attempts, 'attempt')}${cause}`,
    'The server processes them while it is running: start it, and check its log if they stay.',
  )
}

/** Bodies that rows name, such as the code of bots, must be there, and whole. */
async function checkBodies(app: AppContext, stores: Stores): Promise<Finding> {
  const missing = await missingBlobs(stores, app.blobs)
  const [first] = missing
  if (first === undefined) {
    const { blobs, bytes } = await countUnnamed(app)
    const unnamed =
      blobs === 0 ? '' : `; ${count(blobs, 'other')} (${bytes} bytes) no longer needed, deleted by the daily cleanup`
    return ok('stored files', `every file that the database refers to is present and intact${unnamed}`)
  }
  return fail(
    'stored files',
    `${count(missing.length, 'stored file')} missing or damaged, such as ${first}`,
    'Copy the folder "blobs" of a backup over the one in the data folder; existing files stay valid.',
  )
}

/** Whether the blobs are this database's, and what nothing names may be cleared away. */
async function checkCollection(app: AppContext): Promise<Finding> {
  const name = 'cleanup'
  const state = await blobsState(app)
  const mismatch = mismatchOf(state)
  if (mismatch === 'foreign')
    return fail(
      name,
      'the stored code belongs to a different installation than the database, so nothing is deleted',
      'Put the right database or the right folder "blobs" in its place, or restore a backup, which contains both.',
    )
  if (mismatch === null && (mayCollect(state) || state.installationId === null))
    return ok(name, 'unused code is set aside, and deleted a week later')
  return warn(
    name,
    `of the newest ${count(state.asked, 'code bundle')} ${state.there} are present, so nothing is deleted`,
    'Put the folder "blobs" back. Only if it is permanently lost: steward blobs accept-loss',
  )
}

/** With what the second place knows, a tail that the database lost is found too. */
async function checkAudit(app: AppContext, { auditCheckpoints: file }: Config): Promise<Finding> {
  const kept = file === null ? { checkpoints: [] } : await readCheckpointFile(file)
  const { lanes, records, problems } = await verifyAll(app, () => {}, kept)
  const [first] = problems
  const known = file === null ? ' (set STEWARD_AUDIT_CHECKPOINTS to a second place to detect lost records)' : ''
  if (!first) return ok('audit trail', `${count(records, 'record')} on ${count(lanes, 'chain')} are intact${known}`)
  const text = `${count(problems.length, 'chain')} broken: ${first.laneId} at record ${first.finding?.seq} (${first.finding?.kind})`
  return fail('audit trail', text, 'Run steward audit verify for details. Keep the database as it is: it is evidence.')
}
