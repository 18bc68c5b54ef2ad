import type { AuditRecordTable, MainSchema, Params, Reader } from '@steward/db'
import { contains, prepare } from '@steward/db'
import type { Db, MainTx } from '../core/context.ts'
import type { AuditRecord } from './audit.schema.ts'
import type { AuditRecordDetails } from './trail.schema.ts'
import type { ChainRecord } from './verify-export.ts'

/** A record with its payload, unless erased. */
export interface TrailRow extends AuditRecordTable {
  salt: string | null
  payload: string | null
  user_email: string | null
}

const trail = (db: Reader<MainSchema>) =>
  db
    .selectFrom('audit_record as r')
    .leftJoin('audit_payload as p', 'p.record_id', 'r.id')
    .leftJoin('user as u', (join) => join.onRef('u.id', '=', 'r.actor_id').on('r.actor_kind', '=', 'user'))
    .selectAll('r')
    .select(['p.salt', 'p.payload', 'u.email as user_email'])

export interface TrailFilter {
  action?: string | undefined
  userId?: string | undefined
  from?: string | undefined
  until?: string | undefined
}

/** Newest first, before the sequence number `below`. */
export function listTrail(
  db: Db,
  laneId: string,
  { filter, below, limit }: { filter: TrailFilter; below: number | null; limit: number },
): Promise<TrailRow[]> {
  let query = trail(db).where('r.lane_id', '=', laneId)
  if (below !== null) query = query.where('r.seq', '<', below)
  if (filter.action !== undefined) query = query.where('r.action', '=', filter.action)
  if (filter.userId !== undefined)
    query = query.where('r.actor_kind', '=', 'user').where('r.actor_id', '=', filter.userId)
  if (filter.from !== undefined) query = query.where('r.at', '>=', filter.from)
  if (filter.until !== undefined) query = query.where('r.at', '<=', filter.until)
  return query.orderBy('r.seq', 'desc').limit(limit).execute()
}

export const findTrailRow = prepare((db: Reader<MainSchema>, p: Params<{ laneId: string; id: string }>) =>
  trail(db).where('r.lane_id', '=', p.laneId).where('r.id', '=', p.id),
)

/** Oldest first, after the sequence number `above` and not past `upTo`. */
export const walkTrail = prepare(
  (db: Reader<MainSchema>, p: Params<{ laneId: string; above: number; upTo: number; limit: number }>) =>
    db
      .selectFrom('audit_record as r')
      .leftJoin('audit_payload as p', 'p.record_id', 'r.id')
      .selectAll('r')
      .select(['p.salt', 'p.payload'])
      .where('r.lane_id', '=', p.laneId)
      .where('r.seq', '>', p.above)
      .where('r.seq', '<=', p.upTo)
      .orderBy('r.seq')
      .limit(p.limit),
)

interface About {
  userId: string
  /** The person's address, if they are still known. */
  email: string | null
  /** Only these records; null for all. */
  recordIds: readonly string[] | null
  limit: number
}

/** Records by or about a person that still have a payload; erasures stay, as they say what was erased. */
export function findPayloadsAbout(
  db: Db,
  laneId: string,
  { userId, email, recordIds, limit }: About,
): Promise<{ id: string; seq: number }[]> {
  return db
    .selectFrom('audit_record as r')
    .innerJoin('audit_payload as p', 'p.record_id', 'r.id')
    .select(['r.id', 'r.seq'])
    .where('r.lane_id', '=', laneId)
    .where('r.operation', '<>', 'audit.erase')
    .where((eb) =>
      eb.or([
        eb.and([eb('r.actor_kind', '=', 'user'), eb('r.actor_id', '=', userId)]),
        eb('r.resource_id', '=', userId),
        contains(eb.ref('p.payload'), JSON.stringify(userId)),
        ...(email === null ? [] : [contains(eb.ref('p.payload'), JSON.stringify(email))]),
      ]),
    )
    .$if(recordIds !== null, (query) => query.where('r.id', 'in', recordIds ?? []))
    .orderBy('r.seq')
    .limit(limit)
    .execute()
}

/** Deletes payload and salt: what is left of a record says who did what when, but neither names nor values. */
export async function erasePayloads(tx: MainTx, recordIds: readonly string[]): Promise<void> {
  await tx.deleteFrom('audit_payload').where('record_id', 'in', recordIds).execute()
}

export const findEmail = prepare((db: Reader<MainSchema>, p: Params<{ userId: string }>) =>
  db.selectFrom('user').select('email').where('id', '=', p.userId),
)

interface Payload {
  resourceName: string | null
  value: string | null
  before: unknown
  after: unknown
  ip: string | null
  userAgent: string | null
  credential: { kind: string; id: string | null } | null
}

const nothing: Payload = {
  resourceName: null,
  value: null,
  before: null,
  after: null,
  ip: null,
  userAgent: null,
  credential: null,
}

function payloadOf(row: TrailRow): Payload {
  return row.payload === null ? nothing : (JSON.parse(row.payload) as Payload)
}

export function toAuditRecord(row: TrailRow): AuditRecord {
  const { resourceName, value } = payloadOf(row)
  return {
    id: row.id,
    recordedAt: row.at,
    userId: row.actor_kind === 'user' ? row.actor_id : null,
    userEmail: row.user_email,
    resourceId: row.resource_id,
    resourceName,
    value,
    action: row.action as AuditRecord['action'],
    operation: row.operation,
  }
}

export function toAuditRecordDetails(row: TrailRow): AuditRecordDetails {
  const { before, after, ip, userAgent, credential } = payloadOf(row)
  return {
    ...toAuditRecord(row),
    seq: row.seq,
    prev: row.prev,
    hash: row.hash,
    payloadHash: row.payload_hash,
    actorKind: row.actor_kind,
    actorId: row.actor_id,
    operation: row.operation,
    resourceType: row.resource_type,
    requestId: row.request_id,
    erased: row.payload === null,
    before,
    after,
    ip,
    userAgent,
    credential,
  }
}

export function toChainRecord(row: Omit<TrailRow, 'user_email'>): ChainRecord {
  return {
    id: row.id,
    laneId: row.lane_id,
    seq: row.seq,
    prev: row.prev,
    hash: row.hash,
    at: row.at,
    actorKind: row.actor_kind,
    actorId: row.actor_id,
    action: row.action,
    operation: row.operation,
    resourceType: row.resource_type,
    resourceId: row.resource_id,
    requestId: row.request_id,
    payloadHash: row.payload_hash,
    salt: row.salt,
    payload: row.payload,
  }
}
