import type { AuditRecordTable, MainSchema, Params, Reader } from '@steward/db'
import { byteLength, contains, prepare } from '@steward/db'
import { breathe } from '../core/blob/blob-bytes.ts'
import type { Db } from '../core/context.ts'
import type { AuditRecordDetails, OperationRecord } from './audit-record.schema.ts'
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

export interface TrailFilter {
  action?: string | undefined
  userId?: string | undefined
  from?: string | undefined
  until?: string | undefined
}

/** Bytes of payloads that are read at once: each is as large as what was changed, and one thread answers everybody. */
const payloadsAtOnce = 4 * 1024 * 1024

/** How many of the rows may be read at once: one at least. */
function fitting(sizes: readonly { bytes: number | null }[], limit: number, most = payloadsAtOnce): number {
  let sum = 0
  const end = sizes.findIndex(({ bytes }, n) => {
    sum += bytes ?? 0
    return n >= limit || (n > 0 && sum > most)
  })
  return end < 0 ? sizes.length : end
}

interface TrailPage {
  filter: TrailFilter
  below: number | null
  limit: number
}

function pageOfTrail(db: Db, laneId: string, { filter, below }: TrailPage) {
  let query = trail(db).where('r.lane_id', '=', laneId)
  if (below !== null) query = query.where('r.seq', '<', below)
  if (filter.action !== undefined) query = query.where('r.action', '=', filter.action)
  if (filter.userId !== undefined)
    query = query.where('r.actor_kind', '=', 'user').where('r.actor_id', '=', filter.userId)
  if (filter.from !== undefined) query = query.where('r.at', '>=', filter.from)
  if (filter.until !== undefined) query = query.where('r.at', '<=', filter.until)
  return query.orderBy('r.seq', 'desc')
}

/** Newest first, before the sequence number `below`; fewer than `limit` where records are large. */
export async function listTrail(db: Db, laneId: string, page: TrailPage): Promise<{ rows: TrailRow[]; more: boolean }> {
  const query = pageOfTrail(db, laneId, page)
  const sizes = await query
    .select((eb) => byteLength(eb.ref('p.payload')).as('bytes'))
    .limit(page.limit + 1)
    .execute()
  const count = fitting(sizes, page.limit)
  const rows = await query
    .selectAll('r')
    .select(['p.salt', 'p.payload', 'u.email as user_email'])
    .limit(count)
    .execute()
  return { rows, more: sizes.length > count }
}

export const findTrailRow = prepare((db: Reader<MainSchema>, p: Params<{ laneId: string; id: string }>) =>
  trail(db)
    .selectAll('r')
    .select(['p.salt', 'p.payload', 'u.email as user_email'])
    .where('r.lane_id', '=', p.laneId)
    .where('r.id', '=', p.id),
)

const lastSeq = Number.MAX_SAFE_INTEGER

/** Where to read in a lane's chain: oldest first, after the sequence number `above` and not past `upTo`. */
export interface Stretch {
  laneId: string
  above: number
  upTo: number
}

type Walk = Params<Stretch & { limit: number }>

const stretch = (db: Reader<MainSchema>, p: Walk) =>
  db
    .selectFrom('audit_record as r')
    .leftJoin('audit_payload as p', 'p.record_id', 'r.id')
    .where('r.lane_id', '=', p.laneId)
    .where('r.seq', '>', p.above)
    .where('r.seq', '<=', p.upTo)
    .orderBy('r.seq')
    .limit(p.limit)

const walkSizes = prepare((db: Reader<MainSchema>, p: Walk) =>
  stretch(db, p).select((eb) => ['r.seq', byteLength(eb.ref('p.payload')).as('bytes')]),
)

const walkTrail = prepare((db: Reader<MainSchema>, p: Walk) =>
  stretch(db, p).selectAll('r').select(['p.salt', 'p.payload']),
)

