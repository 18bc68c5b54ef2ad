import type { Consequences } from '../area.ts'
import { consequencesOf } from './lifecycle.ts'
import type { ChangeType } from './change-types.schema.ts'
import { endChanges, insertAudit, insertOutbox, insertPayload, moveLane, upsertChange } from './write.queries.ts'
import { linkHash, payloadHash } from './audit-chain.ts'
import { iso } from '../clock.ts'
import { ApiError } from '../errors.ts'
import type { AuthorizedContext, Lane, MainTx } from '../context.ts'
import { actingUser } from '../context.ts'
import type { Committed } from './events.ts'
import type { Gauge } from '../app-context.ts'
import { storesOf } from '../app-context.ts'
import type { LaneState } from './lanes.ts'
import { takeLanes, turnOf } from './lanes.ts'
import { enterWrite, leaveWrite } from './read.ts'
import { keepAnswer, replay } from './idempotency.ts'
import type { AuditAction } from './audit-actions.schema.ts'

/** An entity that a write touched; goes to the first lane of the write unless it names another. */
export interface Change {
  type: ChangeType
  id: string
  deleted?: true
  lane?: string
}

/** What the audit trail says about a write. `before` and `after` hold the touched fields only, never a secret. */
export interface AuditEntry {
  type: Change['type']
  id: string | null
  name?: string | null
  /** The contract's one-line `value`. */
  value?: string | null
  before?: unknown
  after?: unknown
}

/** What the record of one lane says instead of the write's own. */
export interface LaneAudit {
  action: AuditAction
  audit: AuditEntry
}

/** Topics of the outbox, each with its payload; each area adds its own by `declare module`. */
export interface Topics {
  'blob.collect': { hashes: readonly string[] }
  'mail.send': { sealed: string }
}
export type Topic = keyof Topics

/** Work to be done after the commit, at least once, by the handler of its topic. */
export type OutboxMessage = { [T in Topic]: { topic: T; payload: Topics[T] } }[Topic]

/** What the closure of a write returns: without these it does not type-check, so nothing is forgotten. */
export interface Written<T> {
  answer: T
  changes: readonly Change[]
  audit: AuditEntry
  /** By the lane's id: what its record says where `audit` would be wrong there, or tell too much. */
  laneAudits?: Readonly<Record<string, LaneAudit>>
  outbox?: readonly OutboxMessage[]
}

/**
 * The contract's name of what happens; `lanes` when the write is not about the context's own lane. With `discreet` the
 * record in any other lane says in whose lane somebody acted, not who. `newcomer` is the person whom an anonymous
 * caller makes of themselves: it was they who acted. `anyKey` is for the write that gives the database another key.
 */
export type Action =
  | AuditAction
  | { action: AuditAction; lanes: readonly Lane[]; discreet?: true; newcomer?: string; anyKey?: true }

function unknownPage(): ApiError {
  return new ApiError(
    'Forbidden',
    'This request is recorded in the audit trail, and nothing shows that it comes from a page of this installation. Send the header "x-requested-with", or use a token.',
  )
}

/**
 * The way to change what people administer; what they only count goes through `count`, and records of what bots did
 * through `record`. In one transaction: takes the lanes (in a fixed order), asks for the rights again,
 * answers a repeated idempotency key from store, runs `fn`, checks quotas, counts the version, writes change rows, one
 * audit record per lane on its chain, the outbox and the answer. After the commit it publishes. Acknowledged means
 * durable. A verb returns what `write` returned, since that is the answer a repeated key gets.
 * @throws whatever the rights check or `fn` throws, with nothing written; KeyReplaced; Forbidden for a reading that a page
 *   elsewhere may have begun; ResourceLockedConflict never.
 */
export async function write<T>(
  ctx: AuthorizedContext,
  action: Action,
  fn: (tx: MainTx) => Promise<Written<T>>,
): Promise<T> {
  const plan: Exclude<Action, string> = typeof action === 'string' ? { action, lanes: [ctx.lane] } : action
  const { lanes } = plan
  if (ctx.request.fromUnknownPage) throw unknownPage()
  enterWrite(ctx)
  let committed: Committed[] = []
  try {
    const perform = async (tx: MainTx): Promise<T> => {
      committed = []
      const states = await takeLanes(tx, lanes, plan.anyKey ? null : ctx.app.keys.publicKey)
      const replayed = await replay<T>(tx, ctx, { ask: () => ctx.recheck(tx) })
      if (replayed) return replayed.answer
      await ctx.recheck(tx)
      const written = withConsequences(await fn(tx), consequencesOf(tx))
      if (written.gauges.length > 0) await ctx.app.quota(ctx.app, tx, written.gauges)
      const first = lanes[0]?.id
      for (const state of states)
        committed.push(
          await record(tx, ctx, {
            state,
            name: plan.action,
            written,
            first: state.lane.id === first,
            author:
              plan.discreet && state.lane.id !== ctx.lane.id ? laneAsAuthor(ctx.lane) : authorOf(ctx, plan.newcomer),
          }),
        )
      for (const message of written.outbox ?? []) await putInOutbox(tx, ctx, message)
      await keepAnswer(tx, ctx, written.answer)
      return written.answer
    }
    return await storesOf(ctx.app).main.write(perform, turnOf(lanes))
  } catch (cause) {
    committed = []
    throw cause
  } finally {
    leaveWrite(ctx)
    for (const event of committed) ctx.app.events.publish(event)
  }
}

/** A write with all that follows from it (`announce`). */
interface Complete<T> extends Written<T> {
  ends: readonly string[]
  gauges: readonly Gauge[]
}

function withConsequences<T>(
  written: Written<T>,
  { changes, outbox, ends, gauges }: Required<Consequences>,
): Complete<T> {
  return {
    ...written,
    changes: [...written.changes, ...changes],
    outbox: [...(written.outbox ?? []), ...outbox],
    ends,
    gauges,
  }
}

interface Recorded {
  state: LaneState
  name: AuditAction
  written: Complete<unknown>
  first: boolean
  author: Author
}

async function record(
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

function authorOf(ctx: AuthorizedContext, newcomer?: string): Author {
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

const laneAsAuthor = ({ kind, id }: Lane): Author => ({
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

async function putInOutbox(tx: MainTx, ctx: AuthorizedContext, message: OutboxMessage): Promise<void> {
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
