import type { Db, MainTx } from '../context.ts'

/** The id of the installation whose database this is; undefined before its first start. */
export async function findInstallation(db: Db): Promise<string | undefined> {
  const row = await db.selectFrom('installation').select('id').where('number', '=', 1).executeTakeFirst()
  return row?.id
}

/** Does nothing when another process has inserted it before. */
export async function insertInstallation(tx: MainTx, row: { id: string; created_at: string }): Promise<void> {
  await tx
    .insertInto('installation')
    .values({ number: 1, ...row })
    .onConflict((conflict) => conflict.column('number').doNothing())
    .execute()
}
