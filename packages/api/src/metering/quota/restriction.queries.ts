import type { MainSchema, Params, Reader, RestrictionTable } from '@steward/db'
import { prepare } from '@steward/db'
import type { MainTx } from '../../core/context.ts'

/** A row where somebody has blocked the workspace. */
export const findRestriction = prepare((db: Reader<MainSchema>, p: Params<{ workspaceId: string }>) =>
  db.selectFrom('restriction').selectAll().where('workspace_id', '=', p.workspaceId),
)

export async function insertRestriction(tx: MainTx, row: RestrictionTable): Promise<void> {
  await tx.insertInto('restriction').values(row).execute()
}

export async function deleteRestriction(tx: MainTx, workspaceId: string): Promise<void> {
  await tx.deleteFrom('restriction').where('workspace_id', '=', workspaceId).execute()
}
