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

/** The code that the newest versions and bots name, each hash once. */
export async function newestNamedBlobs(db: Db, limit: number): Promise<string[]> {
  const named = new Set<string>()
  for (const table of ['version', 'bot'] as const) {
    const rows = await db
      .selectFrom(table)
      .select('code_hash')
      .where('code_hash', 'is not', null)
      .orderBy('id', 'desc')
      .limit(limit)
      .execute()
    for (const { code_hash } of rows) if (code_hash !== null) named.add(code_hash)
  }
  return [...named]
}
