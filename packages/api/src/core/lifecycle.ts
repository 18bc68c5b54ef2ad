import type { AppContext } from './app-context.ts'
import type { Consequences, LifecycleEvents } from './area.ts'
import type { Db, MainTx } from './context.ts'
import type { Change, OutboxMessage } from './write/write.ts'

/**
 * Tells all areas of something, inside the write in which it happens and before the rows of the thing itself go.
 * @returns what follows from it: changes and messages, for that write.
 */
export async function announce<E extends keyof LifecycleEvents>(
  { app, tx }: { app: AppContext; tx: MainTx },
  event: E,
  about: LifecycleEvents[E],
): Promise<Required<Consequences>> {
  const changes: Change[] = []
  const outbox: OutboxMessage[] = []
  const ends: string[] = []
  for (const lifecycle of app.areas.lifecycle) {
    const follows = await lifecycle[event]?.(tx, about)
    changes.push(...(follows?.changes ?? []))
    outbox.push(...(follows?.outbox ?? []))
    ends.push(...(follows?.ends ?? []))
  }
  return { changes, outbox, ends }
}

/** Whether any area has anything in the workspace. */
export async function isWorkspaceInUse(app: AppContext, db: Db, workspaceId: string): Promise<boolean> {
  for (const isInUse of app.areas.isInUse) if (await isInUse(db, workspaceId)) return true
  return false
}
