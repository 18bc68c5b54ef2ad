import type { MainSchema, Params, Reader, Tx, WorkspaceTransferTable } from '@steward/db'
import { after, prepare, prepareWrite } from '@steward/db'
import type { Db } from '../../core/context.ts'
import type { Page } from '../../core/page.ts'
import type { Transfer } from './transfer.schema.ts'

export type TransferRow = Omit<WorkspaceTransferTable, 'offered_by'> & {
  workspace_name: string
  from_account_name: string
}

/** A transfer as one of its two accounts sees it. */
export function toTransfer(row: TransferRow, accountId: string): Transfer {
  return {
    id: row.id,
    direction: row.to_account_id === accountId ? 'incoming' : 'outgoing',
    workspaceId: row.workspace_id,
    workspaceName: row.workspace_name,
    fromAccountId: row.from_account_id,
    fromAccountName: row.from_account_name,
    toAccountId: row.to_account_id,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
  }
}

const transfers = (db: Db) =>
  db
    .selectFrom('workspace_transfer as v')
    .innerJoin('workspace as w', 'w.id', 'v.workspace_id')
    .innerJoin('account as a', 'a.id', 'v.from_account_id')
    .select([
      'v.id',
      'v.workspace_id',
      'v.from_account_id',
      'v.to_account_id',
      'v.created_at',
      'v.expires_at',
      'w.name as workspace_name',
      'a.name as from_account_name',
    ])

export const findTransfer = prepare((db: Reader<MainSchema>, p: Params<{ id: string }>) =>
  transfers(db).where('v.id', '=', p.id),
)

export const findTransferOf = prepare((db: Reader<MainSchema>, p: Params<{ workspaceId: string }>) =>
  db.selectFrom('workspace_transfer').select(['id', 'expires_at']).where('workspace_id', '=', p.workspaceId),
)

/** Offers from or to an account that have not expired by `now`, oldest first. */
export function listTransfersOf(
  db: Db,
  { accountId, direction, now }: { accountId: string; direction?: Transfer['direction'] | undefined; now: string },
  page: Page,
): Promise<TransferRow[]> {
  return transfers(db)
    .where('v.expires_at', '>', now)
    .where((eb) =>
      eb.or([
        ...(direction === 'outgoing' ? [] : [eb('v.to_account_id', '=', accountId)]),
        ...(direction === 'incoming' ? [] : [eb('v.from_account_id', '=', accountId)]),
      ]),
    )
    .$if(page.after !== null, (query) =>
      query.where((eb) => after([eb.ref('v.created_at'), page.after?.[0]], [eb.ref('v.id'), page.after?.[1]])),
    )
    .orderBy('v.created_at')
    .orderBy('v.id')
    .limit(page.limit + 1)
    .execute()
}

export const insertTransfer = prepareWrite((tx: Tx<MainSchema>, p: Params<WorkspaceTransferTable>) =>
  tx.insertInto('workspace_transfer').values({
    id: p.id,
    workspace_id: p.workspace_id,
    from_account_id: p.from_account_id,
    to_account_id: p.to_account_id,
    offered_by: p.offered_by,
    created_at: p.created_at,
    expires_at: p.expires_at,
  }),
)

export const deleteTransfer = prepareWrite((tx: Tx<MainSchema>, p: Params<{ id: string }>) =>
  tx.deleteFrom('workspace_transfer').where('id', '=', p.id),
)

/** The offer, if whoever made it still administers the source account and still owns the workspace. */
export const findBackedTransfer = prepare((db: Reader<MainSchema>, p: Params<{ id: string }>) =>
  db
    .selectFrom('workspace_transfer as v')
    .innerJoin('account_administrator as s', (join) =>
      join.onRef('s.account_id', '=', 'v.from_account_id').onRef('s.user_id', '=', 'v.offered_by'),
    )
    .innerJoin('member as o', (join) =>
      join
        .onRef('o.workspace_id', '=', 'v.workspace_id')
        .onRef('o.user_id', '=', 'v.offered_by')
        .on('o.role', '=', 'owner'),
    )
    .select('v.id')
    .where('v.id', '=', p.id),
)

export const findAccountId = prepare((db: Reader<MainSchema>, p: Params<{ id: string }>) =>
  db.selectFrom('account').select('id').where('id', '=', p.id),
)
