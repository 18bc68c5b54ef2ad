import type { ChangeHandling, Label } from '../area.ts'
import type { WorkspaceContext } from '../context.ts'
import type { ChangeType } from './change-types.schema.ts'
import { read } from './read.ts'

/**
 * What things of one kind are called, by id, whatever area they are of. Those that are gone, or that the viewer does not
 * see, are not in it.
 */
export async function labelsOf(
  ctx: WorkspaceContext,
  type: ChangeType,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Label>> {
  // Records of the past may be of a kind that is no more.
  const handling: ChangeHandling | undefined = ctx.app.areas.changes[type]
  const labels = handling?.labels
  return labels && ids.length > 0 ? read(ctx, (db) => labels(db, ctx, ids)) : new Map()
}
