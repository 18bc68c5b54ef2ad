import type { Expression, MainSchema, Params, Reader, Tx, WorkspaceTable } from '@steward/db'
import { after, toFlag, fromFlag, fromJson, prepare, prepareWrite } from '@steward/db'
import type { AppContext } from '../../core/app-context.ts'
import type { Db, MainTx } from '../../core/context.ts'
import type { Page } from '../../core/page.ts'
import { announce, moveGauge } from '../../core/write/lifecycle.ts'
import { insertMember } from '../member/member.queries.ts'
import type { BillingVersion, PublicWorkspace, OwnedWorkspace, WorkspacePlan } from './workspace.schema.ts'

/** What a new workspace may spend a month, in cents, until somebody says otherwise. */
const firstSpendingLimit = 10_000

export type WorkspaceRow = Omit<WorkspaceTable, 'owner_member_id' | 'owner_role' | 'second_factor_required'> & {
  owner_id: string
}

/** What a workspace tells about itself. */
export const profileColumns = [
  'w.id',
  'w.name',
  'w.handle',
  'w.about',
  'w.profile_picture',
  'w.contact_email',
  'w.website',
  'w.social_accounts',
  'w.created_at',
  'w.updated_at',
] as const

const columns = [
  ...profileColumns,
  'w.account_id',
  'w.is_public',
  'w.blocked',
  'w.plan',
  'w.billing_version',
  'w.spending_limit_cents',
  'w.bot_count',
] as const

const workspaces = (db: Db) =>
  db
    .selectFrom('workspace as w')
    .innerJoin('member as o', 'o.id', 'w.owner_member_id')
    .select(columns)
    .select((eb) => eb.ref('o.user_id').$notNull().as('owner_id'))

export const findWorkspace = prepare((db: Reader<MainSchema>, p: Params<{ id: string }>) =>
  workspaces(db).where('w.id', '=', p.id),
)

export type ProfileRow = Pick<
  WorkspaceTable,
  | 'id'
  | 'name'
  | 'handle'
  | 'about'
  | 'profile_picture'
  | 'contact_email'
  | 'website'
  | 'social_accounts'
  | 'created_at'
  | 'updated_at'
>

/** What strangers may read; `handle` is absent until one is claimed (reference 2.3). */
export function toPublicWorkspace(row: ProfileRow): PublicWorkspace {
  return {
    id: row.id,
    name: row.name,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    about: row.about,
    profilePicture: row.profile_picture,
    contactEmail: row.contact_email,
    website: row.website,
    socialAccounts: fromJson<string[]>(row.social_accounts),
    ...(row.handle !== null && { handle: row.handle }),
  }
}

export function toWorkspace(row: WorkspaceRow): OwnedWorkspace {
  return {
    ...toPublicWorkspace(row),
    ownerId: row.owner_id,
    botCount: row.bot_count,
    billingVersion: row.billing_version as BillingVersion,
    plan: row.plan as WorkspacePlan,
    blocked: fromFlag(row.blocked),
    spendingLimit: row.spending_limit_cents / 100,
    isPublic: fromFlag(row.is_public),
    activeTrialId: null,
    accountId: row.account_id,
  }
}

export interface MembershipFilter {
  handle?: string | undefined
  /** The one workspace that the caller's token is bound to. */
  only: string | null
}

/** The workspaces a person is a member of, oldest first. */
export function listWorkspacesOf(
  db: Db,
  userId: string,
  { handle, only, page }: MembershipFilter & { page: Page },
): Promise<WorkspaceRow[]> {
  return workspaces(db)
    .innerJoin('member as m', 'm.workspace_id', 'w.id')
    .where('m.user_id', '=', userId)
    .$if(handle !== undefined, (query) => query.where('w.handle', '=', handle ?? null))
    .$if(only !== null, (query) => query.where('w.id', '=', only ?? ''))
    .$if(page.after !== null, (query) =>
      query.where((eb) => after([eb.ref('w.created_at'), page.after?.[0]], [eb.ref('w.id'), page.after?.[1]])),
    )
    .orderBy('w.created_at')
    .orderBy('w.id')
    .limit(page.limit + 1)
    .execute()
}

/** Ids and accounts of all workspaces that a person is a member of. */
export function workspacesOfMember(db: Db, userId: string): Promise<{ id: string; account_id: string }[]> {
  return db
    .selectFrom('member as m')
    .innerJoin('workspace as w', 'w.id', 'm.workspace_id')
    .select(['w.id', 'w.account_id'])
    .where('m.user_id', '=', userId)
    .orderBy('w.id')
    .execute()
}

/** Ids of all workspaces of an account. */
export async function workspaceIdsOf(db: Db, accountId: string): Promise<string[]> {
  const rows = await db.selectFrom('workspace').select('id').where('account_id', '=', accountId).orderBy('id').execute()
  return rows.map(({ id }) => id)
}

/** The workspaces an account owns, oldest first. */
export function listWorkspacesOfAccount(db: Db, accountId: string, page: Page): Promise<WorkspaceRow[]> {
  return workspaces(db)
    .where('w.account_id', '=', accountId)
    .$if(page.after !== null, (query) =>
      query.where((eb) => after([eb.ref('w.created_at'), page.after?.[0]], [eb.ref('w.id'), page.after?.[1]])),
    )
    .orderBy('w.created_at')
    .orderBy('w.id')
    .limit(page.limit + 1)
    .execute()
}

