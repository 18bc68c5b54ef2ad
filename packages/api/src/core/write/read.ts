import type { Context, Db } from '../context.ts'
import { storesOf } from '../app-context.ts'

const writing = new WeakSet<object>()

/** Marks a context as being inside `write`; a second write or a read beside the transaction is a mistake. */
export function enterWrite(ctx: Context): void {
  if (writing.has(ctx)) throw new Error('A write is open on this context already: use its transaction.')
  writing.add(ctx)
}

export function leaveWrite(ctx: Context): void {
  writing.delete(ctx)
}

/**
 * Reads from the main store. Inside `write` use the transaction instead: outside it one would miss the transaction's
 * own rows, so this throws there.
 */
export function read<T>(ctx: Context, query: (db: Db) => Promise<T>): Promise<T> {
  if (writing.has(ctx)) throw new Error('Reading beside an open write would miss its rows: use its transaction.')
  return query(storesOf(ctx.app).main.reader)
}
