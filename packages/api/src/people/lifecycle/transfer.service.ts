import { authorize } from '../../core/access/access.ts'
import { day, iso } from '../../core/clock.ts'
import type { AccountContext, Db, Lane, MainTx } from '../../core/context.ts'
import { actingUser } from '../../core/context.ts'
import { ApiError, notFound } from '../../core/errors.ts'
import { announce } from '../../core/write/lifecycle.ts'
import { closePage, openPage } from '../../core/page.ts'
import { read } from '../../core/write/read.ts'
import type { Change } from '../../core/write/write.ts'
import { write } from '../../core/write/write.ts'
import type { OwnedWorkspace } from '../workspace/workspace.schema.ts'
import {
  findOtherOfAccount,
  requireWorkspace,
  toWorkspace,
  updateWorkspaceRow,
} from '../workspace/workspace.service.ts'
import type { TransferRow } from './transfer.queries.ts'
import {
  deleteTransfer,
  findAccountId,
  findBackedTransfer,
  findTransfer,
  findTransferOf,
  insertTransfer,
  listTransfersOf,
  toTransfer,
} from './transfer.queries.ts'
import type {
  ListTransfersInput,
  ListTransfersOutput,
  Transfer,
  TransferInput,
  OfferWorkspaceInput,
} from './transfer.schema.ts'

const offerLasts = 7 * day

const accountLane = (id: string): Lane => ({ kind: 'account', id })
const workspaceLane = (id: string): Lane => ({ kind: 'workspace', id })

/**
 * Offers a workspace of this account to another one, for 7 days. Takes an administrator of the account who also owns
 * the workspace. Of the other account this tells only whether it exists.
 * @throws ResourceNotFound, Forbidden for the workspace; RelationConflict when it is not this account's;
 *   ReferenceConstraint for the account's last one; ReferenceNotFound for the target; AlreadyExists for a second offer.
 */
export async function offerWorkspace(ctx: AccountContext, input: OfferWorkspaceInput): Promise<Transfer> {
  const { workspaceId, toAccountId } = input
  const { accountId } = ctx
  const offeredBy = actingUser(ctx)
  if (offeredBy === null) throw new ApiError('Forbidden', 'Only a person can transfer a workspace.')
  const owner = await authorize(ctx, 'workspace.transfer', { workspaceId })
  if (toAccountId === accountId)
    throw new ApiError('InvalidPayload', 'The workspace already belongs to this account.', { toAccountId })
  await read(ctx, (db) => requireOfferable(db, accountId, input))
  const id = ctx.app.ids.make('transfer')
  const lanes = [ctx.lane, accountLane(toAccountId), owner.lane]
  return write(ctx, { action: 'UPDATE_WORKSPACE', lanes }, async (tx) => {
    await owner.recheck(tx)
    await requireOfferable(tx, accountId, input)
    const now = ctx.app.clock.now()
    await clearExpired(tx, workspaceId, iso(now))
    await insertTransfer.run(tx, {
      id,
      workspace_id: workspaceId,
      from_account_id: accountId,
      to_account_id: toAccountId,
      offered_by: offeredBy,
      created_at: iso(now),
      expires_at: iso(now + offerLasts),
    })
    const row = await requireTransfer(tx, id)
    return {
      answer: toTransfer(row, accountId),
      changes: changesOf(row),
      audit: {
        type: 'transfer',
        id,
        name: row.workspace_name,
        after: { workspaceId, fromAccountId: accountId, toAccountId, expiresAt: row.expires_at },
      },
    }
  })
}

/** Looks at the target last: only who may transfer the workspace learns whether the account exists. */
async function requireOfferable(db: Db, accountId: string, input: OfferWorkspaceInput): Promise<void> {
  await requireTransferable(db, accountId, input.workspaceId)
  if (!(await findAccountId.first(db, { id: input.toAccountId })))
    throw new ApiError('ReferenceNotFound', 'There is no account with this id to transfer the workspace to.', {
      toAccountId: input.toAccountId,
    })
}

/** @throws RelationConflict when the workspace is not this account's; ReferenceConstraint when it is its last one. */
async function requireTransferable(db: Db, accountId: string, workspaceId: string): Promise<void> {
  const workspace = await requireWorkspace(db, workspaceId)
  if (workspace.account_id !== accountId)
    throw new ApiError('RelationConflict', 'This workspace does not belong to this account.', { workspaceId })
  if (!(await findOtherOfAccount.first(db, { accountId, workspaceId })))
    throw new ApiError(
      'ReferenceConstraint',
      'This is the last workspace of its account, and an account needs at least one. Create another workspace there first.',
      { workspaceId },
    )
}

async function clearExpired(tx: MainTx, workspaceId: string, now: string): Promise<void> {
  const earlier = await findTransferOf.first(tx, { workspaceId })
  if (!earlier) return
  if (earlier.expires_at > now)
    throw new ApiError('AlreadyExists', 'This workspace already has a pending transfer. Cancel it first.', {
      transferId: earlier.id,
    })
  await deleteTransfer.run(tx, { id: earlier.id })
}

/** Takes back an offer of this account. @throws ResourceNotFound */
export function withdrawWorkspace(ctx: AccountContext, { transferId }: TransferInput): Promise<Record<string, never>> {
  return end(ctx, transferId, 'from_account_id')
}

