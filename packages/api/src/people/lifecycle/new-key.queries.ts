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

/**
 * Ends what the former key signed or hashed and no other key can: sessions, whose cookies it signed, sign-ins that are
 * half way and devices that skip the second factor, and what is counted under a hash: wrong guesses and mails of the day.
 * @returns how many sessions.
 */
export async function endWithKey(tx: MainTx): Promise<number> {
  const { numDeletedRows } = await tx.deleteFrom('session').executeTakeFirst()
  await tx.deleteFrom('verification').execute()
  await tx.deleteFrom('sign_in_guess').execute()
  await tx.deleteFrom('mail_count').execute()
  return Number(numDeletedRows)
}
