import { roleAllows } from '../../core/access/access.ts'
import type { ChangeType } from '../../core/write/change-types.schema.ts'
import type { WorkspaceContext } from '../../core/context.ts'
import { followLane, type Batch } from '../../core/write/change-feed.ts'
import type { WorkspaceChange, WorkspaceChangesInput } from './workspace.schema.ts'

const ofBots: ReadonlySet<ChangeType> = new Set(['bot', 'botKey', 'version'])

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
    const seesAll = roleAllows('bot.getAllowlist', now.role, false)
    const seen = changes.map(({ type, id, deleted = false }) => ({
      type,
      id: seesAll || !ofBots.has(type) ? id : null,
      deleted,
    }))
    yield [place, { version, reset, changes: seen }]
  }
}
