import type { Context, Db, TelemetryDb } from '../context.ts'
import { storesOf } from '../app-context.ts'

const open = { main: new WeakSet<object>(), telemetry: new WeakSet<object>() }
type StoreName = keyof typeof open

/** Marks a context as being inside `write` or `count`, or `record`: a second one, or a read beside it, is a mistake. */
export function enterWrite(ctx: object, store: StoreName = 'main'): void {
  if (open[store].has(ctx)) throw new Error('This context already has an open write: use its transaction.')
  open[store].add(ctx)
}

export function leaveWrite(ctx: object, store: StoreName = 'main'): void {
  open[store].delete(ctx)
}

/**
 * Reads from the main store. Inside `write` use the transaction instead: outside it one would miss the transaction's
 * own rows, so this throws there.
 */
export function read<T>(ctx: Context, query: (db: Db) => Promise<T>): Promise<T> {
  requireNoWrite(ctx, 'main')
  return query(storesOf(ctx.app).main.reader)
}

/** The same from the telemetry store, which is never joined with the main one: ask each, and put it together after. */
export function readTelemetry<T>(ctx: Context, query: (db: TelemetryDb) => Promise<T>): Promise<T> {
  requireNoWrite(ctx, 'telemetry')
  return query(storesOf(ctx.app).telemetry.reader)
}

function requireNoWrite(ctx: Context, store: StoreName): void {
  if (open[store].has(ctx)) throw new Error('A read outside the open write would miss its rows: use its transaction.')
}
