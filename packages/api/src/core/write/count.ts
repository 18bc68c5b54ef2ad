import type { AppContext } from '../app-context.ts'
import { storesOf } from '../app-context.ts'
import type { Db, Lane, MainTx } from '../context.ts'
import { holdLanes, togetherOn } from './lanes.ts'
import type { Item, Ledger, Verdict } from './ledger.ts'
import { settle, settled } from './ledger.ts'
import { enterWrite, leaveWrite } from './read.ts'

/** Who counts: whatever `authorize` mints, or in core a credential. */
export interface CountContext {
  app: AppContext
  lane: Lane
  recheck: (db: Db) => Promise<unknown>
}

/** Where things of one kind are counted, in the main store. */
export interface Counter<C extends CountContext, I extends Item, Answer> extends Ledger<MainTx, C, I, Answer> {
  /** What nobody else changes meanwhile, when it is not the context's own lane alone: all that a limit is on. */
  lanes?: readonly Lane[]
}

interface Counting<C extends CountContext, I extends Item, Answer> {
  ctx: C
  counter: Counter<C, I, Answer>
  items: readonly I[]
}

/**
 * Counts things that happen often: durable and exact as a write, but with no audit record and no change row, and many
 * calls to a commit. In one transaction: holds the lanes, asks for the rights again, leaves out what is counted already
 * under the same id, and has the counter add the rest.
 * @returns a verdict per item, in order. A bad item takes no other with it; what is acknowledged is on disk.
 * @throws whatever the rights check throws, with nothing counted; KeyReplaced; the engine's error when the database is
 *   in trouble. Sending all of it again is safe then.
 */
export async function count<C extends CountContext, I extends Item, Answer>(
  ctx: C,
  counter: Counter<C, I, Answer>,
  items: readonly I[],
): Promise<Verdict<Answer>[]> {
  const { app } = ctx
  const lanes = counter.lanes ?? [ctx.lane]
  enterWrite(ctx)
  try {
    return await settled((divided) =>
      storesOf(app).main.write(async (tx) => {
        await holdLanes(tx, lanes, app.keys.publicKey)
        await ctx.recheck(tx)
        return settle(tx, { ledger: counter, ctx, items }, divided)
      }, togetherOn(lanes)),
    )
  } finally {
    leaveWrite(ctx)
  }
}

/**
 * The same inside an open `write` or `count`, whose lanes must be those that the counter needs: what is counted is
 * kept with it or not at all.
 */
export function countWithin<C extends CountContext, I extends Item, Answer>(
  tx: MainTx,
  { ctx, counter, items }: Counting<C, I, Answer>,
): Promise<Verdict<Answer>[]> {
  return settle(tx, { ledger: counter, ctx, items }, true)
}
