import { storesOf } from '../app-context.ts'
import type { AuthorizedContext, TelemetryTx } from '../context.ts'
import type { Item, Ledger, Verdict } from './ledger.ts'
import { settle, settled } from './ledger.ts'
import { enterWrite, leaveWrite } from './read.ts'

/** Where things of one kind are recorded, in the telemetry store. */
export type Recorder<C extends AuthorizedContext, I extends Item, Answer> = Ledger<TelemetryTx, C, I, Answer>

/**
 * Records what bots did, in the telemetry store, a batch to a transaction: no lane, no audit record, no change row, and
 * nothing of the main store in it. Rights are asked again when its turn has come; they may end before the commit does.
 * A recorder gets its items in the order of their ids, so that servers that record the same at once do not wait for each
 * other crosswise.
 * @returns a verdict per item, in the order they came. A bad item takes no other with it; what is acknowledged is on disk.
 * @throws whatever the rights check throws, with nothing recorded; the engine's error when the database is in trouble.
 *   Sending the batch again is safe then.
 */
export async function record<C extends AuthorizedContext, I extends Item, Answer>(
  ctx: C,
  recorder: Recorder<C, I, Answer>,
  items: readonly I[],
): Promise<Verdict<Answer>[]> {
  const { main, telemetry } = storesOf(ctx.app)
  const order = [...items.keys()].toSorted((a, b) => compare(items[a]?.id ?? '', items[b]?.id ?? '') || a - b)
  const sorted = order.map((index) => items[index] as I)
  enterWrite(ctx, 'telemetry')
  try {
    const verdicts = await settled((divided) =>
      telemetry.write(async (tx) => {
        await ctx.recheck(main.reader)
        return settle(tx, { ledger: recorder, ctx, items: sorted }, divided)
      }),
    )
    const inOrder: Verdict<Answer>[] = []
    for (const [at, index] of order.entries()) inOrder[index] = verdicts[at] as Verdict<Answer>
    return inOrder
  } finally {
    leaveWrite(ctx, 'telemetry')
  }
}

function compare(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1
}
