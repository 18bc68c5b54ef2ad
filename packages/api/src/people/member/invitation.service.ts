import { iso } from '../../core/clock.ts'
import type { AnyoneContext, Context, Db, SelfContext, WorkspaceContext } from '../../core/context.ts'
import { ApiError, notFound } from '../../core/errors.ts'
import { linkForCaller } from '../../core/links.ts'
import { closePage, openPage } from '../../core/page.ts'
import { read } from '../../core/write/read.ts'
import { isWellFormedToken, sha256 } from '../../core/secrets.ts'
import { write } from '../../core/write/write.ts'
import { draftInvitation } from './invitation.draft.ts'
import { noticeTo } from './invitation.notice.ts'
import type { InvitationRow } from './invitation.queries.ts'
import {
  deleteInvitation,
  findInvitation,
  findInvitationByHash,
  findUsedInvitation,
  insertUsedInvitation,
  pageOfInvitations,
  replaceSecret,
  toInvitation,
} from './invitation.queries.ts'
import type {
  AcceptInvitationInput,
  AcceptInvitationOutput,
  InvitationWithLink,
  InviteMemberInput,
  InviteMemberOutput,
  ListInvitationsInput,
  ListInvitationsOutput,
  LookupInvitationInput,
  LookupInvitationOutput,
  RenewInvitationInput,
  RevokeInvitationInput,
} from './invitation.schema.ts'
import { findEmailOfUser, findMember, findMemberOfUser, linkMember, toMember } from './member.queries.ts'
import { isAbove, presentRole, requireGrant, toEmail } from './member.rules.ts'
import { addMember, depart, memberFields } from './member.service.ts'

/**
 * Invites somebody by link: they are a pending member until they accept, whether or not we know their address.
 * @throws AlreadyExists, Forbidden and QuotaExceeded as adding a member does.
 */
export async function inviteMember(ctx: WorkspaceContext, input: InviteMemberInput): Promise<InviteMemberOutput> {
  const email = toEmail(input.email)
  const id = ctx.app.ids.make('member')
  const { row: invitation, path } = draftInvitation(ctx, id, input.expiresInHours)
  return write(ctx, 'ADD_WORKSPACE_MEMBER', async (tx) => {
    requireGrant(await presentRole(tx, ctx), input.role)
    const newcomer = { id, workspace_id: ctx.workspaceId, user_id: null, email, role: input.role }
    const row = await addMember(tx, { ...newcomer, at: invitation.created_at }, invitation)
    const shown = toInvitation({ ...invitation, email, role: row.role }, invitation.created_at)
    const open = { path, expiresAt: invitation.expires_at }
    const outbox = await noticeTo(tx, ctx, input.sendEmail && { to: email, role: row.role, invitation: open })
    return {
      answer: { member: toMember(row), invitation: shown, link: linkForCaller(ctx, path), emailed: outbox.length > 0 },
      outbox,
      changes: [
        { type: 'member', id },
        { type: 'invitation', id: invitation.id },
      ],
      audit: {
        type: 'invitation',
        id: invitation.id,
        name: email,
        value: row.role,
        after: { ...memberFields(row), memberId: id, expiresAt: invitation.expires_at },
      },
    }
  })
}

/** Open invitations, newest first; the expired ones are shown as such. */
export async function listInvitations(
  ctx: WorkspaceContext,
  input: ListInvitationsInput,
): Promise<ListInvitationsOutput> {
  const page = openPage(input, ['invitations', ctx.workspaceId])
  const now = iso(ctx.app.clock.now())
  const found = await read(ctx, (db) => pageOfInvitations(db, ctx.workspaceId, page))
  const { rows, meta } = closePage(found, page, (row) => [row.created_at, row.id])
  return { invitations: rows.map((row) => toInvitation(row, now)), meta }
}

/** Gives an invitation a new link and a new end; the old link is dead at once. @throws Forbidden above one's role. */
export async function renewInvitation(ctx: WorkspaceContext, input: RenewInvitationInput): Promise<InvitationWithLink> {
  const key = { workspaceId: ctx.workspaceId, id: input.id }
  const { row: fresh, path } = draftInvitation(ctx, '', input.expiresInHours)
  return write(ctx, 'UPDATE_WORKSPACE_MEMBER', async (tx) => {
    const row = await invitationOf(tx, key)
    requireGrant(await presentRole(tx, ctx), row.role)
    await replaceSecret.run(tx, { ...key, hash: fresh.hash, expiresAt: fresh.expires_at })
    const open = { path, expiresAt: fresh.expires_at }
    const outbox = await noticeTo(tx, ctx, input.sendEmail && { to: row.email, role: row.role, invitation: open })
    const invitation = toInvitation({ ...row, expires_at: fresh.expires_at }, fresh.created_at)
    return {
      answer: { invitation, link: linkForCaller(ctx, path), emailed: outbox.length > 0 },
      outbox,
      changes: [{ type: 'invitation', id: row.id }],
      audit: {
        type: 'invitation',
        id: row.id,
        name: row.email,
        before: { expiresAt: row.expires_at },
        after: { expiresAt: fresh.expires_at },
      },
    }
  })
}

