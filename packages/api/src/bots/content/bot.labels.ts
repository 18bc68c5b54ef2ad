import type { ChangeHandling } from '../../core/area.ts'
import { actingUser } from '../../core/context.ts'
import { visibleNames } from './bot-rights.queries.ts'

/** Bots by name, to who sees them. */
export const labelBots: NonNullable<ChangeHandling['labels']> = async (db, viewer, ids) => {
  const { workspaceId, role } = viewer
  const seesAll = role === 'administrator' || role === 'owner' || role === 'system'
  const rows = await visibleNames(db, { workspaceId, ids, userId: seesAll ? null : (actingUser(viewer) ?? '') })
  return new Map(rows.map(({ id, name }) => [id, { name, path: `/w/${workspaceId}/bots/${id}/overview` }]))
}
