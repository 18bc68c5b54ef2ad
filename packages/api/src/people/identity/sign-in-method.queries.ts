import type { MainSchema, Params, Reader, Tx } from '@steward/db'
import { prepare, prepareWrite } from '@steward/db'
import type { MainTx } from '../../core/context.ts'

/** Whether the person has a password here, or signs in at providers alone. */
export const passwordOf = prepare((db: Reader<MainSchema>, p: Params<{ userId: string }>) =>
  db
    .selectFrom('sign_in_method')
    .select('password')
    .where('user_id', '=', p.userId)
    .where('provider_id', '=', 'credential'),
)

export const providersOf = prepare((db: Reader<MainSchema>, p: Params<{ userId: string }>) =>
  db.selectFrom('sign_in_method').select('provider_id').where('user_id', '=', p.userId),
)

export async function insertSignInMethod(tx: MainTx, row: MainSchema['sign_in_method']): Promise<void> {
  await tx.insertInto('sign_in_method').values(row).execute()
}

/** Replaces the password hash; false when the person has none yet. */
export async function updatePassword(
  tx: MainTx,
  userId: string,
  patch: { password: string; updated_at: string },
): Promise<boolean> {
  const result = await tx
    .updateTable('sign_in_method')
    .set(patch)
    .where('user_id', '=', userId)
    .where('provider_id', '=', 'credential')
    .executeTakeFirst()
  return result.numUpdatedRows > 0n
}

/** No row when the password was changed meanwhile; hashes are salted, so each is one person's. */
export const replaceHash = prepareWrite((tx: Tx<MainSchema>, p: Params<{ hash: string; renewed: string }>) =>
  tx.updateTable('sign_in_method').set({ password: p.renewed }).where('password', '=', p.hash),
)
