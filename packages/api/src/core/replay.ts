import { administersAccount, workspaceAccess } from './access.queries.ts'
import { iso } from './clock.ts'
import type { AuthorizedContext, Context, Db, Lane, MainTx } from './context.ts'
import { ApiError } from './errors.ts'
import { findAnswer, insertIdempotency } from './write.queries.ts'

/** What is stored, sealed, of a mutation that came with an idempotency key. */
interface Stored<T> {
  answer: T
  left?: Left
}

/** When a write itself ends the right to make it (a deletion, leaving, giving up a role): as what its author is left. */
interface Left {
  lane: Lane
  standing: string | null
}

/**
 * The answer of an earlier call with the same idempotency key. `ask` asks for the rights of today: an answer may hold a
 * key that is shown once. It may refuse only what the call itself has ended, to an author who has lost nothing since.
 * @throws AlreadyExists when the key was used for another request; whatever `ask` throws.
 */
export async function replay<T>(db: Db, ctx: Context, ask: () => Promise<unknown>): Promise<{ answer: T } | null> {
  const earlier = await find<T>(db, ctx)
  if (!earlier) return null
  try {
    await ask()
  } catch (cause) {
    const { left } = earlier
    if (!left || (await standingIn(db, ctx, left.lane)) !== left.standing) throw cause
  }
  return earlier
}

async function find<T>(db: Db, ctx: Context): Promise<Stored<T> | null> {
  const key = ctx.idempotency
  const owner = key ? keyOwner(ctx) : null
  if (!key || !owner) return null
  const row = await findAnswer.first(db, { actor_id: owner, key: key.key })
  if (!row) return null
  if (row.request_hash !== key.requestHash)
    throw new ApiError('AlreadyExists', 'This idempotency key was used for another request.', {
      idempotencyKey: key.key,
    })
  return JSON.parse(ctx.house.keys.unseal(row.answer, 'idempotency')) as Stored<T>
}

/** Stores the answer for `replay`, at the end of the write that it is the answer of. */
export async function keepAnswer(tx: MainTx, ctx: AuthorizedContext, answer: unknown): Promise<void> {
  const key = ctx.idempotency
  const owner = key ? keyOwner(ctx) : null
  if (!key || !owner) return
  const left = await leftWith(tx, ctx)
  const stored: Stored<unknown> = { answer, ...(left && { left }) }
  await insertIdempotency.run(tx, {
    actor_id: owner,
    key: key.key,
    request_hash: key.requestHash,
    answer: ctx.house.keys.seal(JSON.stringify(stored), 'idempotency'),
    created_at: iso(ctx.house.clock.now()),
  })
}

async function leftWith(tx: MainTx, ctx: AuthorizedContext): Promise<Left | null> {
  try {
    await ctx.recheck(tx)
    return null
  } catch (cause) {
    if (!(cause instanceof ApiError)) throw cause
    return { lane: ctx.lane, standing: await standingIn(tx, ctx, ctx.lane) }
  }
}

/** What the actor is in a workspace or an account; null for nothing, and where there is nothing to be. */
async function standingIn(db: Db, { actor }: Context, { kind, id }: Lane): Promise<string | null> {
  if (actor.kind !== 'user') return null
  const { userId } = actor
  if (kind === 'workspace') return (await workspaceAccess.first(db, { workspaceId: id, userId }))?.role ?? null
  if (kind !== 'account') return null
  return (await administersAccount.first(db, { accountId: id, userId })) ? 'administrator' : null
}

/**
 * Who an idempotency key belongs to: the credential, not the person, since a stored answer must not reach a token that
 * could not have made the call.
 */
function keyOwner(ctx: Context): string | null {
  const { actor } = ctx
  if (actor.kind === 'user') return 'id' in actor.credential ? `${actor.userId}:${actor.credential.id}` : actor.userId
  if (actor.kind === 'bot') return actor.keyId
  return actor.kind === 'system' ? `system:${actor.name}` : null
}
