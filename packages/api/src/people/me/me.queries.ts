import type { MainSchema, Params, Reader } from '@steward/db'
import { prepare } from '@steward/db'
import type { Db, MainTx } from '../../core/context.ts'

type NewRow<T extends keyof MainSchema> = MainSchema[T]

// People

export const findUser = prepare((db: Reader<MainSchema>, p: Params<{ userId: string }>) =>
  db.selectFrom('user').selectAll().where('id', '=', p.userId),
)

export const findUserByEmail = prepare((db: Reader<MainSchema>, p: Params<{ email: string }>) =>
  db.selectFrom('user').select(['id', 'email', 'operator', 'claimed']).where('email', '=', p.email),
)

/** The people who operate this installation, oldest first. */
export function listOperators(db: Db) {
  return db
    .selectFrom('user')
    .select(['id', 'email', 'display_name', 'claimed'])
    .where('operator', '=', 1)
    .orderBy('created_at')
    .orderBy('id')
    .execute()
}

export async function anyoneExists(db: Db): Promise<boolean> {
  return (await db.selectFrom('user').select('id').limit(1).executeTakeFirst()) !== undefined
}

export async function insertUser(tx: MainTx, row: NewRow<'user'>): Promise<void> {
  await tx.insertInto('user').values(row).execute()
}

export async function insertSignInMethod(tx: MainTx, row: NewRow<'sign_in_method'>): Promise<void> {
  await tx.insertInto('sign_in_method').values(row).execute()
}

export async function insertAccount(tx: MainTx, row: NewRow<'account'>): Promise<void> {
  await tx.insertInto('account').values(row).execute()
}

export async function insertAdministrator(tx: MainTx, row: NewRow<'account_administrator'>): Promise<void> {
  await tx.insertInto('account_administrator').values(row).execute()
}

export type UserPatch = Partial<Pick<NewRow<'user'>, 'display_name' | 'picture' | 'email' | 'claimed' | 'operator'>>

export async function updateUser(tx: MainTx, userId: string, patch: UserPatch & { updated_at: string }): Promise<void> {
  await tx.updateTable('user').set(patch).where('id', '=', userId).execute()
}

/** Names the individual account of a person after them. */
export async function renameIndividualAccount(
  tx: MainTx,
  userId: string,
  patch: { name: string; contact_email: string; updated_at: string },
): Promise<void> {
  await tx.updateTable('account').set(patch).where('user_id', '=', userId).execute()
}

/** The person's e-mail as their memberships show it. */
export async function updateMemberEmail(
  tx: MainTx,
  userId: string,
  patch: { email: string; updated_at: string },
): Promise<void> {
  await tx.updateTable('member').set(patch).where('user_id', '=', userId).execute()
}

/** Replaces the password hash; false when the person has none yet. */
export async function updatePassword(
  tx: MainTx,
  userId: string,
  patch: { password: string; updated_at: string },
): Promise<boolean> {
  const result = await tx
    .updateTable('sign_in_method')
    .set(patch)
    .where('user_id', '=', userId)
    .where('provider_id', '=', 'credential')
    .executeTakeFirst()
  return result.numUpdatedRows > 0n
}

export async function deleteSecondFactor(tx: MainTx, userId: string): Promise<void> {
  await tx.deleteFrom('two_factor').where('user_id', '=', userId).execute()
}

/** @returns whether it was on. */
export async function turnSecondFactorOff(tx: MainTx, userId: string, now: string): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('user')
    .set({ two_factor_enabled: 0, updated_at: now })
    .where('id', '=', userId)
    .where('two_factor_enabled', '=', 1)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

// Invitations

export const findInvitation = prepare((db: Reader<MainSchema>, p: Params<{ hash: string }>) =>
  db
    .selectFrom('invitation as i')
    .innerJoin('member as m', 'm.id', 'i.member_id')
    .select(['i.id', 'i.hash', 'i.workspace_id', 'i.member_id', 'i.expires_at', 'm.email', 'm.role'])
    .where('i.hash', '=', p.hash)
    .where('m.user_id', 'is', null),
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

export async function acceptInvitation(
  tx: MainTx,
  invitation: { id: string; member_id: string; hash: string },
  by: { userId: string; now: string },
): Promise<void> {
  await tx
    .updateTable('member')
    .set({ user_id: by.userId, updated_at: by.now })
    .where('id', '=', invitation.member_id)
    .execute()
  await tx.deleteFrom('invitation').where('id', '=', invitation.id).execute()
  await tx.insertInto('used_invitation').values({ hash: invitation.hash, member_id: invitation.member_id }).execute()
}
