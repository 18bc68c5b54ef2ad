import type { MainSchema, Params, Reader, Tx } from '@steward/db'
import { prepare, prepareWrite } from '@steward/db'
import type { Db, MainTx } from '../../core/context.ts'

/* Sessions, and what passes between the steps of a sign-in. The sign-in library makes the rows; all else is here. */

/** By the SHA-256 of its token; runs with every request that carries a session cookie. */
export const findLiveSession = prepare((db: Reader<MainSchema>, p: Params<{ token: string; now: string }>) =>
  db
    .selectFrom('session')
    .select(['id', 'user_id', 'created_at', 'updated_at', 'expires_at', 'confirmed_at'])
    .where('token', '=', p.token)
    .where('expires_at', '>', p.now),
)

export const sessionIsAlive = prepare((db: Reader<MainSchema>, p: Params<{ id: string; now: string }>) =>
  db.selectFrom('session').select('id').where('id', '=', p.id).where('expires_at', '>', p.now),
)

export const sessionTimes = prepare((db: Reader<MainSchema>, p: Params<{ id: string }>) =>
  db.selectFrom('session').select(['created_at', 'confirmed_at']).where('id', '=', p.id),
)

export const sessionIds = prepare((db: Reader<MainSchema>, p: Params<{ userId: string }>) =>
  db.selectFrom('session').select('id').where('user_id', '=', p.userId),
)

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

/** A session that was ended meanwhile stays ended. */
export const prolongSession = prepareWrite(
  (tx: Tx<MainSchema>, p: Params<{ id: string; now: string; until: string }>) =>
    tx
      .updateTable('session')
      .set({ expires_at: p.until, updated_at: p.now })
      .where('id', '=', p.id)
      .where('expires_at', '>', p.now),
)

/** Notes that a session was opened by a provider that is trusted with the second factor. */
export const markSecondFactor = prepareWrite((tx: Tx<MainSchema>, p: Params<{ id: string }>) =>
  tx.updateTable('session').set({ second_factor: 1 }).where('id', '=', p.id),
)

export const confirmSession = prepareWrite((tx: Tx<MainSchema>, p: Params<{ id: string; at: string }>) =>
  tx.updateTable('session').set({ confirmed_at: p.at }).where('id', '=', p.id),
)

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

/** Everybody's sessions, trusted devices and sign-ins that are half way. @returns how many sessions. */
export async function deleteAllSessions(tx: MainTx): Promise<number> {
  const { numDeletedRows } = await tx.deleteFrom('session').executeTakeFirst()
  await tx.deleteFrom('verification').execute()
  return Number(numDeletedRows)
}
