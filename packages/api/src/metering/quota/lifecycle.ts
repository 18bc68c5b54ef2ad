import { deleteAlerts } from './alert.queries.ts'
import { deleteVersion } from './limit.queries.ts'
import { deleteOverridesOf } from './rules.queries.ts'
import type { Gauge } from '../../core/app-context.ts'
import type { Db, MainTx } from '../../core/context.ts'
import { accountOfWorkspace } from '../../people/workspace/workspace.service.ts'
import { countersOf, deleteCounters, deleteCountersWithin, deleteMonths, moveCounters } from './counter.queries.ts'
import type { QuotaScope } from './quota-type.schema.ts'

/* What becomes of counters when what they are of ends or moves. */

async function gaugesIn(db: Db, of: { scope: QuotaScope; scopeId: string; in: Gauge['in'] }): Promise<Gauge[]> {
  const counters = await countersOf(db, { ...of, periods: [''] })
  return counters.map(({ type, used }) => ({ type: type as Gauge['type'], in: of.in, delta: Number(used) }))
}

/** What a bot has, counted in a workspace that it is in or comes into. */
export function gaugesOfBot(db: Db, { botId, ...where }: { botId: string; in: Gauge['in'] }): Promise<Gauge[]> {
  return gaugesIn(db, { scope: 'bot', scopeId: botId, ...where })
}

/** What a workspace has, counted in its account or the given one. */
export async function gaugesOfWorkspace(
  db: Db,
  of: { workspaceId: string; in?: { accountId: string } },
): Promise<Gauge[]> {
  const accountId = of.in?.accountId ?? (await accountOfWorkspace(db, of.workspaceId))
  if (accountId === undefined) return []
  return gaugesIn(db, { scope: 'workspace', scopeId: of.workspaceId, in: { accountId } })
}

/** What the bot used this month stays with the workspace it leaves; the limits of the other apply to it from now on. */
export async function moveBotCounters(tx: MainTx, of: { botId: string; toWorkspaceId: string }): Promise<void> {
  const scope = { scope: 'bot', scopeId: of.botId } as const
  await deleteMonths(tx, scope)
  await moveCounters(tx, { ...scope, to: of.toWorkspaceId })
}

export async function forgetBot(tx: MainTx, botId: string): Promise<void> {
  await deleteCounters(tx, { scope: 'bot', scopeId: botId })
  await deleteOverridesOf(tx, { scope: 'bot', scopeId: botId })
}

/** With its bots. What it used stays counted in its account. */
export async function forgetWorkspace(tx: MainTx, workspaceId: string): Promise<void> {
  await deleteCountersWithin(tx, workspaceId)
  await deleteCounters(tx, { scope: 'workspace', scopeId: workspaceId })
  await deleteOverridesOf(tx, { scope: 'workspace', scopeId: workspaceId })
  await deleteAlerts(tx, { workspaceId })
}

export async function forgetAccount(tx: MainTx, accountId: string): Promise<void> {
  await deleteCounters(tx, { scope: 'account', scopeId: accountId })
  await deleteAlerts(tx, { accountId })
  await deleteVersion(tx, accountId)
}
