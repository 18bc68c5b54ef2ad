import type { AccountTable } from '@steward/db'
import { toJson, violationOf } from '@steward/db'
import { authorize, boundWorkspace } from '../../core/access/access.ts'
import { iso } from '../../core/clock.ts'
import type { AccountContext, Db, Lane, SelfContext, WorkspaceContext } from '../../core/context.ts'
import { ApiError, notFound } from '../../core/errors.ts'
import { announce, isWorkspaceInUse } from '../../core/write/lifecycle.ts'
import { closePage, openPage } from '../../core/page.ts'
import { read } from '../../core/write/read.ts'
import { write } from '../../core/write/write.ts'
import { accountExists } from './account-access.queries.ts'
import {
  closing,
  eraseWorkspace,
  insertWorkspace,
  listWorkspacesOfAccount,
  requireEmail,
  requireWorkspace,
  toWorkspace,
} from '../workspace/workspace.service.ts'
import {
  deleteAccountRow,
  findAccount,
  firstWorkspaces,
  insertAccount,
  insertAdministrator,
  listAccountsOf,
  toAccount,
  updateAccountRow,
} from './account.queries.ts'
import type {
  CreateCustomerInput,
  CreateCustomerOutput,
  Customer,
  ListCustomersInput,
  ListCustomersOutput,
  ListCustomerWorkspacesInput,
  ListCustomerWorkspacesOutput,
  UpdateCustomerInput,
} from './account.schema.ts'

/** The accounts the caller administers. A token bound to one workspace sees none. */
export async function listAccounts(ctx: SelfContext, input: ListCustomersInput): Promise<ListCustomersOutput> {
  const page = openPage(input, ['accounts'])
  if (boundWorkspace(ctx) !== null) return { accounts: [], meta: {} }
  const found = await read(ctx, (db) => listAccountsOf(db, ctx.userId, page))
  const { rows, meta } = closePage(found, page, (row) => [row.created_at, row.id])
  return { accounts: rows.map(toAccount), meta }
}

/** @throws ResourceNotFound */
export async function requireAccount(db: Db, id: string): Promise<AccountTable> {
  const row = await findAccount.first(db, { id })
  if (!row) throw notFound('account', id)
  return row
}

/** Makes an organization together with its first workspace. The caller administers the one and owns the other. */
export async function createAccount(ctx: SelfContext, input: CreateCustomerInput): Promise<CreateCustomerOutput> {
  const { ids, clock } = ctx.app
  const [id, workspaceId, memberId] = [ids.make('account'), ids.make('workspace'), ids.make('member')]
  const lanes: Lane[] = [
    { kind: 'account', id },
    { kind: 'workspace', id: workspaceId },
  ]
  return write(ctx, { action: 'CREATE_WORKSPACE', lanes }, async (tx) => {
    const at = iso(clock.now())
    await insertAccount.run(tx, {
      id,
      kind: 'organization',
      name: input.name,
      legal_name: null,
      tax_id: null,
      contact_email: null,
      billing_email: null,
      billing_address: null,
      ...columnsOf(input),
      user_id: null,
      created_at: at,
      updated_at: at,
    })
    await insertAdministrator.run(tx, { accountId: id, userId: ctx.userId, at })
    const owner = { memberId, userId: ctx.userId, email: await requireEmail(tx, ctx.userId) }
    await insertWorkspace(ctx.app, tx, { id: workspaceId, accountId: id, name: input.workspaceName, at, owner })
    return {
      answer: {
        account: toAccount(await requireAccount(tx, id)),
        workspace: toWorkspace(await requireWorkspace(tx, workspaceId)),
      },
      changes: [
        { type: 'account', id },
        { type: 'workspace', id: workspaceId },
        { type: 'workspace', id: workspaceId, lane: workspaceId },
        { type: 'member', id: memberId, lane: workspaceId },
      ],
      audit: {
        type: 'workspace',
        id: workspaceId,
        name: input.workspaceName,
        after: { name: input.workspaceName, accountId: id, accountName: input.name },
      },
    }
  })
}

/** @throws ResourceNotFound */
export async function getAccount(ctx: AccountContext): Promise<Customer> {
  return toAccount(await read(ctx, (db) => requireAccount(db, ctx.accountId)))
}

/** Changes what is given; null empties a field. */
export async function updateAccount(ctx: AccountContext, input: UpdateCustomerInput): Promise<Customer> {
  const { accountId: id, ...given } = input
  const touched = Object.entries(given).flatMap(([key, value]) => (value === undefined ? [] : [key]))
  return write(ctx, 'UNKNOWN', async (tx) => {
    const before = toAccount(await requireAccount(tx, id))
    await updateAccountRow(tx, id, { ...columnsOf(given), updated_at: iso(ctx.app.clock.now()) })
    const answer = toAccount(await requireAccount(tx, id))
    return {
      answer,
      changes: [{ type: 'account', id }],
      audit: { type: 'account', id, name: answer.name, before: pick(before, touched), after: pick(answer, touched) },
    }
  })
}