/** Refuses an offer made to this account. @throws ResourceNotFound */
export function declineWorkspace(ctx: AccountContext, { transferId }: TransferInput): Promise<Record<string, never>> {
  return end(ctx, transferId, 'to_account_id')
}

type Side = 'from_account_id' | 'to_account_id'

async function end(ctx: AccountContext, id: string, side: Side): Promise<Record<string, never>> {
  const transfer = await read(ctx, (db) => requireTransferOf(db, id, { accountId: ctx.accountId, side }))
  const lanes = lanesOf(ctx, transfer)
  // Anybody can be offered a workspace: who refuses it stays unknown in the workspace, which is the other side's.
  const discreet = side === 'to_account_id' ? { discreet: true as const } : {}
  return write(ctx, { action: 'UPDATE_WORKSPACE', lanes, ...discreet }, async (tx) => {
    await requireTransferOf(tx, id, { accountId: ctx.accountId, side })
    await deleteTransfer.run(tx, { id })
    return {
      answer: {},
      changes: changesOf(transfer, true),
      audit: { type: 'transfer', id, name: transfer.workspace_name },
    }
  })
}

/**
 * Takes an offered workspace over into this account. Members, bots and handle stay as they are.
 * @throws ResourceNotFound for an unknown offer; ResourceGone when it has expired, or who made it could no longer make
 *   it; RelationConflict when the workspace has left the account that offered it; ReferenceConstraint when it has
 *   become that account's last one.
 */
export async function acceptWorkspace(ctx: AccountContext, { transferId: id }: TransferInput): Promise<OwnedWorkspace> {
  const side = { accountId: ctx.accountId, side: 'to_account_id' } as const
  const transfer = await read(ctx, (db) => requireTransferOf(db, id, side))
  const { workspace_id: workspaceId, from_account_id: fromAccountId } = transfer
  return write(ctx, { action: 'UPDATE_WORKSPACE', lanes: lanesOf(ctx, transfer) }, async (tx) => {
    const now = iso(ctx.app.clock.now())
    const offer = await requireTransferOf(tx, id, side)
    if (offer.expires_at <= now || !(await findBackedTransfer.first(tx, { id })))
      throw new ApiError('ResourceGone', 'This transfer is no longer valid. Ask the other account to start it again.', {
        id,
      })
    await requireTransferable(tx, fromAccountId, workspaceId)
    await updateWorkspaceRow(tx, workspaceId, { account_id: ctx.accountId, updated_at: now })
    await deleteTransfer.run(tx, { id })
    await announce({ app: ctx.app, tx }, 'workspaceTransferred', {
      workspaceId,
      fromAccountId,
      toAccountId: ctx.accountId,
    })
    return {
      answer: toWorkspace(await requireWorkspace(tx, workspaceId)),
      changes: [
        ...changesOf(transfer, true),
        { type: 'workspace', id: workspaceId, lane: ctx.accountId },
        { type: 'workspace', id: workspaceId, lane: fromAccountId, deleted: true },
        { type: 'workspace', id: workspaceId, lane: workspaceId },
      ],
      audit: {
        type: 'workspace',
        id: workspaceId,
        name: transfer.workspace_name,
        before: { accountId: fromAccountId },
        after: { accountId: ctx.accountId },
      },
    }
  })
}

/** This account's own lane first, then the other account's and the workspace's. */
function lanesOf(ctx: AccountContext, transfer: TransferRow): Lane[] {
  const other = transfer.to_account_id === ctx.accountId ? transfer.from_account_id : transfer.to_account_id
  return [ctx.lane, accountLane(other), workspaceLane(transfer.workspace_id)]
}

/** The transfer in the lane of everybody it concerns. */
function changesOf(transfer: TransferRow, deleted = false): Change[] {
  return [transfer.from_account_id, transfer.to_account_id, transfer.workspace_id].map((lane) => ({
    type: 'transfer',
    id: transfer.id,
    lane,
    ...(deleted && { deleted }),
  }))
}

async function requireTransfer(db: Db, id: string): Promise<TransferRow> {
  const row = await findTransfer.first(db, { id })
  if (!row) throw notFound('transfer', id)
  return row
}

/** @throws ResourceNotFound unless the account stands on that side of the offer. */
async function requireTransferOf(
  db: Db,
  id: string,
  { accountId, side }: { accountId: string; side: Side },
): Promise<TransferRow> {
  const row = await requireTransfer(db, id)
  if (row[side] !== accountId) throw notFound('transfer', id)
  return row
}

/** Offers from and to this account that still stand, oldest first. */
export async function listTransfers(ctx: AccountContext, input: ListTransfersInput): Promise<ListTransfersOutput> {
  const { accountId } = ctx
  const { direction } = input
  const page = openPage(input, ['transfers', accountId, direction])
  const filter = { accountId, direction, now: iso(ctx.app.clock.now()) }
  const found = await read(ctx, (db) => listTransfersOf(db, filter, page))
  const { rows, meta } = closePage(found, page, (row) => [row.created_at, row.id])
  return { transfers: rows.map((row) => toTransfer(row, accountId)), meta }
}
