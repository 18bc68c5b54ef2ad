import type { Db, WorkspaceContext } from '../../core/context.ts'
import { toEmailAddress } from '../../core/email.schema.ts'
import { ApiError } from '../../core/errors.ts'
import type { Role } from '../../core/access/rule.ts'
import { findMember } from './member.queries.ts'

/** `billing` stands beside the ladder: it reads like a viewer, plus money (reference 3). */
const rank: Record<Role, number> = { viewer: 0, billing: 0, developer: 1, manager: 2, administrator: 3, owner: 4 }

export function isAbove(role: Role, other: Role): boolean {
  return rank[role] > rank[other]
}

/** The address as it is kept. @throws InvalidPayload when it breaks the rule for addresses. */
export function toEmail(given: string): string {
  const email = toEmailAddress(given)
  if (email === null)
    throw new ApiError('InvalidPayload', '"email": an address can have at most 254 characters, all ASCII.')
  return email
}

/**
 * The caller's role as it stands inside the transaction: the context's was read before it.
 * @throws Forbidden when the caller has left meanwhile.
 */
export async function presentRole(db: Db, ctx: WorkspaceContext): Promise<Role | 'system'> {
  if (ctx.role === 'system') return 'system'
  const row = ctx.memberId ? await findMember.first(db, { workspaceId: ctx.workspaceId, id: ctx.memberId }) : undefined
  if (!row) throw new ApiError('Forbidden', 'You are no longer a member of this workspace.')
  return row.role
}

/**
 * @throws Forbidden when nobody, or not this role, may give `role`: ownership is transferred, not given, and no role
 *   gives one above itself.
 */
export function requireGrant(giver: Role | 'system', role: Role): void {
  if (role === 'owner')
    throw new ApiError('Forbidden', 'A workspace has only one owner. Transfer ownership instead.', { role })
  if (giver !== 'system' && isAbove(role, giver))
    throw new ApiError('Forbidden', `Your role "${giver}" cannot give the role "${role}".`, { role: giver })
}
