import type { SigningKeyTable } from '@steward/db'
import type { Db, MainTx } from '../core/context.ts'

/** Newest first. */
export function listSigningKeys(db: Db): Promise<SigningKeyTable[]> {
  return db.selectFrom('signing_key').selectAll().orderBy('number', 'desc').execute()
}

/** Which key signed last, as far as checkpoints tell. Looks through all of them: only for a database without keys. */
export async function lastSigner(db: Db): Promise<string | null> {
  const row = await db.selectFrom('audit_checkpoint').select('key_id').orderBy('at', 'desc').limit(1).executeTakeFirst()
  return row?.key_id ?? null
}

/** Does nothing when another process has inserted the same number before. */
export async function insertSigningKey(tx: MainTx, row: SigningKeyTable): Promise<void> {
  await tx
    .insertInto('signing_key')
    .values(row)
    .onConflict((conflict) => conflict.column('number').doNothing())
    .execute()
}
