import { isRefused, savepoint, TransactionFailed, violationOf } from '@steward/db'
import type { Tx } from '@steward/db'
import canonicalize from 'canonicalize'
import type { AppContext } from '../app-context.ts'
import { ApiError } from '../errors.ts'
import { sha256 } from '../secrets.ts'

/*
 * What `count` and `record` share: things that callers name by ids of their own choice, so that sending one again does
 * nothing. Where they are kept, with id and hash, is the matter of the ledger that an area makes; all else is decided here.
 */

/** One thing that a caller sends, as JSON (or the ledger has a `hashOf`). */
export interface Item {
  readonly id: string
}

/** A thing that is kept. */
export interface Kept<Answer> {
  readonly id: string
  /** As `Fresh` had it. */
  readonly hash: string
  readonly answer: Answer
}

/** A thing that is not kept yet. */
export interface Fresh<I extends Item> {
  readonly item: I
  /** Of all that the item says: the same id with another hash is a conflict. */
  readonly hash: string
}

/** What became of one item. */
export type Verdict<Answer> =
  | { readonly id: string; readonly status: 'added' | 'repeated'; readonly answer: Answer }
  /** `conflict`: the id is there, or came earlier in the same call, with something else. */
  | { readonly id: string; readonly status: 'conflict' | 'refused'; readonly error: ApiError }

/** Where things of one kind are kept; of a store with transactions `T`, for contexts `C`. Its queries are narrowed to the context. */
export interface Ledger<T, C, I extends Item, Answer> {
  /** What one thing is, for messages: "usage event". */
  readonly name: string
  /** Those of these ids that are kept, as the context may see them: its workspace's. */
  find(tx: T, ctx: C, ids: readonly string[]): Promise<readonly Kept<Answer>[]>
  /**
   * Keeps things, in order, each with its id and hash. Nothing but SQL is awaited; it may be called again.
   * @returns for each the answer, or the error that refuses it: then nothing of it may have been written.
   * @throws an ApiError to refuse all of `fresh`, whatever was written. With several they are tried again, fewer each time.
   */
  add(tx: T, ctx: C, fresh: readonly Fresh<I>[]): Promise<readonly (Answer | ApiError)[]>
  /** SHA-256 of the item's canonical JSON by default. */
  hashOf?(item: I): string
}

/** An item made `add` throw. */
class AddFailed extends Error {}

interface Sent<T, C, I extends Item, Answer> {
  ledger: Ledger<T, C, I, Answer>
  ctx: C
  items: readonly I[]
}

/**
 * Runs `attempt` until what its items come to is known: first with all items at once; again where somebody else has
 * just kept one of them; and when one fails for another reason, so that it fails alone.
 */
export async function settled<V>(attempt: (divided: boolean) => Promise<V>): Promise<V> {
  for (let round = 1; ; round += 1) {
    try {
      return await attempt(false)
    } catch (error) {
      if (!(error instanceof AddFailed)) throw error
      if (round > 2 || violationOf(error.cause) !== 'unique') return attempt(true)
    }
  }
}

/**
 * Keeps the items that are not kept yet.
 * @param divided an item that fails is undone alone. Otherwise it throws, for `settled`.
 * @returns a verdict per item, in order.
 */
export async function settle<DB, C extends { app: AppContext }, I extends Item, Answer>(
  tx: Tx<DB>,
  { ledger, ctx, items }: Sent<Tx<DB>, C, I, Answer>,
  divided: boolean,
): Promise<Verdict<Answer>[]> {
  if (items.length === 0) return []
  const hashes = items.map((item) => ledger.hashOf?.(item) ?? hashOf(item))
  const firsts = new Map<string, number>()
  for (const [index, { id }] of items.entries()) if (!firsts.has(id)) firsts.set(id, index)
  const kept = new Map((await ledger.find(tx, ctx, [...firsts.keys()])).map((row) => [row.id, row]))
  const indexes = [...firsts.values()].filter((index) => !kept.has(items[index]?.id ?? ''))
  const fresh = indexes.map((index): Fresh<I> => ({ item: items[index] as I, hash: hashes[index] ?? '' }))
  const work: Work<DB, C, I, Answer> = { tx, ctx, ledger }
  const outcomes = fresh.length === 0 ? [] : divided ? await addDivided(work, fresh) : await addAll(work, fresh)
  if (outcomes.length !== fresh.length) throw new Error(`The ledger of ${ledger.name}s lost count of them.`)
  const byIndex = new Map(indexes.map((index, at) => [index, outcomes[at] as Outcome<Answer>]))
  return items.map(({ id }, index): Verdict<Answer> => {
    const first = firsts.get(id) ?? index
    const before = kept.get(id) ?? { hash: hashes[first] }
    if (before.hash !== hashes[index]) return { id, status: 'conflict', error: conflict(ledger.name, id) }
    if ('answer' in before) return { id, status: 'repeated', answer: before.answer }
    const outcome = byIndex.get(first) as Outcome<Answer>
    if ('error' in outcome) return { id, ...outcome }
    return { id, status: index === first ? outcome.status : 'repeated', answer: outcome.answer }
  })
}