/** Another workspace of the account, if there is one. */
export const findOtherOfAccount = prepare(
  (db: Reader<MainSchema>, p: Params<{ accountId: string; workspaceId: string }>) =>
    db
      .selectFrom('workspace')
      .select('id')
      .where('account_id', '=', p.accountId)
      .where('id', '<>', p.workspaceId)
      .limit(1),
)

const findAccountOf = prepare((db: Reader<MainSchema>, p: Params<{ workspaceId: string }>) =>
  db.selectFrom('workspace').select('account_id').where('id', '=', p.workspaceId),
)

/** The account that owns a workspace; undefined where there is none. */
export async function accountOfWorkspace(db: Db, workspaceId: string): Promise<string | undefined> {
  return (await findAccountOf.first(db, { workspaceId }))?.account_id
}

export const findIndividualAccount = prepare((db: Reader<MainSchema>, p: Params<{ userId: string }>) =>
  db.selectFrom('account').select('id').where('user_id', '=', p.userId),
)

export const findEmail = prepare((db: Reader<MainSchema>, p: Params<{ userId: string }>) =>
  db.selectFrom('user').select('email').where('id', '=', p.userId),
)

export interface NewWorkspace {
  id: string
  accountId: string
  name: string
  /** ISO 8601. */
  at: string
  owner: { memberId: string; userId: string; email: string }
}

/** A workspace with its owner as a member. Its lane comes with the first write that names it. */
// oxlint-disable-next-line max-params
export async function insertWorkspace(
  app: AppContext,
  tx: MainTx,
  { id, accountId, name, at, owner }: NewWorkspace,
): Promise<void> {
  await tx
    .insertInto('workspace')
    .values({
      id,
      account_id: accountId,
      name,
      handle: null,
      about: '',
      profile_picture: '',
      contact_email: '',
      website: '',
      social_accounts: '[]',
      is_public: 0,
      blocked: 0,
      plan: 'community',
      billing_version: 'v4',
      spending_limit_cents: firstSpendingLimit,
      bot_count: 0,
      owner_member_id: owner.memberId,
      owner_role: 'owner',
      second_factor_required: 0,
      created_at: at,
      updated_at: at,
    })
    .execute()
  const { memberId, userId, email } = owner
  await insertMember.run(tx, { id: memberId, workspace_id: id, user_id: userId, email, role: 'owner', at })
  moveGauge(tx, { type: 'workspace_member_count', in: { workspaceId: id }, delta: 1 })
  await announce({ app, tx }, 'workspaceCreated', { workspaceId: id, accountId })
}

export async function updateWorkspaceRow(
  tx: MainTx,
  id: string,
  values: Partial<Omit<WorkspaceTable, 'id'>>,
): Promise<void> {
  await tx.updateTable('workspace').set(values).where('id', '=', id).execute()
}

/** Shows the contract's name of a plan for one workspace, those of an account, or those of all but some accounts. */
export async function setShownPlan(
  tx: MainTx,
  of: { plan: string } & (
    | { workspaceId: string }
    | { accountId: string }
    | { exceptAccounts: Expression<{ account_id: string }> }
  ),
): Promise<void> {
  await tx
    .updateTable('workspace')
    .set({ plan: of.plan })
    .where('plan', '<>', of.plan)
    .where((eb) =>
      'workspaceId' in of
        ? eb('id', '=', of.workspaceId)
        : 'accountId' in of
          ? eb('account_id', '=', of.accountId)
          : eb('account_id', 'not in', of.exceptAccounts as never),
    )
    .execute()
}

export async function setBlocked(tx: MainTx, id: string, isBlocked: boolean): Promise<void> {
  await tx
    .updateTable('workspace')
    .set({ blocked: toFlag(isBlocked) })
    .where('id', '=', id)
    .execute()
}

export const setOwner = prepareWrite((tx: Tx<MainSchema>, p: Params<{ id: string; memberId: string; at: string }>) =>
  tx.updateTable('workspace').set({ owner_member_id: p.memberId, updated_at: p.at }).where('id', '=', p.id),
)

const addToBotCount = prepareWrite((tx: Tx<MainSchema>, p: Params<{ workspaceId: string; delta: number }>) =>
  tx
    .updateTable('workspace')
    .set((eb) => ({ bot_count: eb('bot_count', '+', p.delta) }))
    .where('id', '=', p.workspaceId),
)

/** Moves the counter `botCount` of a workspace. */
export async function countBots(tx: MainTx, workspaceId: string, delta: 1 | -1): Promise<void> {
  await addToBotCount.run(tx, { workspaceId, delta })
  moveGauge(tx, { type: 'bot_count', in: { workspaceId }, delta })
}

/** Deletes the row and, by the schema's cascades, all that hangs on it. */
export const deleteWorkspaceRow = prepareWrite((tx: Tx<MainSchema>, p: Params<{ id: string }>) =>
  tx.deleteFrom('workspace').where('id', '=', p.id),
)
