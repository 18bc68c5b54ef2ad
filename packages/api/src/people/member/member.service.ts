import { deleteTokensBoundTo } from '../me/token.queries.ts'
import { ruleOf } from '../../core/access/access.ts'
import { roleAllows } from '../../core/access/rule.ts'
import { announce, moveGauge } from '../../core/write/lifecycle.ts'
import type { AppContext } from '../../core/app-context.ts'
import type { Lane, MainTx, WorkspaceContext } from '../../core/context.ts'
import { iso } from '../../core/clock.ts'
import { ApiError, notFound } from '../../core/errors.ts'
import { closePage, openPage } from '../../core/page.ts'
import { read } from '../../core/write/read.ts'
import type { Change } from '../../core/write/write.ts'
import { write } from '../../core/write/write.ts'
import { verifiedPersonIn } from '../me/verified-person.service.ts'
import type { NewInvitation } from './invitation.queries.ts'
import { findInvitationOfMember, insertInvitation } from './invitation.queries.ts'
import { draftInvitation } from './invitation.draft.ts'
import { noticeTo } from './invitation.notice.ts'
import type { MemberRow, NewMember } from './member.queries.ts'
import {
  changeRole,
  findMember,
  findMemberByEmail,
  findMemberOfUser,
  insertMember,
  listMembers,
  removeMember,
  toMember,
} from './member.queries.ts'
import { isAbove, presentRole, requireGrant, toEmail } from './member.rules.ts'
import type {
  CreateWorkspaceMemberInput,
  DeleteWorkspaceMemberInput,
  ListWorkspaceMembersInput,
  ListWorkspaceMembersOutput,
  Member,
  UpdateWorkspaceMemberInput,
} from './member.schema.ts'

/** Members, oldest first; pending ones have no `userId`. */
export async function listWorkspaceMembers(
  ctx: WorkspaceContext,
  input: ListWorkspaceMembersInput,
): Promise<ListWorkspaceMembersOutput> {
  const page = openPage(input, ['members', ctx.workspaceId])
  const found = await read(ctx, (db) => listMembers(db, ctx.workspaceId, page))
  const { rows, meta } = closePage(found, page, (row) => [row.created_at, row.id])
  return { members: rows.map(toMember), meta }
}

/** The caller's own membership. @throws ResourceNotFound for the system, which is a member of nothing. */
export async function getOwnMember(ctx: WorkspaceContext): Promise<Member> {
  const id = ctx.memberId ?? ''
  const row = await read(ctx, (db) => findMember.first(db, { workspaceId: ctx.workspaceId, id }))
  if (!row) throw notFound('member', id)
  return toMember(row)
}

/**
 * Adds a person by email. Someone we know by this address is a member at once; anyone else is pending, with an
 * invitation whose link `sendEmail` sends or `renewInvitation` makes: the contract's answer has no room for it. Without a
 * mail server `sendEmail` changes nothing.
 * @throws AlreadyExists for somebody who is a member or invited; Forbidden for the role owner or one above the
 *   caller's; QuotaExceeded.
 */
export async function createMember(ctx: WorkspaceContext, input: CreateWorkspaceMemberInput): Promise<Member> {
  const email = toEmail(input.email)
  const id = ctx.app.ids.make('member')
  const draft = draftInvitation(ctx, id)
  return write(ctx, 'ADD_WORKSPACE_MEMBER', async (tx) => {
    requireGrant(await presentRole(tx, ctx), input.role)
    const person = await verifiedPersonIn(tx, { workspaceId: ctx.workspaceId, email })
    const newcomer = { id, workspace_id: ctx.workspaceId, user_id: person?.id ?? null, email, role: input.role }
    const row = await addMember(tx, { ...newcomer, at: iso(ctx.app.clock.now()) }, person ? null : draft.row)
    const changes: Change[] = [{ type: 'member', id }]
    if (!person) changes.push({ type: 'invitation', id: draft.row.id })
    const invitation = person ? null : { path: draft.path, expiresAt: draft.row.expires_at }
    return {
      outbox: await noticeTo(tx, ctx, input.sendEmail === true && { to: email, role: row.role, invitation }),
      answer: toMember(row),
      changes,
      audit: { type: 'member', id, name: email, value: row.role, after: memberFields(row) },
    }
  })
}

/** Writes a member and, with `invitation`, the invitation of a pending one. @throws AlreadyExists */
export async function addMember(tx: MainTx, newcomer: NewMember, invitation: NewInvitation | null): Promise<MemberRow> {
  const { workspace_id: workspaceId, user_id: userId, email } = newcomer
  const taken =
    (await findMemberByEmail.first(tx, { workspaceId, email })) ??
    (userId === null ? undefined : await findMemberOfUser.first(tx, { workspaceId, userId }))
  if (taken)
    throw new ApiError('AlreadyExists', `${email} is already ${taken.user_id ? 'a member' : 'invited'}.`, {
      memberId: taken.id,
    })
  await insertMember.run(tx, newcomer)
  moveGauge(tx, { type: 'workspace_member_count', in: { workspaceId }, delta: 1 })
  if (invitation) await insertInvitation.run(tx, invitation)
  const row = await findMember.first(tx, { workspaceId, id: newcomer.id })
  if (!row) throw new Error(`The member ${newcomer.id} was not written.`)
  return row
}

