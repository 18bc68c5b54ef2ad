import { deletePreferences } from '../../core/preference/preference.ts'
import type { WorkspaceTable } from '@steward/db'
import { toFlag, toJson, violationOf } from '@steward/db'
import { authorize, boundWorkspace } from '../../core/access/access.ts'
import type { AppContext } from '../../core/app-context.ts'
import { iso } from '../../core/clock.ts'
import type { Db, Lane, MainTx, SelfContext, WorkspaceContext } from '../../core/context.ts'
import { ApiError, notFound } from '../../core/errors.ts'
import { announce, follow } from '../../core/write/lifecycle.ts'
import { closePage, openPage } from '../../core/page.ts'
import { read } from '../../core/write/read.ts'
import type { AuditEntry } from '../../core/write/write.ts'
import { write } from '../../core/write/write.ts'
import { findHandle } from './workspace.directory.queries.ts'
import { isReservedHandle } from './workspace.handle.ts'
import {
  deleteWorkspaceRow,
  findEmail,
  findIndividualAccount,
  findOtherOfAccount,
  findWorkspace,
  insertWorkspace,
  listWorkspacesOf,
  toWorkspace,
  updateWorkspaceRow,
} from './workspace.queries.ts'
import type { WorkspaceRow } from './workspace.queries.ts'
import type {
  CreateWorkspaceInput,
  ListWorkspacesInput,
  ListOwnedWorkspacesOutput,
  UpdateWorkspaceInput,
  OwnedWorkspace,
} from './workspace.schema.ts'

export {
  accountOfWorkspace,
  countBots,
  findOtherOfAccount,
  findWorkspace,
  insertWorkspace,
  listWorkspacesOfAccount,
  setBlocked,
  setShownPlan,
  toWorkspace,
  updateWorkspaceRow,
  workspaceIdsOf,
  workspacesOfMember,
} from './workspace.queries.ts'

/** @throws ResourceNotFound */
export async function requireWorkspace(db: Db, id: string): Promise<WorkspaceRow> {
  const row = await findWorkspace.first(db, { id })
  if (!row) throw notFound('workspace', id)
  return row
}

/** The signed-in person's email, for the member row of a new workspace. @throws Unauthorized */
export async function requireEmail(db: Db, userId: string): Promise<string> {
  const person = await findEmail.first(db, { userId })
  if (!person) throw personGone()
  return person.email
}

const personGone = (): ApiError => new ApiError('Unauthorized', 'This person no longer exists.')

/**
 * Makes a workspace whose owner is the caller, in the caller's individual account or the given one.
 * @throws ResourceNotFound for an account that the caller does not administer.
 */
export async function createWorkspace(ctx: SelfContext, input: CreateWorkspaceInput): Promise<OwnedWorkspace> {
  const { accountId } = input
  const account = accountId === undefined ? null : await authorize(ctx, 'account.update', { accountId })
  const id = ctx.app.ids.make('workspace')
  const memberId = ctx.app.ids.make('member')
  const lane: Lane = { kind: 'workspace', id }
  const created = write(ctx, { action: 'CREATE_WORKSPACE', lanes: [lane] }, async (tx) => {
    await account?.recheck(tx)
    await insertWorkspace(ctx.app, tx, {
      id,
      accountId: account?.accountId ?? (await individualAccount(tx, ctx.userId)),
      name: input.name,
      at: iso(ctx.app.clock.now()),
      owner: { memberId, userId: ctx.userId, email: await requireEmail(tx, ctx.userId) },
    })
    const row = await requireWorkspace(tx, id)
    return {
      answer: toWorkspace(row),
      changes: [
        { type: 'workspace', id },
        { type: 'member', id: memberId },
      ],
      audit: { type: 'workspace', id, name: row.name, after: { name: row.name, accountId: row.account_id } },
    }
  })
  return created.catch((cause: unknown) => {
    // The account was deleted at the same moment.
    if (violationOf(cause) !== 'foreign_key') throw cause
    throw accountId === undefined ? personGone() : notFound('account', accountId)
  })
}