/** The first records of a stretch: a thousand at most, and fewer where their payloads have more than `most` bytes. */
export async function firstRecords(
  db: Db,
  within: Stretch,
  most?: number,
): Promise<{ records: ChainRecord[]; more: boolean }> {
  const limit = 1000
  const sizes = await walkSizes.all(db, { ...within, limit: limit + 1 })
  const count = fitting(sizes, limit, most)
  const upTo = sizes[count - 1]?.seq
  if (upTo === undefined) return { records: [], more: false }
  const rows = await walkTrail.all(db, { ...within, upTo, limit: count })
  return { records: rows.map(toChainRecord), more: sizes.length > count }
}

/** All records of a stretch, in pieces that may be held; others are answered between. */
export async function* walkRecords(db: Db, within: Stretch): AsyncGenerator<ChainRecord[]> {
  for (let above = within.above; ;) {
    const { records, more } = await firstRecords(db, { ...within, above })
    yield records
    above = records.at(-1)?.seq ?? above
    if (!more) return
    await breathe()
  }
}

interface About {
  userId: string
  /** The person's address, if they are still known. */
  email: string | null
  /** Only these records; null for all. */
  recordIds: readonly string[] | null
}

/**
 * What `payloadsAbout` finds in a whole lane, searched in pieces; others are answered between.
 * @param most records found, about: there it ends.
 * @returns their ids, and the sequence number up to which it has searched.
 */
export async function findPayloadsAbout(
  db: Db,
  laneId: string,
  about: About,
  most: number,
): Promise<{ found: string[]; searched: number }> {
  const found: string[] = []
  const limit = 1000
  for (let searched = 0; ;) {
    const sizes = await walkSizes.all(db, { laneId, above: searched, upTo: lastSeq, limit: limit + 1 })
    const count = fitting(sizes, limit)
    const upTo = sizes[count - 1]?.seq ?? searched
    found.push(...(await payloadsAbout(db, { laneId, above: searched, upTo }, about)))
    searched = upTo
    if (sizes.length <= count || found.length >= most) return { found, searched }
    await breathe()
  }
}

/** Ids of records by or about a person that still have a payload; erasures stay, as they say what was erased. */
export async function payloadsAbout(
  db: Db,
  { laneId, above, upTo = lastSeq }: Pick<Stretch, 'laneId' | 'above'> & { upTo?: number },
  { userId, email, recordIds }: About,
): Promise<string[]> {
  const rows = await db
    .selectFrom('audit_record as r')
    .innerJoin('audit_payload as p', 'p.record_id', 'r.id')
    .select('r.id')
    .where('r.lane_id', '=', laneId)
    .where('r.seq', '>', above)
    .where('r.seq', '<=', upTo)
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
    .execute()
  return rows.map(({ id }) => id)
}

/** Those of the records that still have a payload, in the order in which they are given. */
export async function withPayload(db: Db, recordIds: readonly string[]): Promise<string[]> {
  if (recordIds.length === 0) return []
  const rows = await db.selectFrom('audit_payload').select('record_id').where('record_id', 'in', recordIds).execute()
  const there = new Set(rows.map((row) => row.record_id))
  return recordIds.filter((id) => there.has(id))
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

export function toAuditRecord(row: TrailRow): OperationRecord {
  const { resourceName, value } = payloadOf(row)
  return {
    id: row.id,
    recordedAt: row.at,
    userId: row.actor_kind === 'user' ? row.actor_id : null,
    userEmail: row.user_email,
    resourceId: row.resource_id,
    resourceName,
    value,
    action: row.action as OperationRecord['action'],
    operation: row.operation,
  }
}

export function toAuditRecordDetails(row: TrailRow): Omit<AuditRecordDetails, 'resource'> {
  const { before, after, ip, userAgent, credential } = payloadOf(row)
  return {
    ...toAuditRecord(row),
    seq: row.seq,
    prev: row.prev,
    hash: row.hash,
    payloadHash: row.payload_hash,
    actorKind: row.actor_kind,
    actorId: row.actor_id,
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

function toChainRecord(row: Omit<TrailRow, 'user_email'>): ChainRecord {
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
