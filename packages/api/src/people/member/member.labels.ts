import type { ChangeHandling } from '../../core/area.ts'
import { memberNames } from './member.queries.ts'

/** Members by name, or by the address they were invited at. */
export const labelMembers: NonNullable<ChangeHandling['labels']> = async (db, { workspaceId }, ids) => {
  const rows = await memberNames(db, workspaceId, ids)
  return new Map(
    rows.map(({ id, display_name: name, email }) => [
      id,
      { name: name ?? email, path: `/w/${workspaceId}/members`, search: { inspect: id } },
    ]),
  )
}