async function individualAccount(tx: MainTx, userId: string): Promise<string> {
  const account = await findIndividualAccount.first(tx, { userId })
  if (!account) throw new ApiError('ReferenceNotFound', 'You have no account of your own: name one with "accountId".')
  return account.id
}

/** The workspaces the caller is a member of; with a bound token at most that one. */
export async function listWorkspaces(ctx: SelfContext, input: ListWorkspacesInput): Promise<ListOwnedWorkspacesOutput> {
  const { handle } = input
  const page = openPage(input, ['workspaces', handle])
  const filter = { handle, only: boundWorkspace(ctx), page }
  const found = await read(ctx, (db) => listWorkspacesOf(db, ctx.userId, filter))
  const { rows, meta } = closePage(found, page, (row) => [row.created_at, row.id])
  return { workspaces: rows.map(toWorkspace), meta }
}

/** @throws ResourceNotFound */
export async function getWorkspace(ctx: WorkspaceContext): Promise<OwnedWorkspace> {
  return toWorkspace(await read(ctx, (db) => requireWorkspace(db, ctx.workspaceId)))
}

/**
 * Changes what is given. The spending limit and everything else are two rights.
 * @throws Forbidden; InvalidPayload for a reserved handle or a limit finer than cents; AlreadyExists for a taken handle.
 */
export async function updateWorkspace(ctx: WorkspaceContext, input: UpdateWorkspaceInput): Promise<OwnedWorkspace> {
  const { workspaceId } = ctx
  const rights = await rightsFor(ctx, input)
  const { id: _, ...given } = input
  const columns = columnsOf(given)
  const touched = Object.entries(given).flatMap(([key, value]) => (value === undefined ? [] : [key]))
  const limitOnly = touched.length === 1 && given.spendingLimit !== undefined
  const updated = write(ctx, limitOnly ? 'SET_SPENDING_LIMIT' : 'UPDATE_WORKSPACE', async (tx) => {
    for (const right of rights) await right.recheck(tx)
    const before = toWorkspace(await requireWorkspace(tx, workspaceId))
    if (given.handle !== undefined) await refuseTaken(tx, given.handle, workspaceId)
    await updateWorkspaceRow(tx, workspaceId, { ...columns, updated_at: iso(ctx.app.clock.now()) })
    const answer = toWorkspace(await requireWorkspace(tx, workspaceId))
    return {
      answer,
      changes: [{ type: 'workspace', id: workspaceId }],
      audit: {
        type: 'workspace',
        id: workspaceId,
        name: answer.name,
        value: limitOnly ? String(answer.spendingLimit) : null,
        before: pick(before, touched),
        after: pick(answer, touched),
      },
    }
  })
  return updated.catch((cause: unknown) => {
    // Somebody else claimed it after the look above.
    throw given.handle !== undefined && violationOf(cause) === 'unique' ? taken(given.handle) : cause
  })
}

/** Each part that is touched, authorized: its `recheck` asks for that part again inside the write. */
async function rightsFor(ctx: WorkspaceContext, input: UpdateWorkspaceInput): Promise<WorkspaceContext[]> {
  const { id: workspaceId, spendingLimit, ...profile } = input
  const rights: WorkspaceContext[] = []
  if (spendingLimit !== undefined) rights.push(await authorize(ctx, 'workspace.update#spendingLimit', { workspaceId }))
  if (Object.values(profile).some((value) => value !== undefined))
    rights.push(await authorize(ctx, 'workspace.update#profile', { workspaceId }))
  return rights
}

