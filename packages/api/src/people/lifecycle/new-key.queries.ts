import type { MainTx } from '../../core/context.ts'

/** @returns the people who had a second factor. */
export async function removeSecondFactors(tx: MainTx): Promise<string[]> {
  await tx.deleteFrom('two_factor').execute()
  const rows = await tx
    .updateTable('user')
    .set({ two_factor_enabled: 0 })
    .where('two_factor_enabled', '=', 1)
    .returning('id')
    .execute()
  return rows.map((row) => row.id)
}