type Outcome<Answer> =
  | { status: 'added' | 'repeated'; answer: Answer }
  | { status: 'conflict' | 'refused'; error: ApiError }

interface Work<DB, C, I extends Item, Answer> {
  tx: Tx<DB>
  ctx: C
  ledger: Ledger<Tx<DB>, C, I, Answer>
}

const told = <Answer>(result: Answer | ApiError): Outcome<Answer> =>
  result instanceof ApiError ? { status: 'refused', error: result } : { status: 'added', answer: result }

async function addAll<DB, C, I extends Item, Answer>(
  { tx, ctx, ledger }: Work<DB, C, I, Answer>,
  fresh: readonly Fresh<I>[],
): Promise<Outcome<Answer>[]> {
  try {
    return (await ledger.add(tx, ctx, fresh)).map(told)
  } catch (cause) {
    if (!isOfAnItem(cause)) throw cause
    throw new AddFailed(undefined, { cause })
  }
}

/** Halves what fails until what is left fails alone: a few savepoints for one bad item among a thousand. */
async function addDivided<DB, C extends { app: AppContext }, I extends Item, Answer>(
  work: Work<DB, C, I, Answer>,
  fresh: readonly Fresh<I>[],
): Promise<Outcome<Answer>[]> {
  const { tx, ctx, ledger } = work
  try {
    return (await savepoint(tx, () => ledger.add(tx, ctx, fresh))).map(told)
  } catch (cause) {
    if (cause instanceof TransactionFailed && cause.cause !== undefined) throw cause.cause
    if (!isOfAnItem(cause)) throw cause
    const [one] = fresh
    if (fresh.length === 1 && one) return [await failed(work, one, cause)]
    const middle = Math.ceil(fresh.length / 2)
    const left = await addDivided(work, fresh.slice(0, middle))
    return [...left, ...(await addDivided(work, fresh.slice(middle)))]
  }
}

/** Of one that failed alone. Another server may have kept it in the meantime. */
async function failed<DB, C extends { app: AppContext }, I extends Item, Answer>(
  { tx, ctx, ledger }: Work<DB, C, I, Answer>,
  { item, hash: ours }: Fresh<I>,
  cause: unknown,
): Promise<Outcome<Answer>> {
  if (cause instanceof ApiError) return { status: 'refused', error: cause }
  const [kept] = violationOf(cause) === 'unique' ? await ledger.find(tx, ctx, [item.id]) : []
  if (kept) {
    if (kept.hash !== ours) return { status: 'conflict', error: conflict(ledger.name, item.id) }
    return { status: 'repeated', answer: kept.answer }
  }
  ctx.app.log.error({ err: cause, id: item.id }, `A ${ledger.name} could not be stored.`)
  return { status: 'refused', error: new ApiError('Internal', `This ${ledger.name} could not be stored.`) }
}

/** What one item may cause: all else is the condition of the database, or of the way there. */
function isOfAnItem(error: unknown): boolean {
  return error instanceof ApiError || error instanceof TypeError || error instanceof RangeError || isRefused(error)
}

function conflict(name: string, id: string): ApiError {
  return new ApiError('AlreadyExists', `The id of this ${name} was already used for another one.`, { id })
}

function hashOf(item: Item): string {
  return sha256(canonicalize(item) ?? '')
}
