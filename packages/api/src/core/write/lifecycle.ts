import type { AppContext, Gauge } from '../app-context.ts'
import type { Consequences, LifecycleEvents } from '../area.ts'
import type { Db, MainTx } from '../context.ts'
import type { Written } from './write.ts'

const following = new WeakMap<MainTx, Required<Consequences>>()

/** Adds to what the write of this transaction does, beside what its closure returns. */
export function follow(tx: MainTx, { changes = [], outbox = [], ends = [], gauges = [] }: Consequences): void {
  const all = consequencesOf(tx)
  all.changes.push(...changes)
  all.outbox.push(...outbox)
  all.ends.push(...ends)
  all.gauges.push(...gauges)
}

/** Counts more or less of something, beside the statement that adds or removes it; the write asks the quotas at its end. */
export function moveGauge(tx: MainTx, gauge: Gauge): void {
  if (gauge.delta !== 0) follow(tx, { gauges: [gauge] })
}

function consequencesOf(tx: MainTx): Required<Consequences> {
  const all = following.get(tx) ?? { changes: [], outbox: [], ends: [], gauges: [] }
  following.set(tx, all)
  return all
}

/**
 * Tells all areas of an event, inside the write in which it happens and before the rows of the thing itself go. What
 * they answer becomes part of that write.
 */
export async function announce<E extends keyof LifecycleEvents>(
  { app, tx }: { app: AppContext; tx: MainTx },
  event: E,
  about: LifecycleEvents[E],
): Promise<void> {
  for (const lifecycle of app.areas.lifecycle) follow(tx, (await lifecycle[event]?.(tx, about)) ?? {})
}

/** Whether any area has anything in the workspace. */
export async function isWorkspaceInUse(app: AppContext, db: Db, workspaceId: string): Promise<boolean> {
  for (const isInUse of app.areas.isInUse) if (await isInUse(db, workspaceId)) return true
  return false
}

/** A write with all that follows from it (`announce`). */
export interface Complete<T> extends Written<T> {
  ends: readonly string[]
  gauges: readonly Gauge[]
}

/** Adds to what a write's closure returned all that was added beside it. */
export function complete<T>(tx: MainTx, written: Written<T>): Complete<T> {
  const { changes, outbox, ends, gauges } = consequencesOf(tx)
  return {
    ...written,
    changes: [...written.changes, ...changes],
    outbox: [...(written.outbox ?? []), ...outbox],
    ends,
    gauges,
  }
}
