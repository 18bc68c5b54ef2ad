import type { MainSchema } from '@steward/db'
import type { Db, MainTx } from '../../core/context.ts'
import type { Override } from './limit.queries.ts'

/** How many overrides in force, or to come, an account has at most: all are read when one changes. */
export const mostOverrides = 1000

export async function insertAssignment(tx: MainTx, row: MainSchema['quota_assignment']): Promise<void> {
  await tx.insertInto('quota_assignment').values(row).execute()
}

export async function insertOverride(tx: MainTx, accountId: string, override: Override): Promise<void> {
  await tx
    .insertInto('quota_override')
    .values({
      id: override.id,
      account_id: accountId,
      scope: override.scope,
      scope_id: override.scopeId,
      type: override.type,
      value: override.value,
      effective_at: override.effectiveAt,
      ends_at: override.endsAt,
      reason: override.reason,
      origin: override.origin,
      created_by: override.createdBy,
      created_at: override.createdAt,
      revoked_at: null,
      revoked_by: null,
    })
    .execute()
}

export async function revokeOverride(tx: MainTx, of: { id: string; at: string; by: string | null }): Promise<void> {
  await tx.updateTable('quota_override').set({ revoked_at: of.at, revoked_by: of.by }).where('id', '=', of.id).execute()
}

export async function countOverrides(db: Db, accountId: string, now: string): Promise<number> {
  const { count } = await db
    .selectFrom('quota_override')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('account_id', '=', accountId)
    .where('revoked_at', 'is', null)
    .where((eb) => eb.or([eb('ends_at', 'is', null), eb('ends_at', '>', now)]))
    .executeTakeFirstOrThrow()
  return count
}

/** Overrides of what is gone. */
export async function deleteOverridesOf(
  tx: MainTx,
  of: { scope: 'workspace' | 'bot'; scopeId: string },
): Promise<void> {
  await tx.deleteFrom('quota_override').where('scope', '=', of.scope).where('scope_id', '=', of.scopeId).execute()
}
