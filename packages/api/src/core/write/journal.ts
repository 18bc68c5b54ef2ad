import type { AuthorizedContext, Lane, MainTx } from '../context.ts'
import { actingUser } from '../context.ts'
import { iso } from '../clock.ts'
import type { AuditAction } from './audit-actions.schema.ts'
import { linkHash, payloadHash } from './audit-chain.ts'
import type { Committed } from './events.ts'
import type { LaneState } from './lanes.ts'
import type { Complete } from './lifecycle.ts'
import type { AuditEntry, OutboxMessage } from './write.ts'
import { endChanges, insertAudit, insertOutbox, insertPayload, moveLane, upsertChange } from './write.queries.ts'

/* What a write leaves beside the rows it changes: in each of its lanes the changes and an audit record, and work to be done. */

/** A write as it is told in one lane. */
export interface Recorded {
  state: LaneState
  name: AuditAction
  written: Complete<unknown>
  first: boolean
  author: Author
}

/** Adds to one lane: its next version, the changes that belong to it, and one audit record on its chain. */
export async function record(
  tx: MainTx,
  ctx: AuthorizedContext,
  { state, name, written, first, author }: Recorded,
): Promise<Committed> {
  const laneId = state.lane.id
  const version = state.version + 1
  const changes = written.changes.filter((change) => (change.lane === undefined ? first : change.lane === laneId))
  if (written.ends.includes(laneId)) await endChanges.run(tx, { laneId, version })
  for (const change of changes)
    await upsertChange.run(tx, {
      lane_id: laneId,
      type: change.type,
      entity_id: change.id,
      version,
      deleted: change.deleted ? 1 : 0,
    })
  const { action, audit } = written.laneAudits?.[laneId] ?? { action: name, audit: written.audit }
  const { seq, hash } = await appendAudit(tx, ctx, { state, name: action, author, entry: audit })
  await moveLane.run(tx, { id: laneId, version, seq, head: hash })
  return { laneId, version, changes }
}

/** Who did it, as a record says it: in its header and beside it. */
interface Author {
  kind: string
  id: string | null
  traces: { ip: string | null; userAgent: string | null; credential: { kind: string; id: string | null } | null }
}

/** Who acts: the caller, or the newcomer that an anonymous caller makes of themselves. */
export function authorOf(ctx: AuthorizedContext, newcomer?: string): Author {
  const { actor, request } = ctx
  const { ip, userAgent } = request
  if (actor.kind === 'anonymous' && newcomer !== undefined)
    return { kind: 'user', id: newcomer, traces: { ip, userAgent, credential: null } }
  const credential =
    actor.kind === 'user'
      ? { kind: actor.credential.kind, id: 'id' in actor.credential ? actor.credential.id : null }
      : null
  return {
    kind: actor.kind,
    id: actor.kind === 'system' ? actor.name : actor.kind === 'bot' ? actor.keyId : actingUser(ctx),
    traces: { ip, userAgent, credential },
  }
}

/** Of whom a record in another lane says only where they acted. */
export const laneAsAuthor = ({ kind, id }: Lane): Author => ({
  kind,
  id,
  traces: { ip: null, userAgent: null, credential: null },
})

async function appendAudit(
  tx: MainTx,
  ctx: AuthorizedContext,
  { state, name, author, entry }: Pick<Recorded, 'state' | 'name' | 'author'> & { entry: AuditEntry },
) {
  const { app, request } = ctx
  const salt = app.ids.bytes(16).toString('hex')
  const payload = JSON.stringify({
    resourceName: entry.name ?? null,
    value: entry.value ?? null,
    before: entry.before ?? null,
    after: entry.after ?? null,
    ...author.traces,
  })
  const header = {
    id: app.ids.make('audit'),
    laneId: state.lane.id,
    at: iso(app.clock.now()),
    actorKind: author.kind,
    actorId: author.id,
    action: name,
    operation: ctx.permission,
    resourceType: entry.type,
    resourceId: entry.id,
    requestId: request.id,
  }
  const sealedPayload = payloadHash(salt, payload)
  const seq = state.seq + 1
  const hash = linkHash(seq, state.head, { header, payloadHash: sealedPayload })
  await insertAudit.run(tx, {
    id: header.id,
    lane_id: header.laneId,
    seq,
    prev: state.head,
    hash,
    at: header.at,
    actor_kind: header.actorKind,
    actor_id: header.actorId,
    action: header.action,
    operation: header.operation,
    resource_type: header.resourceType,
    resource_id: header.resourceId,
    request_id: header.requestId,
    payload_hash: sealedPayload,
  })
  await insertPayload.run(tx, { record_id: header.id, salt, payload })
  return { seq, hash }
}

/** Promises work to be done after the commit. */
export async function putInOutbox(tx: MainTx, ctx: AuthorizedContext, message: OutboxMessage): Promise<void> {
  const now = iso(ctx.app.clock.now())
  await insertOutbox.run(tx, {
    id: ctx.app.ids.make('outbox'),
    lane_id: ctx.lane.id,
    topic: message.topic,
    payload: JSON.stringify(message.payload),
    created_at: now,
    run_after: now,
  })
}
