import type { Stores, Tx } from '@steward/db'
import type { CountedSchema, RecordedTables } from '@steward/db/testing'
import { storesOf } from '../app-context.ts'
import type { AppContext } from '../app-context.ts'
import type { MainTx, TelemetryTx, WorkspaceContext } from '../context.ts'
import { ApiError } from '../errors.ts'
import { authorize } from '../access/access.ts'
import type { SeededPerson } from '../app.testing.ts'
import { seedPerson, seedWorkspace, testApp, testRequest } from '../app.testing.ts'
import type { Counter } from './count.ts'
import type { Fresh, Item } from './ledger.ts'
import type { Recorder } from './record.ts'

/** What is taken of a lane's allowance. */
export interface Consume extends Item {
  amount: number
  /** Refused after it was written, by an error; or it fails in a way that nobody foresaw. */
  fails?: 'late' | 'unforeseen'
}

const counting = (tx: MainTx) => tx as unknown as Tx<CountedSchema>

/**
 * Consumes up to a limit, the answer being what is used then. A negative amount is refused by the engine, and only
 * after it was taken.
 */
export const consumes: Counter<WorkspaceContext, Consume, number> = {
  name: 'consume',
  async find(tx, { lane }, ids) {
    const rows = await counting(tx)
      .selectFrom('counted')
      .select(['id', 'hash', 'amount'])
      .where('lane_id', '=', lane.id)
      .where('id', 'in', ids)
      .execute()
    return rows.map(({ id, hash, amount }) => ({ id, hash, answer: amount }))
  },
  async add(tx, ctx, fresh) {
    const outcomes: (number | ApiError)[] = []
    for (const one of fresh) outcomes.push(await take(counting(tx), ctx, one))
    return outcomes
  },
}

async function take(
  tx: Tx<CountedSchema>,
  { lane }: WorkspaceContext,
  { item, hash }: Fresh<Consume>,
): Promise<number | ApiError> {
  const { id, amount } = item
  const at = tx.selectFrom('allowance').select(['used', 'most']).where('lane_id', '=', lane.id)
  const { used, most } = await at.executeTakeFirstOrThrow()
  if (used + amount > most) return new ApiError('QuotaExceeded', 'All is used.', { used, most })
  await tx
    .updateTable('allowance')
    .set({ used: used + amount })
    .where('lane_id', '=', lane.id)
    .execute()
  await tx.insertInto('counted').values({ lane_id: lane.id, id, hash, amount }).execute()
  if (item.fails === 'late') throw new ApiError('InvalidPayload', 'No after all.')
  if (item.fails === 'unforeseen') throw new TypeError('x is not a function')
  return amount
}

export interface Sample extends Item {
  value: number
  label: string
}

const recording = (tx: TelemetryTx) => tx as unknown as Tx<RecordedTables>

/** Keeps samples; a negative value is refused by the engine, a label of `no` by a rule. */
export const samples: Recorder<WorkspaceContext, Sample, null> = {
  name: 'sample',
  async find(tx, { workspaceId }, ids) {
    const rows = await recording(tx)
      .selectFrom('sample')
      .select(['id', 'hash'])
      .where('workspace_id', '=', workspaceId)
      .where('id', 'in', ids)
      .execute()
    return rows.map(({ id, hash }) => ({ id, hash, answer: null }))
  },
  async add(tx, { workspaceId }, fresh) {
    const isBad = ({ item }: Fresh<Sample>): boolean => item.label === 'no'
    const rows = fresh
      .filter((one) => !isBad(one))
      .map(({ item, hash }) => ({ ...item, hash, workspace_id: workspaceId }))
    if (rows.length > 0) await recording(tx).insertInto('sample').values(rows).execute()
    return fresh.map((one) => (isBad(one) ? new ApiError('InvalidPayload', 'Such samples are not taken.') : null))
  },
}

export interface Fixture {
  app: AppContext
  owner: SeededPerson
  workspaceId: string
}

/** A workspace that may use this much, on stores with the tables of `addLedgers`. */
export async function ledgerFixture(stores: Stores, most = 100): Promise<Fixture> {
  const { app } = testApp(stores)
  const owner = await seedPerson(app, 'owner@example.com')
  return { app, owner, workspaceId: await seedAllowance({ app, owner }, most) }
}

/** One workspace more. */
export async function seedAllowance({ app, owner }: Omit<Fixture, 'workspaceId'>, most = 100): Promise<string> {
  const workspaceId = await seedWorkspace(app, owner)
  await storesOf(app).main.write((tx) =>
    counting(tx).insertInto('allowance').values({ lane_id: workspaceId, used: 0, most }).execute(),
  )
  return workspaceId
}

export function contextOf({ app, owner, workspaceId }: Fixture): Promise<WorkspaceContext> {
  return authorize({ app, actor: owner.actor, request: testRequest }, 'workspace.update', { workspaceId })
}

/** What is used of the allowance, and what was counted. */
export async function countedIn({ app, workspaceId }: Fixture) {
  const db = storesOf(app).main.reader as unknown as Tx<CountedSchema>
  const allowance = await db
    .selectFrom('allowance')
    .select(['used', 'most'])
    .where('lane_id', '=', workspaceId)
    .executeTakeFirstOrThrow()
  const rows = await db
    .selectFrom('counted')
    .select(['id', 'amount'])
    .where('lane_id', '=', workspaceId)
    .orderBy('id')
    .execute()
  return { ...allowance, rows }
}

export function recordedIn({ app, workspaceId }: Fixture) {
  const db = storesOf(app).telemetry.reader as unknown as Tx<RecordedTables>
  return db
    .selectFrom('sample')
    .select(['id', 'value', 'label'])
    .where('workspace_id', '=', workspaceId)
    .orderBy('id')
    .execute()
}
