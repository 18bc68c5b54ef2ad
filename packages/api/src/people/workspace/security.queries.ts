import type { MainSchema, Params, Reader } from '@steward/db'
import { prepare } from '@steward/db'
import type { Db } from '../../core/context.ts'

export const findSecurity = prepare((db: Reader<MainSchema>, p: Params<{ workspaceId: string }>) =>
  db.selectFrom('workspace').select('second_factor_required').where('id', '=', p.workspaceId),
)

export async function countMembersWithoutFactor(db: Db, workspaceId: string): Promise<number> {
  const row = await db
    .selectFrom('member as m')
    .innerJoin('user as u', 'u.id', 'm.user_id')
    .select((eb) => eb.fn.countAll().as('count'))
    .where('m.workspace_id', '=', workspaceId)
    .where('u.two_factor_enabled', '=', 0)
    .executeTakeFirst()
  return Number(row?.count ?? 0)
}
