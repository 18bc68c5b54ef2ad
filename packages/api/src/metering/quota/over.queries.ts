import { exact } from '@steward/db'
import type { Db } from '../../core/context.ts'
import type { CounterKey } from './counter.queries.ts'

export interface AccountCounter extends CounterKey {
  taken: bigint
}

/** How many counters are read at once. */
const batch = 500

/** What an account, its workspaces and their bots have taken now and in a month, in pieces. */
export async function* countersOfAccount(db: Db, accountId: string, period: string): AsyncGenerator<AccountCounter> {
  yield* countersWhere(db, { scope: 'account', scopeId: accountId, period })
  let after = ''
  for (;;) {
    const workspaces = await db
      .selectFrom('workspace')
      .select('id')
      .where('account_id', '=', accountId)
      .where('id', '>', after)
      .orderBy('id')
      .limit(batch)
      .execute()
    for (const { id } of workspaces) {
      yield* countersWhere(db, { scope: 'workspace', scopeId: id, period })
      yield* botCounters(db, id, period)
    }
    const last = workspaces.at(-1)
    if (!last || workspaces.length < batch) return
    after = last.id
  }
}

async function* countersWhere(
  db: Db,
  of: { scope: 'account' | 'workspace'; scopeId: string; period: string },
): AsyncGenerator<AccountCounter> {
  const rows = await db
    .selectFrom('quota_counter')
    .select(['scope', 'scope_id', 'type', 'period'])
    .select((eb) => exact(eb('used', '+', eb.ref('reserved'))).as('taken'))
    .where('scope', '=', of.scope)
    .where('scope_id', '=', of.scopeId)
    .where('period', 'in', ['', of.period])
    .execute()
  for (const row of rows) yield toCounter(row)
}

async function* botCounters(db: Db, workspaceId: string, period: string): AsyncGenerator<AccountCounter> {
  let after: readonly [id: string, type: string, period: string] = ['', '', '']
  for (;;) {
    const [id, type, last] = after
    const rows = await db
      .selectFrom('quota_counter')
      .select(['scope', 'scope_id', 'type', 'period'])
      .select((eb) => exact(eb('used', '+', eb.ref('reserved'))).as('taken'))
      .where('parent_id', '=', workspaceId)
      .where('period', 'in', ['', period])
      .where((eb) => eb(eb.refTuple('scope_id', 'type', 'period'), '>', eb.tuple(id, type, last)))
      .orderBy('scope_id')
      .orderBy('type')
      .orderBy('period')
      .limit(batch)
      .execute()
    for (const row of rows) yield toCounter(row)
    const end = rows.at(-1)
    if (!end || rows.length < batch) return
    after = [end.scope_id, end.type, end.period]
  }
}

const toCounter = (row: {
  scope: CounterKey['scope']
  scope_id: string
  type: string
  period: string
  taken: string
}): AccountCounter => ({
  scope: row.scope,
  scopeId: row.scope_id,
  type: row.type,
  period: row.period,
  taken: BigInt(row.taken),
})
