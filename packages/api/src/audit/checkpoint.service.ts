import { iso } from '../core/clock.ts'
import type { AppContext } from '../core/app-context.ts'
import { storesOf } from '../core/app-context.ts'
import type { CheckpointSink } from './checkpoint-sink.ts'
import { walkRecords } from './audit.queries.ts'
import { findHead, findLastCheckpoint, insertCheckpoint, listMovedLanes } from './checkpoint.queries.ts'
import type { Checkpoint } from './verify-export.ts'
import { checkpointText, createWalker } from './verify-export.ts'

/** Lanes read at a time. */
const batch = 1000

/**
 * Signs the head of a lane's chain, having followed the chain from the checkpoint before: nothing is vouched for that
 * does not hang together. Written to the sink first, then to the table, so the second place never lags behind.
 * @returns the checkpoint; null when the newest one is up to date.
 * @throws Error when the records since the last checkpoint do not lead to the head.
 */
export async function checkpointLane(
  app: AppContext,
  laneId: string,
  sink?: CheckpointSink,
): Promise<Checkpoint | null> {
  const { main } = storesOf(app)
  const head = await findHead.first(main.reader, { laneId })
  const last = await findLastCheckpoint.first(main.reader, { laneId })
  if (!head || head.audit_seq === 0 || (last && last.seq >= head.audit_seq)) return null
  await requireSound(app, laneId, { last: last ?? null, head: { seq: head.audit_seq, hash: head.audit_head } })
  const unsigned = { laneId, seq: head.audit_seq, head: head.audit_head, at: iso(app.clock.now()) }
  const { keyId, publicKey } = app.keys
  const signed = { ...unsigned, keyId, signature: app.keys.sign(checkpointText(unsigned)) }
  await sink?.append({ ...signed, publicKey })
  await main.write((tx) =>
    insertCheckpoint.run(tx, {
      lane_id: laneId,
      seq: signed.seq,
      head: signed.head,
      at: signed.at,
      key_id: keyId,
      signature: signed.signature,
    }),
  )
  return { ...signed, publicKey }
}

interface Stretch {
  last: { seq: number; head: string } | null
  head: { seq: number; hash: string }
}

async function requireSound(app: AppContext, laneId: string, { last, head }: Stretch): Promise<void> {
  const db = storesOf(app).main.reader
  const walker = createWalker(laneId, new Map(), last ? { seq: last.seq, hash: last.head } : undefined)
  for await (const records of walkRecords(db, { laneId, above: last?.seq ?? 0, upTo: head.seq }))
    for (const record of records) walker.push(record)
  const { end, finding } = walker.finish()
  if (finding || end.seq !== head.seq || end.hash !== head.hash)
    throw new Error(
      `The audit chain of ${laneId} is broken at record ${finding?.seq ?? end.seq + 1}; no checkpoint was signed.`,
    )
}

/** Signs the head of every lane that has moved since its newest checkpoint. @returns how many were signed. */
export async function checkpointMovedLanes(app: AppContext, sink?: CheckpointSink): Promise<number> {
  const db = storesOf(app).main.reader
  let signed = 0
  for (let above = ''; ;) {
    const lanes = await listMovedLanes.all(db, { above, limit: batch })
    for (const { id } of lanes) {
      above = id
      try {
        if (await checkpointLane(app, id, sink)) signed += 1
      } catch (cause) {
        app.log.error({ err: cause, laneId: id }, 'An audit checkpoint could not be created.')
      }
    }
    if (lanes.length < batch) return signed
  }
}
