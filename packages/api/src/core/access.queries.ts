import type { MainSchema, Params, Reader } from '@steward/db'
import { prepare } from '@steward/db'

export const workspaceAccess = prepare((db: Reader<MainSchema>, p: Params<{ workspaceId: string; userId: string }>) =>
  db
    .selectFrom('workspace as w')
    .leftJoin('member as m', (join) => join.onRef('m.workspace_id', '=', 'w.id').on('m.user_id', '=', p.userId))
    .select(['w.id as workspace_id', 'm.id as member_id', 'm.role'])
    .where('w.id', '=', p.workspaceId),
)

export const botAccess = prepare((db: Reader<MainSchema>, p: Params<{ botId: string; userId: string }>) =>
  db
    .selectFrom('bot as b')
    .leftJoin('member as m', (join) =>
      join.onRef('m.workspace_id', '=', 'b.workspace_id').on('m.user_id', '=', p.userId),
    )
    .leftJoin('bot_access as a', (join) => join.onRef('a.bot_id', '=', 'b.id').on('a.user_id', '=', p.userId))
    .select([
      'b.id as bot_id',
      'b.workspace_id',
      'b.created_by',
      'b.access',
      'm.id as member_id',
      'm.role',
      'a.user_id as listed',
    ])
    .where('b.id', '=', p.botId),
)

export const botOfKey = prepare((db: Reader<MainSchema>, p: Params<{ keyId: string }>) =>
  db.selectFrom('bot_key').select('bot_id').where('id', '=', p.keyId),
)

export const administersAccount = prepare((db: Reader<MainSchema>, p: Params<{ accountId: string; userId: string }>) =>
  db
    .selectFrom('account_administrator')
    .select('account_id')
    .where('account_id', '=', p.accountId)
    .where('user_id', '=', p.userId),
)

export const accountExists = prepare((db: Reader<MainSchema>, p: Params<{ accountId: string }>) =>
  db.selectFrom('account').select('id').where('id', '=', p.accountId),
)

export const userExists = prepare((db: Reader<MainSchema>, p: Params<{ userId: string }>) =>
  db.selectFrom('user').select('id').where('id', '=', p.userId),
)
