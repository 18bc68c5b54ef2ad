import type { Db } from '../../core/context.ts'
import { listDeeds } from './account.queries.ts'

interface Leaving {
  accountId: string
  /** Who stops administering the account. */
  userId: string
  /** Who makes the change. */
  actorId: string | null
}

/**
 * Whether an account stays in good hands without one of its administrators. Administrators are not asked before they are
 * made: who has done something as one cannot leave the account to people who never did, and those can always leave.
 */
export async function staysInGoodHands(db: Db, { accountId, userId, actorId }: Leaving): Promise<boolean> {
  const all = await listDeeds.all(db, { accountId })
  const others = all.filter((one) => one.user_id !== userId)
  const engaged = all.some((one) => one.user_id === userId && one.deed !== null)
  if (!engaged) return others.length > 0
  return others.some((one) => one.deed !== null || one.user_id === actorId)
}