/** What the audit trail says of a member; the person's id is in it so that their records can be found for erasure. */
export function memberFields(row: Pick<MemberRow, 'email' | 'role' | 'user_id'>): Record<string, unknown> {
  return { email: row.email, role: row.role, userId: row.user_id }
}

/**
 * Gives a member another role.
 * @throws Forbidden for one's own role, the owner's, to owner, and to or from a role above the caller's.
 */
export async function updateMember(ctx: WorkspaceContext, input: UpdateWorkspaceMemberInput): Promise<Member> {
  const key = { workspaceId: ctx.workspaceId, id: input.id }
  return write(ctx, 'UPDATE_WORKSPACE_MEMBER', async (tx) => {
    const row = await existing(tx, key)
    const to = input.role ?? row.role
    await requireRoleChange(tx, ctx, { row, to })
    await changeRole.run(tx, { ...key, from: row.role, to, at: iso(ctx.app.clock.now()) })
    return {
      answer: toMember({ ...row, role: to }),
      changes: to === row.role ? [] : [{ type: 'member', id: row.id }],
      audit: {
        type: 'member',
        id: row.id,
        name: row.email,
        value: to,
        before: { role: row.role, userId: row.user_id },
        after: { role: to },
      },
    }
  })
}

async function requireRoleChange(
  tx: MainTx,
  ctx: WorkspaceContext,
  { row, to }: { row: MemberRow; to: MemberRow['role'] },
): Promise<void> {
  if (row.id === ctx.memberId)
    throw new ApiError('Forbidden', 'You cannot change your own role. Ask somebody else to do it.')
  if (row.role === 'owner')
    throw new ApiError('Forbidden', 'The owner’s role cannot be changed. Transfer ownership instead.', {
      memberId: row.id,
    })
  const giver = await presentRole(tx, ctx)
  requireGrant(giver, to)
  if (giver !== 'system' && isAbove(row.role, giver))
    throw new ApiError('Forbidden', 'This member has a higher role than you.', { memberId: row.id })
}

/**
 * Removes a member: oneself always, others with the right to. What they had in this workspace only (places on
 * allowlists, tokens bound to it) goes too; what they made stays.
 * @throws Forbidden for the owner and for members above the caller.
 */
export async function deleteMember(
  ctx: WorkspaceContext,
  input: DeleteWorkspaceMemberInput,
): Promise<Record<string, never>> {
  const key = { workspaceId: ctx.workspaceId, id: input.id }
  const seen = await read(ctx, (db) => existing(db, key))
  const lanes = departureLanes(ctx, seen.user_id)
  return write(ctx, { action: 'REMOVE_WORKSPACE_MEMBER', lanes }, async (tx) => {
    const row = await existing(tx, key)
    if (row.role === 'owner')
      throw new ApiError('Forbidden', 'The owner cannot leave. Transfer ownership first.', { memberId: row.id })
    if (row.id !== ctx.memberId) requireRemoval(ctx.app, await presentRole(tx, ctx), row)
    return {
      answer: {},
      changes: await depart(ctx.app, tx, row),
      audit: { type: 'member', id: row.id, name: row.email, value: row.role, before: memberFields(row) },
    }
  })
}

/** Losing tokens concerns the person's own lane as well. */
function departureLanes(ctx: WorkspaceContext, userId: string | null): Lane[] {
  return userId === null ? [ctx.lane] : [ctx.lane, { kind: 'user', id: userId }]
}

function requireRemoval(app: AppContext, remover: MemberRow['role'] | 'system', row: MemberRow): void {
  if (!roleAllows(ruleOf(app, 'member.delete#others'), remover, false))
    throw new ApiError('Forbidden', `With the role "${remover}" you can remove only yourself.`, { role: remover })
  if (remover !== 'system' && isAbove(row.role, remover))
    throw new ApiError('Forbidden', 'This member has a higher role than you.', { memberId: row.id })
}

/** Deletes a member with everything they had in this workspace only. @returns what changed. */
export async function depart(app: AppContext, tx: MainTx, row: MemberRow): Promise<Change[]> {
  const changes: Change[] = [{ type: 'member', id: row.id, deleted: true }]
  const invitation = await findInvitationOfMember.first(tx, { memberId: row.id })
  if (invitation) changes.push({ type: 'invitation', id: invitation.id, deleted: true })
  if (row.user_id !== null) {
    const { workspace_id: workspaceId, user_id: userId } = row
    await announce({ app, tx }, 'memberDeleted', { workspaceId, userId })
    for (const id of await deleteTokensBoundTo(tx, workspaceId, userId))
      changes.push({ type: 'token', id, deleted: true, lane: userId })
  }
  if ((await removeMember.run(tx, { workspaceId: row.workspace_id, id: row.id })) === 0)
    throw new ApiError('Forbidden', 'The owner cannot leave. Transfer ownership first.', { memberId: row.id })
  moveGauge(tx, { type: 'workspace_member_count', in: { workspaceId: row.workspace_id }, delta: -1 })
  return changes
}

async function existing(db: Parameters<typeof findMember.first>[0], key: { workspaceId: string; id: string }) {
  const row = await findMember.first(db, key)
  if (!row) throw notFound('member', key.id)
  return row
}
