import type { Db, MainTx } from '../../core/context.ts'

export function listSessions(db: Db, userId: string, now: string) {
  return db
    .selectFrom('session')
    .select(['id', 'created_at', 'updated_at', 'expires_at', 'ip_address', 'user_agent'])
    .where('user_id', '=', userId)
    .where('expires_at', '>', now)
    .orderBy('created_at', 'desc')
    .orderBy('id')
    .execute()
}

export async function deleteSession(tx: MainTx, userId: string, id: string): Promise<boolean> {
  const result = await tx.deleteFrom('session').where('user_id', '=', userId).where('id', '=', id).executeTakeFirst()
  return result.numDeletedRows > 0n
}

/** The ids of the sessions that were deleted. */
export async function deleteSessions(tx: MainTx, userId: string, except: string | null): Promise<string[]> {
  const rows = await tx
    .deleteFrom('session')
    .where('user_id', '=', userId)
    .where('id', '<>', except ?? '')
    .returning('id')
    .execute()
  return rows.map((row) => row.id)
}

/** Devices that may skip the second factor, and sign-ins that wait for it. */
export async function deleteTrustedDevices(tx: MainTx, userId: string): Promise<void> {
  await tx.deleteFrom('verification').where('value', '=', userId).execute()
}
