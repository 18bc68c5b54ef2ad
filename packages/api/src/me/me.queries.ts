import type { MainSchema, Params, Reader, Tx } from '@steward/db'
import { prepare, prepareWrite } from '@steward/db'
import type { Db, MainTx } from '../core/context.ts'

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

// Invitations

export const findInvitation = prepare((db: Reader<MainSchema>, p: Params<{ hash: string }>) =>
  db
    .selectFrom('invitation as i')
    .innerJoin('member as m', 'm.id', 'i.member_id')
    .select(['i.id', 'i.workspace_id', 'i.member_id', 'i.expires_at', 'm.email', 'm.role'])
    .where('i.hash', '=', p.hash)
    .where('m.user_id', 'is', null),
)

/** Whether an open invitation was sent to this address, whatever the case it was written in. */
export async function isInvited(db: Db, email: string, now: string): Promise<boolean> {
  const row = await db
    .selectFrom('invitation as i')
    .innerJoin('member as m', 'm.id', 'i.member_id')
    .select('i.id')
    .where((eb) => eb(eb.fn<string>('lower', ['m.email']), '=', email))
    .where('m.user_id', 'is', null)
    .where('i.expires_at', '>', now)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

export async function acceptInvitation(
  tx: MainTx,
  invitation: { id: string; member_id: string },
  by: { userId: string; now: string },
): Promise<void> {
  await tx
    .updateTable('member')
    .set({ user_id: by.userId, updated_at: by.now })
    .where('id', '=', invitation.member_id)
    .execute()
  await tx.deleteFrom('invitation').where('id', '=', invitation.id).execute()
}

// Preferences

export const findPreference = prepare(
  (
    db: Reader<MainSchema>,
    p: Params<{ ownerKind: NewRow<'preference'>['owner_kind']; ownerId: string; key: string }>,
  ) =>
    db
      .selectFrom('preference')
      .select('value')
      .where('owner_kind', '=', p.ownerKind)
      .where('owner_id', '=', p.ownerId)
      .where('key', '=', p.key),
)

export const upsertPreference = prepareWrite((tx: Tx<MainSchema>, p: Params<NewRow<'preference'>>) =>
  tx
    .insertInto('preference')
    .values({
      owner_kind: p.owner_kind,
      owner_id: p.owner_id,
      key: p.key,
      value: p.value,
      updated_at: p.updated_at,
    })
    .onConflict((conflict) =>
      conflict
        .columns(['owner_kind', 'owner_id', 'key'])
        .doUpdateSet((eb) => ({ value: eb.ref('excluded.value'), updated_at: eb.ref('excluded.updated_at') })),
    ),
)

export async function deletePreference(
  tx: MainTx,
  owner: { kind: NewRow<'preference'>['owner_kind']; id: string },
  key: string,
): Promise<void> {
  await tx
    .deleteFrom('preference')
    .where('owner_kind', '=', owner.kind)
    .where('owner_id', '=', owner.id)
    .where('key', '=', key)
    .execute()
}
