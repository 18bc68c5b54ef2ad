import { authorize } from '../../core/access/access.ts'
import { day, iso } from '../../core/clock.ts'
import type { AccountContext, Db, Lane, MainTx } from '../../core/context.ts'
import { actingUser } from '../../core/context.ts'
import { ApiError, notFound } from '../../core/errors.ts'
import { announce } from '../../core/lifecycle.ts'
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
import type { MoveRow } from './transfer.queries.ts'
import {
  deleteMove,
  findAccountId,
  findBackedMove,
  findMove,
  findMoveOf,
  insertMove,
  listMovesOf,
  toMove,
} from './transfer.queries.ts'
import type { ListMovesInput, ListMovesOutput, Move, MoveInput, OfferWorkspaceInput } from './transfer.schema.ts'

const offerLasts = 7 * day

const accountLane = (id: string): Lane => ({ kind: 'account', id })
const workspaceLane = (id: string): Lane => ({ kind: 'workspace', id })

/**
 * Offers a workspace of this account to another one, for 7 days. Takes an administrator of the account who also owns
 * the workspace. Of the other account this tells only whether it exists.
 * @throws ResourceNotFound, Forbidden for the workspace; RelationConflict when it is not this account's;
 *   ReferenceConstraint for the account's last one; ReferenceNotFound for the target; AlreadyExists for a second offer.
 */
export async function offerWorkspace(ctx: AccountContext, input: OfferWorkspaceInput): Promise<Move> {
  const { workspaceId, toAccountId } = input
  const { accountId } = ctx
  const offeredBy = actingUser(ctx)
  if (offeredBy === null) throw new ApiError('Forbidden', 'Only a person can offer a workspace.')
  const owner = await authorize(ctx, 'workspace.move', { workspaceId })
  if (toAccountId === accountId)
    throw new ApiError('InvalidPayload', 'The workspace belongs to this account already.', { toAccountId })
  await read(ctx, (db) => requireOfferable(db, accountId, input))
  const id = ctx.app.ids.make('move')
  const lanes = [ctx.lane, accountLane(toAccountId), owner.lane]
  return write(ctx, { action: 'UPDATE_WORKSPACE', lanes }, async (tx) => {
    await owner.recheck(tx)
    await requireOfferable(tx, accountId, input)
    const now = ctx.app.clock.now()
    await clearExpired(tx, workspaceId, iso(now))
    await insertMove.run(tx, {
      id,
      workspace_id: workspaceId,
      from_account_id: accountId,
      to_account_id: toAccountId,
      offered_by: offeredBy,
      created_at: iso(now),
      expires_at: iso(now + offerLasts),
    })
    const row = await requireMove(tx, id)
    return {
      answer: toMove(row, accountId),
      changes: changesOf(row),
      audit: {
        type: 'move',
        id,
        name: row.workspace_name,
        after: { workspaceId, fromAccountId: accountId, toAccountId, expiresAt: row.expires_at },
      },
    }
  })
}

/** Looks at the target last: only who may move the workspace learns whether the account exists. */
async function requireOfferable(db: Db, accountId: string, input: OfferWorkspaceInput): Promise<void> {
  await requireMovable(db, accountId, input.workspaceId)
  if (!(await findAccountId.first(db, { id: input.toAccountId })))
    throw new ApiError('ReferenceNotFound', 'There is no account with this id to offer the workspace to.', {
      toAccountId: input.toAccountId,
    })
}

/** @throws RelationConflict when the workspace is not this account's; ReferenceConstraint when it is its last one. */
async function requireMovable(db: Db, accountId: string, workspaceId: string): Promise<void> {
  const workspace = await requireWorkspace(db, workspaceId)
  if (workspace.account_id !== accountId)
    throw new ApiError('RelationConflict', 'This workspace does not belong to this account.', { workspaceId })
  if (!(await findOtherOfAccount.first(db, { accountId, workspaceId })))
    throw new ApiError(
      'ReferenceConstraint',
      'This is the last workspace of its account, which keeps at least one. Create another workspace there first.',
      { workspaceId },
    )
}

async function clearExpired(tx: MainTx, workspaceId: string, now: string): Promise<void> {
  const earlier = await findMoveOf.first(tx, { workspaceId })
  if (!earlier) return
  if (earlier.expires_at > now)
    throw new ApiError('AlreadyExists', 'This workspace is on offer already. Withdraw that offer first.', {
      moveId: earlier.id,
    })
  await deleteMove.run(tx, { id: earlier.id })
}

/** Takes back an offer of this account. @throws ResourceNotFound */
export function withdrawWorkspace(ctx: AccountContext, { moveId }: MoveInput): Promise<Record<string, never>> {
  return end(ctx, moveId, 'from_account_id')
}

