import type { WorkspaceContext } from '../core/context.ts'
import { ApiError } from '../core/errors.ts'
import type { AppContext } from '../core/app-context.ts'
import { storesOf } from '../core/app-context.ts'
import { createQueue } from '../core/queue.ts'
import { walkRecords } from './audit.queries.ts'
import {
  findCheckpoints,
  findHead,
  findLastSeq,
  listLanes,
  listOrphanedLanes,
  toCheckpoint,
} from './checkpoint.queries.ts'
import { knownKeys } from './signing-key.service.ts'
import type { ChainReport, VerifyAuditOutput } from './audit-record.schema.ts'
import type { ChainEnd, Checkpoint, Finding } from './verify-export.ts'
import { anchorsOf, conclude, createWalker } from './verify-export.ts'

/** Lanes read at a time. */
const batch = 1000

export interface VerifyOptions {
  /** Checkpoints from the second place; they find a tail that was cut together with the lane's own row. */
  checkpoints?: readonly Checkpoint[]
  /** Public keys (SPKI PEM) by their ids whose checkpoints count; without them, those that the installation knows. */
  keys?: ReadonlyMap<string, string>
}

/**
 * Follows the whole chain of a lane in pages and holds it against the lane's head, payload hashes, erasures and signed
 * checkpoints. Needs no long transaction: records never change, so a page read later is the same page.
 * @returns the first thing that is wrong, or that nothing is.
 */
export async function verifyChain(app: AppContext, laneId: string, options: VerifyOptions = {}): Promise<ChainReport> {
  const report = await verifyOnce(app, laneId, options)
  // An erasure may have come while the pages were read: then its record is there at the second look.
  return report.finding?.kind === 'erased' ? verifyOnce(app, laneId, options) : report
}

async function verifyOnce(app: AppContext, laneId: string, options: VerifyOptions): Promise<ChainReport> {
  const { main } = storesOf(app)
  // Checkpoints before the head: what is signed later may lie past the head read here.
  const stored = await findCheckpoints.all(main.reader, { laneId })
  const keys = options.keys ?? (await knownKeys(app))
  const all = [...stored.map((row) => toCheckpoint(row, keys)), ...(options.checkpoints ?? [])]
  const signed = anchorsOf(
    all.filter((one) => one.laneId === laneId),
    (one) => keys.get(one.keyId),
  )
  const { head, lastSeq } = await main.snapshot(async (db) => ({
    head: await findHead.first(db, { laneId }),
    lastSeq: (await findLastSeq.first(db, { laneId }))?.seq ?? 0,
  }))
  const end: ChainEnd | null = head ? { seq: head.audit_seq, hash: head.audit_head } : null
  const walked = await walk(app, laneId, { anchors: signed.anchors, upTo: lastSeq })
  const unknown = beyond(end, lastSeq)
  const first = conclude(walked, { checkpoint: signed.finding, last: signed.last, head: end })
  const finding = unknown && (!first || unknown.seq <= first.seq) ? unknown : first
  return {
    laneId,
    ok: finding === null,
    records: walked.records,
    seq: walked.end.seq,
    head: walked.end.hash,
    erased: walked.missing.size,
    checkpoints: signed.anchors.size,
    finding,
  }
}

async function walk(
  app: AppContext,
  laneId: string,
  { anchors, upTo }: { anchors: ReadonlyMap<number, readonly string[]>; upTo: number },
) {
  const db = storesOf(app).main.reader
  const walker = createWalker(laneId, anchors)
  for await (const records of walkRecords(db, { laneId, above: Number.MIN_SAFE_INTEGER, upTo }))
    for (const record of records) walker.push(record)
  return walker.finish()
}

/** Records that the lane knows nothing of. */
function beyond(head: ChainEnd | null, lastSeq: number): Finding | null {
  const known = head?.seq ?? 0
  if (lastSeq <= known) return null
  return {
    seq: known + 1,
    kind: head ? 'inserted' : 'head',
    expected: head ? `no record after ${known}` : 'the row of the lane',
    found: `records up to ${lastSeq}`,
  }
}

export interface AllReport {
  lanes: number
  records: number
  /** The reports of the lanes that are not sound. */
  problems: ChainReport[]
}

/**
 * Verifies every chain of the installation: workspaces, accounts, people and the installation's own.
 * @param onProgress called after each lane with what has been done so far.
 */
export async function verifyAll(
  app: AppContext,
  onProgress: (progress: { lanes: number; records: number }) => void = () => {},
  options: VerifyOptions = {},
): Promise<AllReport> {
  const report: AllReport = { lanes: 0, records: 0, problems: [] }
  const keys = options.keys ?? (await knownKeys(app))
  const kept = Map.groupBy(options.checkpoints ?? [], (one) => one.laneId)
  for await (const laneId of everyLane(app, [...kept.keys()])) {
    const one = await verifyChain(app, laneId, { keys, checkpoints: kept.get(laneId) ?? [] })
    report.lanes += 1
    report.records += one.records
    if (!one.ok) report.problems.push(one)
    onProgress({ lanes: report.lanes, records: report.records })
  }
  return report
}

/** Lanes by their rows, then those that only records or checkpoints still tell of. */
async function* everyLane(app: AppContext, kept: readonly string[]): AsyncGenerator<string> {
  const db = storesOf(app).main.reader
  const orphans = new Set((await listOrphanedLanes(db)).map((row) => row.lane_id))
  for (const laneId of kept) if (!(await findHead.first(db, { laneId }))) orphans.add(laneId)
  for (let above = ''; ;) {
    const lanes = await listLanes.all(db, { above, limit: batch })
    for (const { id } of lanes) yield (above = id)
    if (lanes.length < batch) break
  }
  yield* orphans
}

const queues = new WeakMap<AppContext, ReturnType<typeof createQueue>>()
/** One chain is followed at a time: how long that takes is not up to who asks, and others are to be answered between. */
const share = { atOnce: 1, waiting: 8 }
const busy = (): ApiError =>
  new ApiError('RateLimited', 'Other audit trails are being verified. Try again in a moment.', { resetSeconds: 10 })

/** Verifies the chain of the workspace. @throws RateLimited when many others wait for the same. */
export async function verifyWorkspaceChain(ctx: WorkspaceContext): Promise<VerifyAuditOutput> {
  const { app, workspaceId } = ctx
  const queued = queues.get(app) ?? createQueue(share, busy)
  queues.set(app, queued)
  return { report: await queued(() => verifyChain(app, workspaceId)) }
}
