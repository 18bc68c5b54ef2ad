import type { Db, MainTx } from '../../core/context.ts'

/** Workspaces the person owns, or that belong to their individual account. */
export function workspacesHeld(db: Db, userId: string) {
  return db
    .selectFrom('workspace as w')
    .innerJoin('account as a', 'a.id', 'w.account_id')
    .innerJoin('member as m', 'm.id', 'w.owner_member_id')
    .select([
      'w.id',
      'w.name',
      'w.handle',
      'w.account_id',
      'a.user_id as account_user_id',
      'm.user_id as owner_user_id',
    ])
    .where((eb) => eb.or([eb('a.user_id', '=', userId), eb('m.user_id', '=', userId)]))
    .orderBy('w.id')
    .execute()
}

/** Whether anything is in a workspace besides its owner. */
export async function isInUse(db: Db, workspaceId: string): Promise<boolean> {
  const bot = await db.selectFrom('bot').select('id').where('workspace_id', '=', workspaceId).limit(1).execute()
  const members = await db.selectFrom('member').select('id').where('workspace_id', '=', workspaceId).limit(2).execute()
  return bot.length > 0 || members.length > 1
}

export function memberships(db: Db, userId: string) {
  return db
    .selectFrom('member')
    .select(['id', 'workspace_id', 'user_id', 'email', 'role'])
    .where('user_id', '=', userId)
    .orderBy('id')
    .execute()
}

/** Accounts the person administers. */
export function administered(db: Db, userId: string) {
  return db
    .selectFrom('account_administrator as mine')
    .innerJoin('account as a', 'a.id', 'mine.account_id')
    .select(['a.id', 'a.kind', 'a.name'])
    .where('mine.user_id', '=', userId)
    .orderBy('a.id')
    .execute()
}

/** Deletes a workspace; its members, invitations and bound tokens go with it. */
export async function deleteWorkspace(tx: MainTx, workspaceId: string): Promise<void> {
  await tx.deleteFrom('preference').where('owner_kind', '=', 'workspace').where('owner_id', '=', workspaceId).execute()
  await tx.deleteFrom('workspace').where('id', '=', workspaceId).execute()
}

/** Deletes the person; tokens, sessions and ways of signing in go with them. Their home workspace must be gone. */
export async function deletePerson(tx: MainTx, userId: string): Promise<void> {
  await tx.deleteFrom('member').where('user_id', '=', userId).execute()
  await tx.deleteFrom('bot_access').where('user_id', '=', userId).execute()
  await tx.deleteFrom('preference').where('owner_kind', '=', 'user').where('owner_id', '=', userId).execute()
  await tx.deleteFrom('verification').where('value', '=', userId).execute()
  await tx.deleteFrom('account_administrator').where('user_id', '=', userId).execute()
  await tx.deleteFrom('account').where('user_id', '=', userId).execute()
  await tx.deleteFrom('user').where('id', '=', userId).execute()
}
