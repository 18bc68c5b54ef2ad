import type { AuthorizedContext, Lane, MainTx } from '../context.ts'
import { ApiError } from '../errors.ts'
import { storesOf } from '../app-context.ts'
import type { AuditAction } from './audit-actions.schema.ts'
import type { ChangeType } from './change-types.schema.ts'
import type { Committed } from './events.ts'
import { keepAnswer, replay } from './idempotency.ts'
import { authorOf, laneAsAuthor, putInOutbox, record } from './journal.ts'
import { takeLanes, turnOf } from './lanes.ts'
import { complete } from './lifecycle.ts'
import { enterWrite, leaveWrite } from './read.ts'

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
      const written = complete(tx, await fn(tx))
      if (written.gauges.length > 0) await ctx.app.quota(ctx.app, tx, written.gauges)
      for (const message of written.outbox ?? []) await putInOutbox(tx, ctx, message)
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
