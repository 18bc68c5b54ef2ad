import type { SigningKeyTable } from '@steward/db'
import type { Db, MainTx } from '../core/context.ts'

/** Newest first. */
export function listSigningKeys(db: Db): Promise<SigningKeyTable[]> {
  return db.selectFrom('signing_key').selectAll().orderBy('number', 'desc').execute()
}

/** Does nothing when another process has inserted the same number before. */
export async function insertSigningKey(tx: MainTx, row: SigningKeyTable): Promise<void> {
  await tx
    .insertInto('signing_key')
    .values(row)
    .onConflict((conflict) => conflict.column('number').doNothing())
    .execute()
}
