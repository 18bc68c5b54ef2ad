import type { MainSchema, Params, Reader } from '@steward/db'
import { prepare } from '@steward/db'

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