/** Takes an invitation back, and the pending member with it. */
export async function revokeInvitation(
  ctx: WorkspaceContext,
  input: RevokeInvitationInput & { ranOutBefore?: string },
): Promise<Record<string, never>> {
  const key = { workspaceId: ctx.workspaceId, id: input.id }
  return write(ctx, 'REMOVE_WORKSPACE_MEMBER', async (tx) => {
    const row = await invitationOf(tx, key)
    if (input.ranOutBefore !== undefined && row.expires_at >= input.ranOutBefore) throw notFound('invitation', row.id)
    const giver = await presentRole(tx, ctx)
    if (giver !== 'system' && isAbove(row.role, giver))
      throw new ApiError('Forbidden', 'This invitation is for a higher role than yours.', { role: row.role })
    const member = await findMember.first(tx, { workspaceId: ctx.workspaceId, id: row.member_id })
    if (!member) throw notFound('invitation', input.id)
    return {
      answer: {},
      changes: await depart(ctx.app, tx, member),
      audit: { type: 'invitation', id: row.id, name: row.email, value: row.role, before: memberFields(member) },
    }
  })
}

async function invitationOf(
  db: Parameters<typeof findInvitation.first>[0],
  key: { workspaceId: string; id: string },
): Promise<InvitationRow> {
  const row = await findInvitation.first(db, key)
  if (!row) throw notFound('invitation', key.id)
  return row
}

/** What an invitation is to, for whoever holds its link. @throws ResourceNotFound; ResourceGone once expired. */
export async function lookupInvitation(
  ctx: AnyoneContext,
  input: LookupInvitationInput,
): Promise<LookupInvitationOutput> {
  const row = await read(ctx, (db) => invitationBySecret(ctx, db, input.secret))
  return { workspaceName: row.workspace_name, email: row.email, role: row.role, expiresAt: row.expires_at }
}

/** @throws ResourceNotFound and ResourceGone; neither repeats the secret. */
async function invitationBySecret(ctx: Context, db: Parameters<typeof findInvitation.first>[0], secret: string) {
  const row = isWellFormedToken(secret) ? await findInvitationByHash.first(db, { hash: sha256(secret) }) : undefined
  if (!row)
    throw new ApiError('ResourceNotFound', 'This invitation is not valid: it was used, renewed or revoked.', {
      resource: 'invitation',
    })
  if (row.expires_at <= iso(ctx.app.clock.now()))
    throw new ApiError('ResourceGone', 'This invitation has expired. Ask for a new link.', {
      resource: 'invitation',
      expiredAt: row.expires_at,
    })
  return row
}

/**
 * Joins a workspace by an invitation's secret. The person's address must be the invited one. Whoever joined by it before
 * is told the same again.
 * @throws ResourceNotFound, ResourceGone as looking it up does; Forbidden for somebody else; AlreadyExists when the
 *   person is a member under another address.
 */
export async function acceptInvitation(
  ctx: SelfContext,
  input: AcceptInvitationInput,
): Promise<AcceptInvitationOutput> {
  const again = () => read(ctx, (db) => joinedBy(db, input.secret, ctx.userId))
  const joined = await again()
  if (joined) return joined
  try {
    const seen = await read(ctx, (db) => invitationBySecret(ctx, db, input.secret))
    return await join(ctx, seen.workspace_id, input.secret)
  } catch (cause) {
    const meanwhile = await again()
    if (meanwhile) return meanwhile
    throw cause
  }
}

function join(ctx: SelfContext, workspaceId: string, secret: string): Promise<AcceptInvitationOutput> {
  return write(ctx, { action: 'ADD_WORKSPACE_MEMBER', lanes: [{ kind: 'workspace', id: workspaceId }] }, async (tx) => {
    const invitation = await invitationBySecret(ctx, tx, secret)
    const person = await findEmailOfUser.first(tx, { userId: ctx.userId })
    if (person?.email !== invitation.email)
      throw new ApiError('Forbidden', 'This invitation is for another email address. Sign in with that one.')
    const already = await findMemberOfUser.first(tx, { workspaceId, userId: ctx.userId })
    if (already)
      throw new ApiError('AlreadyExists', 'You are already a member of this workspace.', { memberId: already.id })
    const key = { workspaceId, id: invitation.member_id }
    await linkMember.run(tx, { ...key, userId: ctx.userId, at: iso(ctx.app.clock.now()) })
    await deleteInvitation.run(tx, { workspaceId, id: invitation.id })
    await insertUsedInvitation.run(tx, { hash: invitation.hash, memberId: key.id })
    const row = await findMember.first(tx, key)
    if (!row) throw new Error(`The member ${key.id} is gone although its invitation was not.`)
    return {
      answer: { workspaceId, member: toMember(row) },
      changes: [
        { type: 'member', id: row.id },
        { type: 'invitation', id: invitation.id, deleted: true },
      ],
      audit: {
        type: 'member',
        id: row.id,
        name: row.email,
        value: row.role,
        before: { userId: null },
        after: { userId: row.user_id },
      },
    }
  })
}

/** What a person was answered who joined by this invitation; undefined for everybody else. */
async function joinedBy(db: Db, secret: string, userId: string): Promise<AcceptInvitationOutput | undefined> {
  if (!isWellFormedToken(secret)) return undefined
  const used = await findUsedInvitation.first(db, { hash: sha256(secret), userId })
  const row = used && (await findMember.first(db, { workspaceId: used.workspace_id, id: used.id }))
  return row && { workspaceId: row.workspace_id, member: toMember(row) }
}
