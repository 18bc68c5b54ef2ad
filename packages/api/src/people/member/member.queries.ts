import type { MainSchema, Params, Reader, Role, Tx } from '@steward/db'
import { after, prepare, prepareWrite } from '@steward/db'
import type { Db, MainTx } from '../../core/context.ts'
import type { Page } from '../../core/page.ts'
import type { Member } from './member.schema.ts'

/** A member with what the person behind it is called. */
export interface MemberRow {
  id: string
  workspace_id: string
  user_id: string | null
  email: string
  role: Role
  created_at: string
  user_email: string | null
  display_name: string | null
  picture: string | null
}

const members = (db: Reader<MainSchema>) =>
  db
    .selectFrom('member as m')
    .leftJoin('user as u', 'u.id', 'm.user_id')
    .select([
      'm.id',
      'm.workspace_id',
      'm.user_id',
      'm.email',
      'm.role',
      'm.created_at',
      'u.email as user_email',
      'u.display_name',
      'u.picture',
    ])

export const findMember = prepare((db: Reader<MainSchema>, p: Params<{ workspaceId: string; id: string }>) =>
  members(db).where('m.workspace_id', '=', p.workspaceId).where('m.id', '=', p.id),
)

export const findMemberOfUser = prepare((db: Reader<MainSchema>, p: Params<{ workspaceId: string; userId: string }>) =>
  members(db).where('m.workspace_id', '=', p.workspaceId).where('m.user_id', '=', p.userId),
)

export const findMemberByEmail = prepare((db: Reader<MainSchema>, p: Params<{ workspaceId: string; email: string }>) =>
  members(db).where('m.workspace_id', '=', p.workspaceId).where('m.email', '=', p.email),
)

/** Oldest first; one row more than the page holds. */
export function listMembers(db: Db, workspaceId: string, page: Page): Promise<MemberRow[]> {
  const { after: last } = page
  return members(db)
    .where('m.workspace_id', '=', workspaceId)
    .$if(last !== null, (query) =>
      query.where((eb) => after([eb.ref('m.created_at'), last?.[0]], [eb.ref('m.id'), last?.[1]])),
    )
    .orderBy('m.created_at')
    .orderBy('m.id')
    .limit(page.limit + 1)
    .execute()
}

export const findEmailOfUser = prepare((db: Reader<MainSchema>, p: Params<{ userId: string }>) =>
  db.selectFrom('user').select('email').where('id', '=', p.userId),
)

export interface NewMember {
  id: string
  workspace_id: string
  user_id: string | null
  email: string
  role: Role
  at: string
}

export const insertMember = prepareWrite((tx: Tx<MainSchema>, p: Params<NewMember>) =>
  tx.insertInto('member').values({
    id: p.id,
    workspace_id: p.workspace_id,
    user_id: p.user_id,
    email: p.email,
    role: p.role,
    created_at: p.at,
    updated_at: p.at,
  }),
)

export interface RoleChange {
  workspaceId: string
  id: string
  from: Role
  to: Role
  at: string
}

/** Changes the role if it still is `from`. */
export const changeRole = prepareWrite((tx: Tx<MainSchema>, p: Params<RoleChange>) =>
  tx
    .updateTable('member')
    .set({ role: p.to, updated_at: p.at })
    .where('workspace_id', '=', p.workspaceId)
    .where('id', '=', p.id)
    .where('role', '=', p.from),
)

/** The pending member becomes that person's. */
export const linkMember = prepareWrite(
  (tx: Tx<MainSchema>, p: Params<{ workspaceId: string; id: string; userId: string; at: string }>) =>
    tx
      .updateTable('member')
      .set({ user_id: p.userId, updated_at: p.at })
      .where('workspace_id', '=', p.workspaceId)
      .where('id', '=', p.id)
      .where('user_id', 'is', null),
)

/** Never takes an owner away. */
export const removeMember = prepareWrite((tx: Tx<MainSchema>, p: Params<{ workspaceId: string; id: string }>) =>
  tx.deleteFrom('member').where('workspace_id', '=', p.workspaceId).where('id', '=', p.id).where('role', '<>', 'owner'),
)

/** The person's email as their memberships show it. */
export async function updateMemberEmail(
  tx: MainTx,
  userId: string,
  patch: { email: string; updated_at: string },
): Promise<void> {
  await tx.updateTable('member').set(patch).where('user_id', '=', userId).execute()
}

export function membershipsOf(db: Db, userId: string) {
  return db
    .selectFrom('member')
    .select(['id', 'workspace_id', 'user_id', 'email', 'role'])
    .where('user_id', '=', userId)
    .orderBy('id')
    .execute()
}

/** The person leaves every workspace. */
export const deleteMemberships = prepareWrite((tx: Tx<MainSchema>, p: Params<{ userId: string }>) =>
  tx.deleteFrom('member').where('user_id', '=', p.userId),
)

export async function memberNames(db: Db, workspaceId: string, ids: readonly string[]) {
  return members(db).where('m.workspace_id', '=', workspaceId).where('m.id', 'in', ids).execute()
}

/** Whether a workspace has other members than its owner. */
export async function hasOthers(db: Db, workspaceId: string): Promise<boolean> {
  const found = await db.selectFrom('member').select('id').where('workspace_id', '=', workspaceId).limit(2).execute()
  return found.length > 1
}

export const findWorkspaceName = prepare((db: Reader<MainSchema>, p: Params<{ id: string }>) =>
  db.selectFrom('workspace').select(['name', 'owner_member_id']).where('id', '=', p.id),
)

/** The address shown is the person's present one; that of the invitation until there is a person. */
export function toMember(row: MemberRow): Member {
  return {
    id: row.id,
    ...(row.user_id !== null && { userId: row.user_id }),
    email: row.user_email ?? row.email,
    createdAt: row.created_at,
    role: row.role,
    ...(row.picture !== null && { profilePicture: row.picture }),
    ...(row.display_name !== null && { displayName: row.display_name }),
  }
}

/** Members and open invitations of a workspace. */
export async function countMembers(db: Db, workspaceId: string): Promise<{ botId: null; count: number }[]> {
  const { count } = await db
    .selectFrom('member')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('workspace_id', '=', workspaceId)
    .executeTakeFirstOrThrow()
  return [{ botId: null, count }]
}
