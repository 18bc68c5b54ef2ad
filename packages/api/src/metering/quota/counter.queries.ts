import type { MainSchema, Params, Reader, Tx } from '@steward/db'
import { exact, prepare, prepareWrite } from '@steward/db'
import type { Db, MainTx } from '../../core/context.ts'
import type { QuotaScope } from './quota-type.schema.ts'

/** A counter: of a month such as '2026-12', or '' for what there is now. */
export interface CounterKey {
  readonly scope: QuotaScope
  readonly scopeId: string
  readonly type: string
  readonly period: string
}

export interface CounterState {
  used: bigint
  reserved: bigint
}

type KeyParams = Pick<MainSchema['quota_counter'], 'scope' | 'type' | 'period'> & { scope_id: string }

const found = (db: Reader<MainSchema>, p: Params<KeyParams>) =>
  db
    .selectFrom('quota_counter')
    .select((eb) => [exact(eb.ref('used')).as('used'), exact(eb.ref('reserved')).as('reserved')])
    .where('scope', '=', p.scope)
    .where('scope_id', '=', p.scope_id)
    .where('type', '=', p.type)
    .where('period', '=', p.period)

const findCounter = prepare(found)
const lockCounter = prepareWrite((tx: Tx<MainSchema>, p: Params<KeyParams>) => found(tx, p).forUpdate())

const insertCounter = prepareWrite((tx: Tx<MainSchema>, p: Params<KeyParams & { parent_id: string }>) =>
  tx
    .insertInto('quota_counter')
    .values({
      scope: p.scope,
      scope_id: p.scope_id,
      type: p.type,
      period: p.period,
      parent_id: p.parent_id,
      used: 0n,
      reserved: 0n,
    })
    .onConflict((conflict) => conflict.columns(['scope', 'scope_id', 'type', 'period']).doNothing()),
)

const updateCounter = prepareWrite((tx: Tx<MainSchema>, p: Params<KeyParams & { used: bigint; reserved: bigint }>) =>
  tx
    .updateTable('quota_counter')
    .set({ used: p.used, reserved: p.reserved })
    .where('scope', '=', p.scope)
    .where('scope_id', '=', p.scope_id)
    .where('type', '=', p.type)
    .where('period', '=', p.period),
)

const params = ({ scope, scopeId, type, period }: CounterKey): KeyParams => ({ scope, scope_id: scopeId, type, period })

const toState = (row: { used: string; reserved: string } | undefined): CounterState => ({
  used: BigInt(row?.used ?? 0),
  reserved: BigInt(row?.reserved ?? 0),
})

/** Reads a counter that nobody else changes before the commit; `parentId` is what it is in. */
export async function takeCounter(tx: MainTx, key: CounterKey, parentId: string): Promise<CounterState> {
  const row = await lockCounter.first(tx, params(key))
  if (row) return toState(row)
  await insertCounter.run(tx, { ...params(key), parent_id: parentId })
  return toState(await lockCounter.first(tx, params(key)))
}

export async function readCounter(db: Db, key: CounterKey): Promise<CounterState> {
  return toState(await findCounter.first(db, params(key)))
}

/** @throws the engine's error for what would fall below zero: more was given back than was taken. */
export async function saveCounter(tx: MainTx, key: CounterKey, state: CounterState): Promise<void> {
  await updateCounter.run(tx, { ...params(key), ...state })
}

/** All counters of a scope in these periods, by type. */
export async function countersOf(
  db: Db,
  of: { scope: QuotaScope; scopeId: string; periods: readonly string[] },
): Promise<(CounterState & { type: string; period: string })[]> {
  const rows = await db
    .selectFrom('quota_counter')
    .select(['type', 'period'])
    .select((eb) => [exact(eb.ref('used')).as('used'), exact(eb.ref('reserved')).as('reserved')])
    .where('scope', '=', of.scope)
    .where('scope_id', '=', of.scopeId)
    .where('period', 'in', of.periods)
    .orderBy('type')
    .execute()
  return rows.map((row) => ({ type: row.type, period: row.period, ...toState(row) }))
}

/** What there is now, of every type, in all the scopes within another: in the bots of a workspace. */
export async function gaugesWithin(db: Db, parentId: string): Promise<(CounterKey & CounterState)[]> {
  const rows = await db
    .selectFrom('quota_counter')
    .select(['scope', 'scope_id', 'type', 'period'])
    .select((eb) => [exact(eb.ref('used')).as('used'), exact(eb.ref('reserved')).as('reserved')])
    .where('parent_id', '=', parentId)
    .where('period', '=', '')
    .orderBy('type')
    .execute()
  return rows.map((row) => ({
    scope: row.scope,
    scopeId: row.scope_id,
    type: row.type,
    period: row.period,
    ...toState(row),
  }))
}

/** Has the counters of a scope lie within another from now on. */
export async function moveCounters(tx: MainTx, of: { scope: QuotaScope; scopeId: string; to: string }): Promise<void> {
  await tx
    .updateTable('quota_counter')
    .set({ parent_id: of.to })
    .where('scope', '=', of.scope)
    .where('scope_id', '=', of.scopeId)
    .execute()
}

/** Forgets what a scope used by month. */
export async function deleteMonths(tx: MainTx, of: { scope: QuotaScope; scopeId: string }): Promise<void> {
  await tx
    .deleteFrom('quota_counter')
    .where('scope', '=', of.scope)
    .where('scope_id', '=', of.scopeId)
    .where('period', '<>', '')
    .execute()
}

/** Deletes the counters of everything within a scope. */
export async function deleteCountersWithin(tx: MainTx, parentId: string): Promise<void> {
  await tx.deleteFrom('quota_counter').where('parent_id', '=', parentId).execute()
}

/** Deletes the counters of a scope that is gone. */
export async function deleteCounters(tx: MainTx, of: { scope: QuotaScope; scopeId: string }): Promise<void> {
  await tx.deleteFrom('quota_counter').where('scope', '=', of.scope).where('scope_id', '=', of.scopeId).execute()
}
