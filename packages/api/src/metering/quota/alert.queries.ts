import type { MainSchema, Params, Tx } from '@steward/db'
import { before, exact, prepareWrite } from '@steward/db'
import type { AppContext } from '../../core/app-context.ts'
import type { Db, MainTx } from '../../core/context.ts'
import type { Page } from '../../core/page.ts'
import type { Crossing } from './alert.ts'

type Row = MainSchema['quota_alert']
type NewAlert = Pick<
  Row,
  'id' | 'account_id' | 'workspace_id' | 'scope' | 'scope_id' | 'type' | 'period' | 'threshold' | 'part_of' | 'at'
> & { limit_value: bigint; used: bigint }

const insertAlert = prepareWrite((tx: Tx<MainSchema>, p: Params<NewAlert>) =>
  tx
    .insertInto('quota_alert')
    .values({
      id: p.id,
      account_id: p.account_id,
      workspace_id: p.workspace_id,
      scope: p.scope,
      scope_id: p.scope_id,
      type: p.type,
      period: p.period,
      threshold: p.threshold,
      part_of: p.part_of,
      limit_value: p.limit_value,
      used: p.used,
      at: p.at,
    })
    .onConflict((conflict) =>
      conflict.columns(['scope', 'scope_id', 'type', 'period', 'limit_value', 'threshold']).doNothing(),
    ),
)

/**
 * Keeps what was crossed: once for each limit in force and period. Where usage jumped over several thresholds there is
 * one notice, of the highest.
 */
export async function raiseAlerts(app: AppContext, tx: MainTx, crossings: readonly Crossing[]): Promise<void> {
  for (const { key, limit, used, threshold, passed, ...crossing } of crossings) {
    const id = app.ids.make('quotaAlert')
    const row = {
      account_id: crossing.accountId,
      workspace_id: crossing.workspaceId,
      scope: key.scope,
      scope_id: key.scopeId,
      type: key.type,
      period: crossing.period,
      limit_value: limit,
      used,
      at: crossing.at,
    }
    await insertAlert.run(tx, { ...row, id, threshold, part_of: null })
    for (const lower of passed)
      await insertAlert.run(tx, {
        ...row,
        id: app.ids.make('quotaAlert'),
        threshold: lower,
        part_of: id,
      })
  }
}

/** The notices of a workspace, newest first; one row more than the page holds. */
export async function pageOfAlerts(db: Db, workspaceId: string, page: Page) {
  const { after: last } = page
  return db
    .selectFrom('quota_alert')
    .select(['id', 'scope', 'scope_id', 'type', 'period', 'threshold', 'at'])
    .select((eb) => [exact(eb.ref('limit_value')).as('limit_value'), exact(eb.ref('used')).as('used')])
    .where('workspace_id', '=', workspaceId)
    .where('part_of', 'is', null)
    .$if(last !== null, (query) => query.where((eb) => before([eb.ref('at'), last?.[0]], [eb.ref('id'), last?.[1]])))
    .orderBy('at', 'desc')
    .orderBy('id', 'desc')
    .limit(page.limit + 1)
    .execute()
}

/** Thresholds that a notice names beside its own, by the notice. */
export async function passedBy(db: Db, ids: readonly string[]): Promise<Map<string, number[]>> {
  const found = new Map<string, number[]>()
  if (ids.length === 0) return found
  const rows = await db
    .selectFrom('quota_alert')
    .select(['part_of', 'threshold'])
    .where('part_of', 'in', ids)
    .orderBy('threshold')
    .execute()
  for (const { part_of: id, threshold } of rows) if (id !== null) found.set(id, [...(found.get(id) ?? []), threshold])
  return found
}

/** Deletes the notices of what is gone. */
export async function deleteAlerts(tx: MainTx, of: { workspaceId: string } | { accountId: string }): Promise<void> {
  await tx
    .deleteFrom('quota_alert')
    .where((eb) =>
      'workspaceId' in of ? eb('workspace_id', '=', of.workspaceId) : eb('account_id', '=', of.accountId),
    )
    .execute()
}