function columnsOf(given: Omit<UpdateWorkspaceInput, 'id'>): Partial<WorkspaceTable> {
  const { name, about, website, handle, profilePicture, contactEmail, socialAccounts, isPublic, spendingLimit } = given
  if (handle !== undefined && isReservedHandle(handle))
    throw new ApiError('InvalidPayload', `The handle "${handle}" is a reserved word. Choose another one.`, { handle })
  return {
    ...(name !== undefined && { name }),
    ...(about !== undefined && { about }),
    ...(website !== undefined && { website }),
    ...(handle !== undefined && { handle }),
    ...(profilePicture !== undefined && { profile_picture: profilePicture }),
    ...(contactEmail !== undefined && { contact_email: contactEmail }),
    ...(socialAccounts !== undefined && { social_accounts: toJson(socialAccounts) }),
    ...(isPublic !== undefined && { is_public: toFlag(isPublic) }),
    ...(spendingLimit !== undefined && { spending_limit_cents: toCents(spendingLimit) }),
  }
}

/** Dollars as whole cents. @throws InvalidPayload for parts of a cent. */
export function toCents(dollars: number): number {
  const cents = Math.round(dollars * 100)
  if (cents / 100 !== dollars)
    throw new ApiError('InvalidPayload', 'An amount can have at most two decimal places.', {
      amount: dollars,
    })
  return cents
}

async function refuseTaken(tx: MainTx, handle: string, workspaceId: string): Promise<void> {
  const holder = await findHandle.first(tx, { handle, userId: '' })
  if (holder && holder.id !== workspaceId) throw taken(handle)
}

const taken = (handle: string): ApiError =>
  new ApiError('AlreadyExists', `The handle "${handle}" is taken. Choose another one.`, { handle })

function pick(workspace: OwnedWorkspace, keys: readonly string[]): Record<string, unknown> {
  const all: Record<string, unknown> = { ...workspace }
  return Object.fromEntries(keys.map((key) => [key, all[key] ?? null]))
}

/**
 * Closes a workspace for good, with all its bots, members and preferences; its audit trail stays.
 * @throws ReferenceConstraint for the last workspace of its account; ResourceLockedConflict when it has just moved.
 */
export async function deleteWorkspace(ctx: WorkspaceContext): Promise<Record<string, never>> {
  const { workspaceId } = ctx
  const { account_id: accountId } = await read(ctx, (db) => requireWorkspace(db, workspaceId))
  // The account's lane makes the last-workspace rule hold when two are deleted at once.
  const account: Lane = { kind: 'account', id: accountId }
  return write(ctx, { action: 'CLOSE_WORKSPACE', lanes: [ctx.lane, account] }, async (tx) => {
    const row = await requireWorkspace(tx, workspaceId)
    if (row.account_id !== accountId)
      throw new ApiError('ResourceLockedConflict', 'This workspace has just moved to another account. Try again.')
    await refuseLast(tx, accountId, workspaceId)
    await eraseWorkspace(ctx.app, tx, workspaceId)
    return {
      answer: {},
      changes: [
        { type: 'workspace', id: workspaceId, deleted: true },
        { type: 'workspace', id: workspaceId, deleted: true, lane: accountId },
      ],
      audit: closing(row),
    }
  })
}

/** Deletes a workspace with all that hangs on it, inside a write that holds its lane, which ends with it. */
export async function eraseWorkspace(app: AppContext, tx: MainTx, workspaceId: string): Promise<void> {
  await announce({ app, tx }, 'workspaceDeleted', { workspaceId })
  await deletePreferences(tx, { owner_kind: 'workspace', owner_id: workspaceId })
  await deleteWorkspaceRow.run(tx, { id: workspaceId })
  follow(tx, { ends: [workspaceId] })
}

/** What the trail says of a workspace that is closed, be it alone or with its account or person. */
export function closing({ id, name, handle }: Pick<WorkspaceRow, 'id' | 'name' | 'handle'>): AuditEntry {
  return { type: 'workspace', id, name, before: { name, handle } }
}

async function refuseLast(tx: MainTx, accountId: string, workspaceId: string): Promise<void> {
  if (await findOtherOfAccount.first(tx, { accountId, workspaceId })) return
  throw new ApiError(
    'ReferenceConstraint',
    'This is the last workspace of its account, and an account needs at least one. Create another workspace in that account first, or delete the whole account.',
    { accountId },
  )
}
