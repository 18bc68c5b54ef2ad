import type { AppContext } from '../../core/app-context.ts'
import { storesOf } from '../../core/app-context.ts'
import type { Db, MainTx } from '../../core/context.ts'
import { accountIds } from '../../people/account/account.service.ts'
import { workspaceIdsOf } from '../../people/workspace/workspace.service.ts'
import type { CounterKey } from './counter.queries.ts'
import { countersOf, gaugesWithin, saveCounter, takeCounter } from './counter.queries.ts'
import { builtInQuotaType } from './quota-type.schema.ts'

/** A gauge that is not what there is. */
export interface WrongGauge extends Omit<CounterKey, 'period'> {
  kept: number
  counted: number
}

type Sums = Map<string, { key: Omit<CounterKey, 'period'>; parentId: string; count: number }>

/** How many accounts are counted in one read. */
const batch = 100

/** Counts again all that gauges count, and tells which of them say something else; account by account. */
export async function* recountGauges(app: AppContext): AsyncGenerator<{ accounts: number; wrong: WrongGauge[] }> {
  const { main } = storesOf(app)
  let after = ''
  for (;;) {
    const { ids, wrong } = await main.snapshot(async (db) => {
      const found = await accountIds(db, { after, limit: batch })
      const of: WrongGauge[] = []
      for (const accountId of found) of.push(...(await wrongIn(app, db, accountId)).map(({ wrong: one }) => one))
      return { ids: found, wrong: of }
    })
    yield { accounts: ids.length, wrong }
    const last = ids.at(-1)
    if (last === undefined || ids.length < batch) return
    after = last
  }
}

/** Sets the gauges of an account to what there is; for rows that came by no write. */
export async function repairGauges(app: AppContext, tx: MainTx, accountId: string): Promise<void> {
  for (const { wrong, parentId } of await wrongIn(app, tx, accountId)) {
    const key = { scope: wrong.scope, scopeId: wrong.scopeId, type: wrong.type, period: '' }
    const { reserved } = await takeCounter(tx, key, parentId)
    await saveCounter(tx, key, { used: BigInt(wrong.counted), reserved })
  }
}

async function wrongIn(app: AppContext, db: Db, accountId: string): Promise<{ wrong: WrongGauge; parentId: string }[]> {
  const counted: Sums = new Map()
  const kept: Sums = new Map()
  const workspaces = await workspaceIdsOf(db, accountId)
  for (const workspaceId of workspaces) {
    for (const [type, count] of Object.entries(app.areas.gauges))
      for (const one of await count(db, workspaceId)) addAll(counted, { accountId, workspaceId, type, ...one })
    for (const { scope, scopeId, type, used } of await gaugesWithin(db, workspaceId))
      add(kept, { key: { scope, scopeId, type }, parentId: workspaceId, count: Number(used) })
    const scope = { scope: 'workspace', scopeId: workspaceId } as const
    for (const { type, used } of await countersOf(db, { ...scope, periods: [''] }))
      add(kept, { key: { ...scope, type }, parentId: accountId, count: Number(used) })
  }
  const scope = { scope: 'account', scopeId: accountId } as const
  for (const { type, used } of await countersOf(db, { ...scope, periods: [''] }))
    add(kept, { key: { ...scope, type }, parentId: '', count: Number(used) })
  const names = new Set([...counted.keys(), ...kept.keys()])
  return [...names].flatMap((name) => {
    const one = counted.get(name) ?? kept.get(name)
    const difference = { kept: kept.get(name)?.count ?? 0, counted: counted.get(name)?.count ?? 0 }
    if (!one || !(one.key.type in app.areas.gauges) || difference.kept === difference.counted) return []
    return [{ wrong: { ...one.key, ...difference }, parentId: one.parentId }]
  })
}

/** Adds a count in every scope that its type counts in. */
function addAll(
  sums: Sums,
  of: { accountId: string; workspaceId: string; type: string; botId: string | null; count: number },
): void {
  const { accountId, workspaceId, type, botId, count } = of
  const scopes = builtInQuotaType(type)?.scopes ?? []
  const places = [
    { scope: 'account', scopeId: accountId, parentId: '' },
    { scope: 'workspace', scopeId: workspaceId, parentId: accountId },
    { scope: 'bot', scopeId: botId, parentId: workspaceId },
  ] as const
  for (const { scope, scopeId, parentId } of places)
    if (scopeId !== null && scopes.includes(scope)) add(sums, { key: { scope, scopeId, type }, parentId, count })
}

function add(sums: Sums, one: { key: Omit<CounterKey, 'period'>; parentId: string; count: number }): void {
  const name = `${one.key.scope} ${one.key.scopeId} ${one.key.type}`
  const before = sums.get(name)
  if (before) before.count += one.count
  else sums.set(name, { ...one })
}
