import { iso } from '../clock.ts'
import type { AuthorizedContext, Context, Db, Lane, MainTx } from '../context.ts'
import { ApiError } from '../errors.ts'
import { sealedColumn } from '../sealed.ts'
import { findAnswer, insertIdempotency } from './write.queries.ts'

export const sealedAnswers = sealedColumn({
  table: 'idempotency',
  column: 'answer',
  key: ['actor_id', 'key'],
  what: 'stored responses',
  purpose: () => 'idempotency',
})

const purpose = sealedAnswers.purpose({ actor_id: '', key: '' })

/** What is stored, sealed, of a mutation that came with an idempotency key. */
interface Stored<T> {
  answer: T
  /** The write has itself ended the right to make it: a deletion, leaving, giving up a role. */
  ended?: true
  lane?: Lane
  /** What the author was there after the write. */
  standing: Standing
}

/** As `Resource.standingOf` says it; null in lanes without roles. */
type Standing = string | null

const gone = 'gone'

interface Rights {
  /** Asks for the rights of today. */
  ask: () => Promise<unknown>
  /** Whether what the call is about no longer exists: nothing in its answer opens anything then. */
  isGone?: () => Promise<boolean>
}

/**
 * The answer of an earlier call with the same idempotency key, to who may make the call today: an answer may hold a key
 * that is shown once. Or may not only because the call itself, or a deletion, ended the right, and has lost nothing else.
 * @throws AlreadyExists when the key was used for another request; whatever `ask` throws.
 */
export async function replay<T>(db: Db, ctx: Context, { ask, isGone }: Rights): Promise<{ answer: T } | null> {
  const earlier = await find<T>(db, ctx)
  if (!earlier) return null
  try {
    await ask()
  } catch (cause) {
    // Stored by a version that kept no lane.
    if (!earlier.lane) throw cause
    const now = await standingIn(db, ctx, earlier.lane)
    const excused = earlier.ended || (await isGone?.())
    if (!excused || (now !== earlier.standing && now !== gone)) throw cause
  }
  return earlier
}

/** Whether a call with this idempotency key was answered before; that it was the same call only its body can show. */
export async function isAnswered(db: Db, ctx: Context): Promise<boolean> {
  const key = ctx.request.idempotencyKey
  const owner = key === null ? null : keyOwner(ctx)
  return key !== null && owner !== null && (await findAnswer.first(db, { actor_id: owner, key })) !== undefined
}

async function find<T>(db: Db, ctx: Context): Promise<Stored<T> | null> {
  const key = ctx.idempotency
  const owner = key ? keyOwner(ctx) : null
  if (!key || !owner) return null
  const row = await findAnswer.first(db, { actor_id: owner, key: key.key })
  if (!row) return null
  if (row.request_hash !== key.requestHash)
    throw new ApiError('AlreadyExists', 'This idempotency key was already used for another request.', {
      idempotencyKey: key.key,
    })
  return JSON.parse(unsealed(ctx, row.answer)) as Stored<T>
}

function unsealed({ app }: Context, answer: string): string {
  try {
    return app.keys.unseal(answer, purpose)
  } catch {
    // Calling again would do it twice.
    throw new ApiError('AlreadyExists', 'This call was made before the secret key was replaced. Check what it did.')
  }
}

/** Stores the answer for `replay`, at the end of the write that it is the answer of. */
export async function keepAnswer(tx: MainTx, ctx: AuthorizedContext, answer: unknown): Promise<void> {
  const key = ctx.idempotency
  const owner = key ? keyOwner(ctx) : null
  if (!key || !owner) return
  const ended = await refuses(ctx, tx)
  const { lane } = ctx
  const standing = await standingIn(tx, ctx, lane)
  const stored: Stored<unknown> = { answer, lane, standing, ...(ended && { ended: true as const }) }
  await insertIdempotency.run(tx, {
    actor_id: owner,
    key: key.key,
    request_hash: key.requestHash,
    answer: ctx.app.keys.seal(JSON.stringify(stored), purpose),
    created_at: iso(ctx.app.clock.now()),
  })
}

async function refuses(ctx: AuthorizedContext, tx: MainTx): Promise<boolean> {
  try {
    await ctx.recheck(tx)
    return false
  } catch (cause) {
    if (!(cause instanceof ApiError)) throw cause
    return true
  }
}

async function standingIn(db: Db, { app, actor }: Context, { kind, id }: Lane): Promise<Standing> {
  if (kind !== 'workspace' && kind !== 'account') return null
  const userId = actor.kind === 'user' ? actor.userId : ''
  return (await app.areas.resources[kind].standingOf?.(db, { id, userId })) ?? null
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
