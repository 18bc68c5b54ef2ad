import type { Db } from '../../core/context.ts'

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
