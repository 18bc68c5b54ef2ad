import type { AccountTable, MainSchema, Params, Reader, Tx } from '@steward/db'
import { after, fromJson, prepare, prepareWrite } from '@steward/db'
import type { Db, MainTx } from '../../core/context.ts'
import type { Page } from '../../core/page.ts'
import type { Administrator, BillingAddress, Customer } from './account.schema.ts'

export function toAccount(row: AccountTable): Customer {
  return {
    id: row.id,
    kind: row.kind,
    name: row.name,
    legalName: row.legal_name,
    taxId: row.tax_id,
    contactEmail: row.contact_email,
    billingEmail: row.billing_email,
    billingAddress: row.billing_address === null ? null : fromJson<BillingAddress>(row.billing_address),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }
}

export const findAccount = prepare((db: Reader<MainSchema>, p: Params<{ id: string }>) =>
  db.selectFrom('account').selectAll().where('id', '=', p.id),
)

/** The accounts a person administers, oldest first. */
export function listAccountsOf(db: Db, userId: string, page: Page): Promise<AccountTable[]> {
  return db
    .selectFrom('account as a')
    .innerJoin('account_administrator as s', 's.account_id', 'a.id')
    .selectAll('a')
    .where('s.user_id', '=', userId)
    .$if(page.after !== null, (query) =>
      query.where((eb) => after([eb.ref('a.created_at'), page.after?.[0]], [eb.ref('a.id'), page.after?.[1]])),
    )
    .orderBy('a.created_at')
    .orderBy('a.id')
    .limit(page.limit + 1)
    .execute()
}

export const insertAccount = prepareWrite((tx: Tx<MainSchema>, p: Params<AccountTable>) =>
  tx.insertInto('account').values({
    id: p.id,
    kind: p.kind,
    name: p.name,
    legal_name: p.legal_name,
    tax_id: p.tax_id,
    contact_email: p.contact_email,
    billing_email: p.billing_email,
    billing_address: p.billing_address,
    user_id: p.user_id,
    created_at: p.created_at,
    updated_at: p.updated_at,
  }),
)

export async function updateAccountRow(
  tx: MainTx,
  id: string,
  values: Partial<Omit<AccountTable, 'id'>>,
): Promise<void> {
  await tx.updateTable('account').set(values).where('id', '=', id).execute()
}

/** Names the individual account of a person after them. */
export async function renameIndividualAccount(
  tx: MainTx,
  userId: string,
  patch: { name: string; contact_email: string; updated_at: string },
): Promise<void> {
  await tx.updateTable('account').set(patch).where('user_id', '=', userId).execute()
}

/** The person administers nothing any more, and has no account of their own. */
export async function deleteAccountsOfPerson(tx: MainTx, userId: string): Promise<void> {
  await tx.deleteFrom('account_administrator').where('user_id', '=', userId).execute()
  await tx.deleteFrom('account').where('user_id', '=', userId).execute()
}

export const deleteAccountRow = prepareWrite((tx: Tx<MainSchema>, p: Params<{ id: string }>) =>
  tx.deleteFrom('account').where('id', '=', p.id),
)

/** At most two workspaces of the account, oldest first: enough to tell one from several. */
export const firstWorkspaces = prepare((db: Reader<MainSchema>, p: Params<{ accountId: string }>) =>
  db
    .selectFrom('workspace')
    .select('id')
    .where('account_id', '=', p.accountId)
    .orderBy('created_at')
    .orderBy('id')
    .limit(2),
)

interface AdministratorRow {
  user_id: string
  email: string
  display_name: string
  created_at: string
}

export function toAdministrator(row: AdministratorRow): Administrator {
  return { userId: row.user_id, email: row.email, displayName: row.display_name, createdAt: row.created_at }
}

/** Administrators of an account, in the order they were added. */
export function listAdministratorsOf(db: Db, accountId: string, page: Page): Promise<AdministratorRow[]> {
  return db
    .selectFrom('account_administrator as s')
    .innerJoin('user as u', 'u.id', 's.user_id')
    .select(['s.user_id', 'u.email', 'u.display_name', 's.created_at'])
    .where('s.account_id', '=', accountId)
    .$if(page.after !== null, (query) =>
      query.where((eb) => after([eb.ref('s.created_at'), page.after?.[0]], [eb.ref('s.user_id'), page.after?.[1]])),
    )
    .orderBy('s.created_at')
    .orderBy('s.user_id')
    .limit(page.limit + 1)
    .execute()
}

export const findAdministrator = prepare((db: Reader<MainSchema>, p: Params<{ accountId: string; userId: string }>) =>
  db
    .selectFrom('account_administrator as s')
    .innerJoin('user as u', 'u.id', 's.user_id')
    .select(['s.user_id', 'u.email', 'u.display_name', 's.created_at'])
    .where('s.account_id', '=', p.accountId)
    .where('s.user_id', '=', p.userId),
)

/** What only an administrator of the account does there, and what it is recorded as in the account's lane. */
const deeds = ['account.create', 'account.update', 'account.addAdministrator', 'account.removeAdministrator']

/** The administrators, each with a record of something they did since they are one; null when they did nothing yet. */
export const listDeeds = prepare((db: Reader<MainSchema>, p: Params<{ accountId: string }>) =>
  db
    .selectFrom('account_administrator as s')
    .select((eb) => [
      's.user_id',
      eb
        .selectFrom('audit_record as r')
        .select('r.id')
        .whereRef('r.lane_id', '=', 's.account_id')
        .whereRef('r.actor_id', '=', 's.user_id')
        .whereRef('r.at', '>=', 's.created_at')
        .where('r.actor_kind', '=', 'user')
        .where('r.operation', 'in', deeds)
        .limit(1)
        .as('deed'),
    ])
    .where('s.account_id', '=', p.accountId),
)

export const insertAdministrator = prepareWrite(
  (tx: Tx<MainSchema>, p: Params<{ accountId: string; userId: string; at: string }>) =>
    tx.insertInto('account_administrator').values({ account_id: p.accountId, user_id: p.userId, created_at: p.at }),
)

export const deleteAdministrator = prepareWrite(
  (tx: Tx<MainSchema>, p: Params<{ accountId: string; userId: string }>) =>
    tx.deleteFrom('account_administrator').where('account_id', '=', p.accountId).where('user_id', '=', p.userId),
)

/** Ids of accounts in order, after one of them. */
export async function accountIds(db: Db, of: { after: string; limit: number }): Promise<string[]> {
  const rows = await db
    .selectFrom('account')
    .select('id')
    .where('id', '>', of.after)
    .orderBy('id')
    .limit(of.limit)
    .execute()
  return rows.map(({ id }) => id)
}
