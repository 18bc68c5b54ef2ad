import type { Expression, MainSchema, Params, Reader, Role } from '@steward/db'
import { prepare } from '@steward/db'
import type { Db } from '../../core/context.ts'

/** Whether the person administers the account that the workspace belongs to. */
export const administersAccountOf = prepare(
  (db: Reader<MainSchema>, p: Params<{ workspaceId: string; userId: string }>) =>
    db
      .selectFrom('workspace as w')
      .innerJoin('account_administrator as a', 'a.account_id', 'w.account_id')
      .select('a.user_id')
      .where('w.id', '=', p.workspaceId)
      .where('a.user_id', '=', p.userId),
)

const people = (db: Db, workspaceId: string) =>
  db
    .selectFrom('member as m')
    .innerJoin('user as u', 'u.id', 'm.user_id')
    .select(['m.id', 'u.id as user_id', 'u.display_name', 'u.email', 'm.role'])
    .where('m.workspace_id', '=', workspaceId)
    .orderBy('m.created_at')
    .orderBy('m.id')

export interface Holders {
  roles: readonly Role[]
  /** Who may because they made it. */
  creator: { userId: string; roles: readonly Role[] } | null
  /** The ids of those who may, of all below administrator. */
  onlyOf: Expression<string> | null
  limit: number
}

/** Members who hold one of the roles, or made what it is about, and are among those it is open to. */
export function findHolders(db: Db, workspaceId: string, { roles, creator, onlyOf, limit }: Holders) {
  return people(db, workspaceId)
    .where((eb) =>
      eb.or([
        eb('m.role', 'in', roles),
        ...(creator && creator.roles.length > 0
          ? [eb.and([eb('m.role', 'in', creator.roles), eb('m.user_id', '=', creator.userId)])]
          : []),
      ]),
    )
    .$if(onlyOf !== null, (query) =>
      query.where((eb) =>
        eb.or([
          eb('m.role', 'in', ['administrator', 'owner']),
          ...(onlyOf === null ? [] : [eb('m.user_id', 'in', onlyOf)]),
        ]),
      ),
    )
    .limit(limit)
    .execute()
}

/** Members who administer the account of the workspace. */
export function findAccountAdministrators(db: Db, workspaceId: string, limit: number) {
  return people(db, workspaceId)
    .innerJoin('workspace as w', 'w.id', 'm.workspace_id')
    .innerJoin('account_administrator as a', (join) =>
      join.onRef('a.account_id', '=', 'w.account_id').onRef('a.user_id', '=', 'm.user_id'),
    )
    .limit(limit)
    .execute()
}

/** Members who are people, whoever they are. */
export function findPeople(db: Db, workspaceId: string, limit: number) {
  return people(db, workspaceId).limit(limit).execute()
}
