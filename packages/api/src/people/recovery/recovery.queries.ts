import type { MainSchema, Params, Reader, RecoveryLinkTable, Tx } from '@steward/db'
import { prepare, prepareWrite } from '@steward/db'
import type { MainTx } from '../../core/context.ts'

export type NewLink = RecoveryLinkTable

const people = (db: Reader<MainSchema>) =>
  db.selectFrom('user as u').select(['u.id', 'u.email', 'u.display_name', 'u.operator', 'u.claimed'])

export const findPerson = prepare((db: Reader<MainSchema>, p: Params<{ userId: string }>) =>
  people(db).where('u.id', '=', p.userId),
)

export const findPersonByEmail = prepare((db: Reader<MainSchema>, p: Params<{ email: string }>) =>
  people(db).where('u.email', '=', p.email),
)

/** The person behind a member who has joined. */
export const findPersonOfMember = prepare((db: Reader<MainSchema>, p: Params<{ workspaceId: string; id: string }>) =>
  people(db)
    .innerJoin('member as m', 'm.user_id', 'u.id')
    .where('m.workspace_id', '=', p.workspaceId)
    .where('m.id', '=', p.id),
)

export const memberExists = prepare((db: Reader<MainSchema>, p: Params<{ workspaceId: string; id: string }>) =>
  db.selectFrom('member').select('id').where('workspace_id', '=', p.workspaceId).where('id', '=', p.id),
)

export const findWorkspaceAccount = prepare((db: Reader<MainSchema>, p: Params<{ workspaceId: string }>) =>
  db.selectFrom('workspace').select('account_id').where('id', '=', p.workspaceId),
)

export const hasPassword = prepare((db: Reader<MainSchema>, p: Params<{ userId: string }>) =>
  db.selectFrom('sign_in_method').select('id').where('user_id', '=', p.userId).where('provider_id', '=', 'credential'),
)

/** Every place the person has, with the account behind it and whose individual account that is. */
export const placesOf = prepare((db: Reader<MainSchema>, p: Params<{ userId: string }>) =>
  db
    .selectFrom('member as m')
    .innerJoin('workspace as w', 'w.id', 'm.workspace_id')
    .innerJoin('account as a', 'a.id', 'w.account_id')
    .select(['m.workspace_id', 'm.role', 'w.account_id', 'a.user_id as account_user_id'])
    .where('m.user_id', '=', p.userId),
)

/** Accounts the person administers, beside their own individual one. */
export const accountsOf = prepare((db: Reader<MainSchema>, p: Params<{ userId: string }>) =>
  db
    .selectFrom('account_administrator as aa')
    .innerJoin('account as a', 'a.id', 'aa.account_id')
    .select('a.id')
    .where('aa.user_id', '=', p.userId)
    .where((eb) => eb.or([eb('a.user_id', 'is', null), eb('a.user_id', '<>', p.userId)])),
)

/** A link ends the one before of the same origin. */
export async function replaceLink(tx: MainTx, link: NewLink): Promise<void> {
  await tx.deleteFrom('recovery_link').where('user_id', '=', link.user_id).where('origin', '=', link.origin).execute()
  await tx.insertInto('recovery_link').values(link).execute()
}

export const findLink = prepare((db: Reader<MainSchema>, p: Params<{ hash: string }>) =>
  db
    .selectFrom('recovery_link as l')
    .innerJoin('user as u', 'u.id', 'l.user_id')
    .selectAll('l')
    .select(['u.email', 'u.display_name'])
    .where('l.hash', '=', p.hash),
)

export const findLinkByMail = prepare((db: Reader<MainSchema>, p: Params<{ userId: string }>) =>
  db.selectFrom('recovery_link').select('created_at').where('user_id', '=', p.userId).where('origin', '=', 'mail'),
)

export const deleteLinksOf = prepareWrite((tx: Tx<MainSchema>, p: Params<{ userId: string }>) =>
  tx.deleteFrom('recovery_link').where('user_id', '=', p.userId),
)

export const countTokens = prepare((db: Reader<MainSchema>, p: Params<{ userId: string; now: string }>) =>
  db
    .selectFrom('personal_access_token')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('user_id', '=', p.userId)
    .where((eb) => eb.or([eb('expires_at', 'is', null), eb('expires_at', '>', p.now)])),
)

/** Deletes a batch of links that ran out before a time. @returns how many. */
export async function sweepRecoveryLinks(
  tx: MainTx,
  { before, limit }: { before: string; limit: number },
): Promise<number> {
  const stale = tx.selectFrom('recovery_link').select('hash').where('expires_at', '<', before).limit(limit)
  const { numDeletedRows } = await tx.deleteFrom('recovery_link').where('hash', 'in', stale).executeTakeFirst()
  return Number(numDeletedRows)
}
