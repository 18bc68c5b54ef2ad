import type { MainSchema, Params, Reader, Tx } from '@steward/db'
import { exact, fromJson, prepare, prepareWrite } from '@steward/db'
import type { Db, MainTx } from '../../core/context.ts'
import type { PlanLimits } from './catalogue.schema.ts'

/** The row of what limits every account: the default plan. */
export const everyAccount = ''

const findVersion = prepareWrite((tx: Tx<MainSchema>, p: Params<{ account_id: string }>) =>
  tx.selectFrom('quota_account').select('version').where('account_id', '=', p.account_id).forShare(),
)

const insertVersion = prepareWrite((tx: Tx<MainSchema>, p: Params<{ account_id: string }>) =>
  tx
    .insertInto('quota_account')
    .values({ account_id: p.account_id, version: 0 })
    .onConflict((conflict) => conflict.column('account_id').doNothing()),
)

const raiseVersion = prepareWrite((tx: Tx<MainSchema>, p: Params<{ account_id: string }>) =>
  tx
    .updateTable('quota_account')
    .set((eb) => ({ version: eb('version', '+', 1) }))
    .where('account_id', '=', p.account_id),
)

const readVersion = prepare((db: Reader<MainSchema>, p: Params<{ account_id: string }>) =>
  db.selectFrom('quota_account').select('version').where('account_id', '=', p.account_id),
)

/** Keeps the limits of an account as they are until the commit. @returns their version. */
export async function holdLimits(tx: MainTx, accountId: string): Promise<number> {
  const found = await findVersion.first(tx, { account_id: accountId })
  if (found) return found.version
  await insertVersion.run(tx, { account_id: accountId })
  return (await findVersion.first(tx, { account_id: accountId }))?.version ?? 0
}

/** The version of an account's limits, 0 for one without any. */
export async function versionOfLimits(db: Db, accountId: string): Promise<number> {
  return (await readVersion.first(db, { account_id: accountId }))?.version ?? 0
}

/** Waits for what is being admitted, and has everybody after this commit read the limits anew. */
export async function changeLimits(tx: MainTx, accountId: string): Promise<void> {
  await insertVersion.run(tx, { account_id: accountId })
  await raiseVersion.run(tx, { account_id: accountId })
}

export async function deleteVersion(tx: MainTx, accountId: string): Promise<void> {
  await tx.deleteFrom('quota_account').where('account_id', '=', accountId).execute()
}

/** A plan version with its limits. */
export interface Plan {
  readonly id: string
  readonly name: string
  readonly version: number
  readonly title: string
  readonly contractPlan: string
  readonly limits: PlanLimits
}

interface PlanRow {
  id: string
  name: string
  version: number
  title: string
  contract_plan: string
  limits: string
}

export const toPlan = (row: PlanRow): Plan => ({
  id: row.id,
  name: row.name,
  version: row.version,
  title: row.title,
  contractPlan: row.contract_plan,
  limits: fromJson<PlanLimits>(row.limits),
})

/** That an account is on a plan from a time on. */
export interface Assignment {
  readonly effectiveAt: string
  /** Null: on the default plan, if there is one. */
  readonly plan: Plan | null
}

/** Oldest first, later ones of one time after it. */
export async function assignmentsOf(db: Db, accountId: string): Promise<Assignment[]> {
  const rows = await db
    .selectFrom('quota_assignment as a')
    .leftJoin('quota_plan as p', 'p.id', 'a.plan_id')
    .select(['a.effective_at', 'a.plan_id', 'p.id', 'p.name', 'p.version', 'p.title', 'p.contract_plan', 'p.limits'])
    .where('a.account_id', '=', accountId)
    .orderBy('a.effective_at')
    .orderBy('a.id')
    .execute()
  return rows.map((row) => ({
    effectiveAt: row.effective_at,
    plan: row.plan_id === null ? null : toPlan(row as PlanRow),
  }))
}

/** The newest version of the plan of accounts that have none of their own. */
export async function defaultPlan(db: Db): Promise<Plan | null> {
  const row = await db
    .selectFrom('quota_catalogue as c')
    .innerJoin('quota_plan as p', 'p.name', 'c.default_plan')
    .select(['p.id', 'p.name', 'p.version', 'p.title', 'p.contract_plan', 'p.limits'])
    .orderBy('p.version', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row ? toPlan(row) : null
}

/** A limit that stands instead of the plan's for a time. */
export interface Override {
  readonly id: string
  readonly scope: 'account' | 'workspace' | 'bot'
  readonly scopeId: string
  readonly type: string
  /** Null: unlimited. */
  readonly value: bigint | null
  readonly effectiveAt: string
  /** When it ends, or was ended. */
  readonly endsAt: string | null
  readonly reason: string
  readonly origin: 'operator' | 'customer'
  readonly createdBy: string | null
  readonly createdAt: string
}

/** Overrides of an account that have not ended before then, newest first. */
export async function overridesOf(db: Db, accountId: string, since: string): Promise<Override[]> {
  const rows = await db
    .selectFrom('quota_override')
    .select([
      'id',
      'scope',
      'scope_id',
      'type',
      'effective_at',
      'ends_at',
      'reason',
      'origin',
      'created_by',
      'created_at',
      'revoked_at',
    ])
    .select((eb) => exact(eb.ref('value')).$castTo<string | null>().as('value'))
    .where('account_id', '=', accountId)
    .where((eb) => eb.or([eb('ends_at', 'is', null), eb('ends_at', '>', since)]))
    .where((eb) => eb.or([eb('revoked_at', 'is', null), eb('revoked_at', '>', since)]))
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .execute()
  return rows.map((row) => ({
    id: row.id,
    scope: row.scope,
    scopeId: row.scope_id,
    type: row.type,
    value: row.value === null ? null : BigInt(row.value),
    effectiveAt: row.effective_at,
    endsAt: earlier(row.ends_at, row.revoked_at),
    reason: row.reason,
    origin: row.origin,
    createdBy: row.created_by,
    createdAt: row.created_at,
  }))
}

function earlier(a: string | null, b: string | null): string | null {
  if (a === null || b === null) return a ?? b
  return a < b ? a : b
}
