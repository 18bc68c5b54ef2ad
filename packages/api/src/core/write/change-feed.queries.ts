import type { MainSchema, Params, Reader } from '@steward/db'
import { prepare } from '@steward/db'

type Db = Reader<MainSchema>

export const laneVersion = prepare((db: Db, p: Params<{ laneId: string }>) =>
  db.selectFrom('lane').select('version').where('id', '=', p.laneId).limit(1),
)

/** The hash of the audit record that the commit of a version left: it tells two pasts with the same numbers apart. */
export const hashOfVersion = prepare((db: Db, p: Params<{ laneId: string; version: number }>) =>
  db.selectFrom('audit_record').select('hash').where('lane_id', '=', p.laneId).where('seq', '=', p.version),
)

/** The version at which a batch of about `size` entities, read from `after` on, ends. */
export const batchEnd = prepare((db: Db, p: Params<{ laneId: string; after: number; size: number }>) =>
  db
    .selectFrom('change')
    .select('version')
    .where('lane_id', '=', p.laneId)
    .where('version', '>', p.after)
    .orderBy('version')
    .limit(1)
    .offset(p.size),
)

/** Whole versions only: all that changed last after `after`, up to and with `until`. */
export const changesBetween = prepare((db: Db, p: Params<{ laneId: string; after: number; until: number }>) =>
  db
    .selectFrom('change')
    .select(['type', 'entity_id', 'version', 'deleted'])
    .where('lane_id', '=', p.laneId)
    .where('version', '>', p.after)
    .where('version', '<=', p.until)
    .orderBy('version')
    .orderBy('type')
    .orderBy('entity_id'),
)
