import { ruleOf } from '../../core/access/access.ts'
import { roleAllows } from '../../core/access/rule.ts'
import type { WorkspaceContext } from '../../core/context.ts'
import { followLane, type Batch } from '../../core/write/change-feed.ts'
import type { WorkspaceChange, WorkspaceChangesInput } from './workspace.schema.ts'

/**
 * What commits change in the workspace, as they happen: ids only, to be read through the procedures that guard them.
 * A client that comes back goes on after `lastEventId` without gap or repeat.
 * @throws what `followLane` throws.
 */
export function followWorkspace(
  ctx: WorkspaceContext,
  { lastEventId }: WorkspaceChangesInput,
  signal: AbortSignal,
): AsyncGenerator<readonly [id: string, WorkspaceChange]> {
  return told(followLane(ctx, { since: lastEventId ?? null, signal }))
}

async function* told(
  batches: AsyncIterable<Batch<WorkspaceContext>>,
): AsyncGenerator<readonly [id: string, WorkspaceChange]> {
  for await (const { ctx: now, version, place, reset, changes } of batches) {
    const { app, role } = now
    const seen = changes.map(({ type, id, deleted = false }) => {
      const { idFor } = app.areas.changes[type]
      const isTold = idFor === undefined || roleAllows(ruleOf(app, idFor), role, false)
      return { type, id: isTold ? id : null, deleted }
    })
    yield [place, { version, reset, changes: seen }]
  }
}
