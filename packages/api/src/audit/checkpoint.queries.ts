import type { AuditCheckpointTable, MainSchema, Params, Reader, Tx } from '@steward/db'
import { prepare, prepareWrite } from '@steward/db'
import type { Db } from '../core/context.ts'
import type { Checkpoint } from './verify-export.ts'

export const findHead = prepare((db: Reader<MainSchema>, p: Params<{ laneId: string }>) =>
  db.selectFrom('lane').select(['audit_seq', 'audit_head']).where('id', '=', p.laneId),
)

/** The highest sequence number among the records themselves. */
export const findLastSeq = prepare((db: Reader<MainSchema>, p: Params<{ laneId: string }>) =>
  db.selectFrom('audit_record').select('seq').where('lane_id', '=', p.laneId).orderBy('seq', 'desc').limit(1),
)

export const findCheckpoints = prepare((db: Reader<MainSchema>, p: Params<{ laneId: string }>) =>
  db.selectFrom('audit_checkpoint').selectAll().where('lane_id', '=', p.laneId).orderBy('seq'),
)

export const findLastCheckpoint = prepare((db: Reader<MainSchema>, p: Params<{ laneId: string }>) =>
  db.selectFrom('audit_checkpoint').selectAll().where('lane_id', '=', p.laneId).orderBy('seq', 'desc').limit(1),
)

/** Newest first. */
export function pageOfCheckpoints(
  db: Db,
  laneId: string,
  { below, limit }: { below: number | null; limit: number },
): Promise<AuditCheckpointTable[]> {
  return db
    .selectFrom('audit_checkpoint')
    .selectAll()
    .where('lane_id', '=', laneId)
    .$if(below !== null, (query) => query.where('seq', '<', below ?? 0))
    .orderBy('seq', 'desc')
    .limit(limit)
    .execute()
}

export const insertCheckpoint = prepareWrite((tx: Tx<MainSchema>, p: Params<AuditCheckpointTable>) =>
  tx
    .insertInto('audit_checkpoint')
    .values({
      lane_id: p.lane_id,
      seq: p.seq,
      head: p.head,
      at: p.at,
      key_id: p.key_id,
      signature: p.signature,
    })
    .onConflict((conflict) => conflict.columns(['lane_id', 'seq']).doNothing()),
)

/** Lanes in the order of their ids. */
export const listLanes = prepare((db: Reader<MainSchema>, p: Params<{ above: string; limit: number }>) =>
  db.selectFrom('lane').select('id').where('id', '>', p.above).orderBy('id').limit(p.limit),
)

/** Lanes that have moved past their newest checkpoint, in the order of their ids. */
export const listMovedLanes = prepare((db: Reader<MainSchema>, p: Params<{ above: string; limit: number }>) =>
  db
    .selectFrom('lane as l')
    .select('l.id')
    .where('l.id', '>', p.above)
    .where('l.audit_seq', '>', 0)
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('audit_checkpoint as c')
            .select('c.seq')
            .whereRef('c.lane_id', '=', 'l.id')
            .whereRef('c.seq', '>=', 'l.audit_seq'),
        ),
      ),
    )
    .orderBy('l.id')
    .limit(p.limit),
)

/** Lanes of which only records or checkpoints are left. */
export function listOrphanedLanes(db: Db): Promise<{ lane_id: string }[]> {
  const lanes = db.selectFrom('lane').select('lane.id')
  const checkpoints = db.selectFrom('audit_checkpoint as c').select('c.lane_id').where('c.lane_id', 'not in', lanes)
  return db
    .selectFrom('audit_record as r')
    .select('r.lane_id')
    .where('r.lane_id', 'not in', lanes)
    .union(checkpoints)
    .execute()
}

export function toCheckpoint(row: AuditCheckpointTable, keys: ReadonlyMap<string, string>): Checkpoint {
  const publicKey = keys.get(row.key_id)
  return {
    laneId: row.lane_id,
    seq: row.seq,
    head: row.head,
    at: row.at,
    keyId: row.key_id,
    signature: row.signature,
    ...(publicKey !== undefined && { publicKey }),
  }
}