function columnsOf(given: Omit<UpdateCustomerInput, 'accountId'>) {
  const { name, legalName, taxId, contactEmail, billingEmail, billingAddress: address } = given
  return {
    ...(name !== undefined && { name }),
    ...(legalName !== undefined && { legal_name: legalName }),
    ...(taxId !== undefined && { tax_id: taxId }),
    ...(contactEmail !== undefined && { contact_email: contactEmail }),
    ...(billingEmail !== undefined && { billing_email: billingEmail }),
    ...(address !== undefined && { billing_address: address === null ? null : toJson(address) }),
  }
}

function pick(account: Customer, keys: readonly string[]): Record<string, unknown> {
  const all: Record<string, unknown> = { ...account }
  return Object.fromEntries(keys.map((key) => [key, all[key] ?? null]))
}

/**
 * Deletes an organization with its one remaining, empty workspace; the audit trails of both stay. The caller must also
 * own that workspace: administering an account does not reach into its workspaces.
 * @throws ReferenceConstraint for an individual account, several workspaces or remaining bots; Forbidden for who is not
 *   the workspace's owner.
 */
export async function deleteAccount(ctx: AccountContext): Promise<Record<string, never>> {
  const { accountId } = ctx
  const workspaceId = await read(ctx, (db) => onlyWorkspace(db, accountId))
  const owner = await asOwner(ctx, workspaceId)
  const deleted = write(ctx, { action: 'CLOSE_WORKSPACE', lanes: [ctx.lane, owner.lane] }, async (tx) => {
    await owner.recheck(tx)
    const { name } = await requireAccount(tx, accountId)
    if ((await onlyWorkspace(tx, accountId)) !== workspaceId) throw workspacesRemain(accountId)
    if (await isWorkspaceInUse(ctx.app, tx, workspaceId))
      throw new ApiError(
        'ReferenceConstraint',
        'The last workspace of this account still has bots. Delete them first.',
        {
          workspaceId,
        },
      )
    const closed = await requireWorkspace(tx, workspaceId)
    await eraseWorkspace(ctx.app, tx, workspaceId)
    await announce({ app: ctx.app, tx }, 'accountDeleted', { accountId })
    await deleteAccountRow.run(tx, { id: accountId })
    return {
      answer: {},
      changes: [
        { type: 'account', id: accountId, deleted: true },
        { type: 'workspace', id: workspaceId, deleted: true },
        { type: 'workspace', id: workspaceId, deleted: true, lane: workspaceId },
      ],
      audit: { type: 'account', id: accountId, name, before: { name, workspaceId } },
      laneAudits: { [workspaceId]: { action: 'CLOSE_WORKSPACE', audit: closing(closed) } },
    }
  })
  return deleted.catch((cause: unknown) => {
    // A workspace was created at the same moment.
    throw violationOf(cause) === 'foreign_key' ? workspacesRemain(accountId) : cause
  })
}

/** @throws ReferenceConstraint unless the account is an organization with a single workspace. */
async function onlyWorkspace(db: Db, accountId: string): Promise<string> {
  const account = await requireAccount(db, accountId)
  if (account.kind === 'individual')
    throw new ApiError(
      'ReferenceConstraint',
      'An individual account cannot be deleted on its own. It is deleted with its person.',
      { accountId },
    )
  const [only, another] = await firstWorkspaces.all(db, { accountId })
  if (!only || another) throw workspacesRemain(accountId)
  return only.id
}

const workspacesRemain = (accountId: string): ApiError =>
  new ApiError(
    'ReferenceConstraint',
    'This account still owns several workspaces. Delete or move all but one, then delete the account.',
    { accountId },
  )

async function asOwner(ctx: AccountContext, workspaceId: string): Promise<WorkspaceContext> {
  try {
    return await authorize(ctx, 'workspace.delete', { workspaceId })
  } catch (cause) {
    if (!(cause instanceof ApiError) || cause.type !== 'ResourceNotFound') throw cause
    throw new ApiError('Forbidden', 'Only the owner of the last workspace of this account may delete both.', {
      workspaceId,
    })
  }
}

/** The workspaces the account owns, whoever their members are. */
export async function listWorkspacesOf(
  ctx: AccountContext,
  input: ListCustomerWorkspacesInput,
): Promise<ListCustomerWorkspacesOutput> {
  const page = openPage(input, ['account workspaces', ctx.accountId])
  const found = await read(ctx, (db) => listWorkspacesOfAccount(db, ctx.accountId, page))
  const { rows, meta } = closePage(found, page, (row) => [row.created_at, row.id])
  return { workspaces: rows.map(toWorkspace), meta }
}

/** Whether there is such an account, to anybody's eyes. */
export async function accountIsThere(db: Db, accountId: string): Promise<boolean> {
  return (await accountExists.first(db, { accountId })) !== undefined
}

export { accountIds } from './account.queries.ts'
