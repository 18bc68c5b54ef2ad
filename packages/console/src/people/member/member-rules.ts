import type { RouterOutputs } from '@steward/api'
import type { Member } from '../../session/members.ts'
import type { Role } from '../../session/rights.ts'

export type Invitation = RouterOutputs['member']['listInvitations']['invitations'][number]

/** A member with the invitation that waits for them, where the reader may see it. */
export interface MemberRow extends Member {
  invitation: Invitation | undefined
}

export type MemberState = 'joined' | 'invited' | 'expired'

/** Whoever may not see invitations sees only that somebody is invited. */
export function stateOf({ userId, invitation }: Pick<MemberRow, 'userId' | 'invitation'>): MemberState {
  if (userId !== undefined) return 'joined'
  return invitation?.expired ? 'expired' : 'invited'
}

/** From the most that a person may to the least. */
export const roleOrder: readonly Role[] = ['owner', 'administrator', 'manager', 'developer', 'billing', 'viewer']

/** As the server ranks them (member.rules.ts): billing stands beside the ladder. */
const rank: Record<Role, number> = { viewer: 0, billing: 0, developer: 1, manager: 2, administrator: 3, owner: 4 }

/** Roles that a giver can give: none above their own, and never ownership, which is transferred. */
export function rolesGivenBy(giver: Role): Role[] {
  return roleOrder.filter((role) => role !== 'owner' && rank[role] <= rank[giver])
}

interface Reader {
  role: Role
  userId: string
  /** Whether the reader's role may at all. */
  mayChange: boolean
  mayRemove: boolean
}

/** Why the reader cannot give this member another role; null when they can. */
export function whyNotChange(member: Pick<Member, 'role' | 'userId'>, reader: Reader): string | null {
  if (!reader.mayChange) return 'Only owners and administrators can change roles'
  if (member.userId === reader.userId) return 'You cannot change your own role'
  if (member.role === 'owner') return 'The owner’s role cannot be changed. Transfer ownership instead'
  return rank[member.role] > rank[reader.role] ? 'This member has a higher role than you' : null
}

/** Why the reader cannot remove this member, or leave; null when they can. */
export function whyNotRemove(member: Pick<Member, 'role' | 'userId'>, reader: Reader): string | null {
  if (member.role === 'owner') return 'The owner cannot leave. Transfer ownership first'
  if (member.userId === reader.userId) return null
  if (!reader.mayRemove) return 'Only owners and administrators can remove members'
  return rank[member.role] > rank[reader.role] ? 'This member has a higher role than you' : null
}

/** Whether a member's name or address has a text in it. */
export function matches({ displayName, email }: Pick<Member, 'displayName' | 'email'>, text: string): boolean {
  const wanted = text.trim().toLowerCase()
  return email.toLowerCase().includes(wanted) || (displayName ?? '').toLowerCase().includes(wanted)
}
