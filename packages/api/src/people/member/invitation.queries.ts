import type { InvitationTable, MainSchema, Params, Reader, Role, Tx } from '@steward/db'
import { before, prepare, prepareWrite } from '@steward/db'
import type { Db } from '../../core/context.ts'
import type { Page } from '../../core/page.ts'
import type { Invitation } from './invitation.schema.ts'

export type NewInvitation = InvitationTable

export interface InvitationRow extends InvitationTable {
  email: string
  role: Role
}

const invitations = (db: Reader<MainSchema>) =>
  db
    .selectFrom('invitation as i')
    .innerJoin('member as m', 'm.id', 'i.member_id')
    .selectAll('i')
    .select(['m.email', 'm.role'])

export const insertInvitation = prepareWrite((tx: Tx<MainSchema>, p: Params<NewInvitation>) =>
  tx.insertInto('invitation').values({
    id: p.id,
    workspace_id: p.workspace_id,
    member_id: p.member_id,
    hash: p.hash,
    invited_by: p.invited_by,
    created_at: p.created_at,
    expires_at: p.expires_at,
  }),
)

export const findInvitation = prepare((db: Reader<MainSchema>, p: Params<{ workspaceId: string; id: string }>) =>
  invitations(db).where('i.workspace_id', '=', p.workspaceId).where('i.id', '=', p.id),
)

export const findInvitationOfMember = prepare((db: Reader<MainSchema>, p: Params<{ memberId: string }>) =>
  db.selectFrom('invitation').select('id').where('member_id', '=', p.memberId),
)

export const findInvitationByHash = prepare((db: Reader<MainSchema>, p: Params<{ hash: string }>) =>
  invitations(db)
    .innerJoin('workspace as w', 'w.id', 'i.workspace_id')
    .select('w.name as workspace_name')
    .where('i.hash', '=', p.hash),
)

/** Newest first; one row more than the page holds. */
export function pageOfInvitations(db: Db, workspaceId: string, page: Page): Promise<InvitationRow[]> {
  const { after: last } = page
  return invitations(db)
    .where('i.workspace_id', '=', workspaceId)
    .$if(last !== null, (query) =>
      query.where((eb) => before([eb.ref('i.created_at'), last?.[0]], [eb.ref('i.id'), last?.[1]])),
    )
    .orderBy('i.created_at', 'desc')
    .orderBy('i.id', 'desc')
    .limit(page.limit + 1)
    .execute()
}

export const replaceSecret = prepareWrite(
  (tx: Tx<MainSchema>, p: Params<{ workspaceId: string; id: string; hash: string; expiresAt: string }>) =>
    tx
      .updateTable('invitation')
      .set({ hash: p.hash, expires_at: p.expiresAt })
      .where('workspace_id', '=', p.workspaceId)
      .where('id', '=', p.id),
)

export const deleteInvitation = prepareWrite((tx: Tx<MainSchema>, p: Params<{ workspaceId: string; id: string }>) =>
  tx.deleteFrom('invitation').where('workspace_id', '=', p.workspaceId).where('id', '=', p.id),
)

/** Remembers the link of an invitation that a member has accepted. */
export const insertUsedInvitation = prepareWrite((tx: Tx<MainSchema>, p: Params<{ hash: string; memberId: string }>) =>
  tx.insertInto('used_invitation').values({ hash: p.hash, member_id: p.memberId }),
)

/** The place that this person took by an invitation. */
export const findUsedInvitation = prepare((db: Reader<MainSchema>, p: Params<{ hash: string; userId: string }>) =>
  db
    .selectFrom('used_invitation as u')
    .innerJoin('member as m', 'm.id', 'u.member_id')
    .select(['m.id', 'm.workspace_id'])
    .where('u.hash', '=', p.hash)
    .where('m.user_id', '=', p.userId),
)

/** Invitations of all workspaces that ran out before then, oldest first. */
export const findStaleInvitations = prepare((db: Reader<MainSchema>, p: Params<{ before: string; limit: number }>) =>
  db
    .selectFrom('invitation')
    .select(['id', 'workspace_id'])
    .where('expires_at', '<', p.before)
    .orderBy('expires_at')
    .orderBy('id')
    .limit(p.limit),
)

export function toInvitation(row: InvitationRow, now: string): Invitation {
  return {
    id: row.id,
    memberId: row.member_id,
    email: row.email,
    role: row.role,
    ...(row.invited_by !== null && { invitedBy: row.invited_by }),
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    expired: row.expires_at <= now,
  }
}

/** An invitation that nobody has taken up yet, by the hash of its secret. */
export const findOpenInvitation = prepare((db: Reader<MainSchema>, p: Params<{ hash: string }>) =>
  invitations(db).where('i.hash', '=', p.hash).where('m.user_id', 'is', null),
)

/** Whether an open invitation was sent to this address. */
export async function isInvited(db: Db, email: string, now: string): Promise<boolean> {
  const row = await db
    .selectFrom('invitation as i')
    .innerJoin('member as m', 'm.id', 'i.member_id')
    .select('i.id')
    .where('m.email', '=', email)
    .where('m.user_id', 'is', null)
    .where('i.expires_at', '>', now)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}