/** Refuses an offer made to this account. @throws ResourceNotFound */
export function declineWorkspace(ctx: AccountContext, { moveId }: MoveInput): Promise<Record<string, never>> {
  return end(ctx, moveId, 'to_account_id')
}

type Side = 'from_account_id' | 'to_account_id'

async function end(ctx: AccountContext, id: string, side: Side): Promise<Record<string, never>> {
  const move = await read(ctx, (db) => requireMoveOf(db, id, { accountId: ctx.accountId, side }))
  const lanes = lanesOf(ctx, move)
  // Anybody can be offered a workspace: who refuses it stays unknown in the workspace, which is the other side's.
  const discreet = side === 'to_account_id' ? { discreet: true as const } : {}
  return write(ctx, { action: 'UPDATE_WORKSPACE', lanes, ...discreet }, async (tx) => {
    await requireMoveOf(tx, id, { accountId: ctx.accountId, side })
    await deleteMove.run(tx, { id })
    return { answer: {}, changes: changesOf(move, true), audit: { type: 'move', id, name: move.workspace_name } }
  })
}

/**
 * Takes an offered workspace over into this account. Members, bots and handle stay as they are.
 * @throws ResourceNotFound for an unknown offer; ResourceGone when it has expired, or who made it could no longer make
 *   it; RelationConflict when the workspace has left the account that offered it; ReferenceConstraint when it has
 *   become that account's last one.
 */
export async function acceptWorkspace(ctx: AccountContext, { moveId: id }: MoveInput): Promise<OwnedWorkspace> {
  const side = { accountId: ctx.accountId, side: 'to_account_id' } as const
  const move = await read(ctx, (db) => requireMoveOf(db, id, side))
  const { workspace_id: workspaceId, from_account_id: fromAccountId } = move
  return write(ctx, { action: 'UPDATE_WORKSPACE', lanes: lanesOf(ctx, move) }, async (tx) => {
    const now = iso(ctx.app.clock.now())
    const offer = await requireMoveOf(tx, id, side)
    if (offer.expires_at <= now || !(await findBackedMove.first(tx, { id })))
      throw new ApiError('ResourceGone', 'This offer no longer stands. Ask the other side to make it again.', { id })
    await requireMovable(tx, fromAccountId, workspaceId)
    await updateWorkspaceRow(tx, workspaceId, { account_id: ctx.accountId, updated_at: now })
    await deleteMove.run(tx, { id })
    const follows = await announce({ app: ctx.app, tx }, 'workspaceTransferred', {
      workspaceId,
      fromAccountId,
      toAccountId: ctx.accountId,
    })
    return {
      answer: toWorkspace(await requireWorkspace(tx, workspaceId)),
      changes: [
        ...changesOf(move, true),
        { type: 'workspace', id: workspaceId, lane: ctx.accountId },
        { type: 'workspace', id: workspaceId, lane: fromAccountId, deleted: true },
        { type: 'workspace', id: workspaceId, lane: workspaceId },
        ...follows.changes,
      ],
      outbox: follows.outbox,
      audit: {
        type: 'workspace',
        id: workspaceId,
        name: move.workspace_name,
        before: { accountId: fromAccountId },
        after: { accountId: ctx.accountId },
      },
    }
  })
}

/** This account's own lane first, then the other account's and the workspace's. */
function lanesOf(ctx: AccountContext, move: MoveRow): Lane[] {
  const other = move.to_account_id === ctx.accountId ? move.from_account_id : move.to_account_id
  return [ctx.lane, accountLane(other), workspaceLane(move.workspace_id)]
}

/** The move in the lane of everybody it concerns. */
function changesOf(move: MoveRow, deleted = false): Change[] {
  return [move.from_account_id, move.to_account_id, move.workspace_id].map((lane) => ({
    type: 'move',
    id: move.id,
    lane,
    ...(deleted && { deleted }),
  }))
}

async function requireMove(db: Db, id: string): Promise<MoveRow> {
  const row = await findMove.first(db, { id })
  if (!row) throw notFound('move', id)
  return row
}

/** @throws ResourceNotFound unless the account stands on that side of the offer. */
async function requireMoveOf(
  db: Db,
  id: string,
  { accountId, side }: { accountId: string; side: Side },
): Promise<MoveRow> {
  const row = await requireMove(db, id)
  if (row[side] !== accountId) throw notFound('move', id)
  return row
}

/** Offers from and to this account that still stand, oldest first. */
export async function listMoves(ctx: AccountContext, input: ListMovesInput): Promise<ListMovesOutput> {
  const { accountId } = ctx
  const { direction } = input
  const page = openPage(input, ['moves', accountId, direction])
  const filter = { accountId, direction, now: iso(ctx.app.clock.now()) }
  const found = await read(ctx, (db) => listMovesOf(db, filter, page))
  const { rows, meta } = closePage(found, page, (row) => [row.created_at, row.id])
  return { moves: rows.map((row) => toMove(row, accountId)), meta }
}
