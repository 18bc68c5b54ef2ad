import type { Db, MainTx } from '../../core/context.ts'
import { toFlag } from '@steward/db'
import type { CataloguePlan, OwnQuotaType } from './catalogue.schema.ts'
import type { Plan } from './limit.queries.ts'
import { toPlan } from './limit.queries.ts'

const columns = ['id', 'name', 'version', 'title', 'contract_plan', 'limits', 'retired'] as const

export interface PlanVersion extends Plan {
  isRetired: boolean
}

/** The newest version of every plan, retired ones too, by name. */
export async function newestPlans(db: Db): Promise<PlanVersion[]> {
  const rows = await db
    .selectFrom('quota_plan as p')
    .select(columns)
    .where((eb) =>
      eb(
        'p.version',
        '=',
        eb
          .selectFrom('quota_plan as other')
          .select((inner) => inner.fn.max('other.version').as('newest'))
          .whereRef('other.name', '=', 'p.name'),
      ),
    )
    .orderBy('p.name')
    .execute()
  return rows.map((row) => ({ ...toPlan(row), isRetired: row.retired === 1 }))
}

/** A version of a plan, the newest by default. */
export async function findPlan(
  db: Db,
  of: { name: string; version?: number | undefined },
): Promise<PlanVersion | undefined> {
  const row = await db
    .selectFrom('quota_plan')
    .select(columns)
    .where('name', '=', of.name)
    .$if(of.version !== undefined, (query) => query.where('version', '=', of.version ?? 0))
    .orderBy('version', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row && { ...toPlan(row), isRetired: row.retired === 1 }
}

export async function insertPlan(
  tx: MainTx,
  plan: CataloguePlan & { id: string; version: number; createdBy: string | null; at: string },
): Promise<void> {
  await tx
    .insertInto('quota_plan')
    .values({
      id: plan.id,
      name: plan.name,
      version: plan.version,
      title: plan.title,
      contract_plan: plan.contractPlan,
      limits: JSON.stringify(plan.limits),
      retired: 0,
      created_by: plan.createdBy,
      created_at: plan.at,
    })
    .execute()
}

export async function retirePlan(tx: MainTx, name: string, isRetired: boolean): Promise<void> {
  await tx
    .updateTable('quota_plan')
    .set({ retired: toFlag(isRetired) })
    .where('name', '=', name)
    .execute()
}

export async function insertType(tx: MainTx, type: OwnQuotaType & { at: string }): Promise<void> {
  const { name, kind, unit, title, hard, at } = type
  await tx
    .insertInto('quota_type')
    .values({ name, kind, unit, title, hard: toFlag(hard), created_at: at })
    .execute()
}

export async function updateType(tx: MainTx, { name, title, hard }: OwnQuotaType): Promise<void> {
  await tx
    .updateTable('quota_type')
    .set({ title, hard: toFlag(hard) })
    .where('name', '=', name)
    .execute()
}

export async function deleteType(tx: MainTx, name: string): Promise<void> {
  await tx.deleteFrom('quota_type').where('name', '=', name).execute()
}

/** Whether anything was counted in a type, or is limited by an override of it. */
export async function isTypeInUse(db: Db, name: string): Promise<boolean> {
  const counter = await db
    .selectFrom('quota_counter')
    .select('type')
    .where('type', '=', name)
    .limit(1)
    .executeTakeFirst()
  const override = await db
    .selectFrom('quota_override')
    .select('id')
    .where('type', '=', name)
    .limit(1)
    .executeTakeFirst()
  return counter !== undefined || override !== undefined
}

export async function defaultPlanName(db: Db): Promise<string | null> {
  const row = await db.selectFrom('quota_catalogue').select('default_plan').executeTakeFirst()
  return row?.default_plan ?? null
}

export async function setDefaultPlan(
  tx: MainTx,
  of: { name: string | null; by: string | null; at: string },
): Promise<void> {
  await tx
    .insertInto('quota_catalogue')
    .values({ id: '', default_plan: of.name, updated_by: of.by, updated_at: of.at })
    .onConflict((conflict) =>
      conflict.column('id').doUpdateSet({ default_plan: of.name, updated_by: of.by, updated_at: of.at }),
    )
    .execute()
}

/** The accounts that have a plan of their own, as a subquery. */
export function accountsOnOwnPlan(db: Db) {
  return db
    .selectFrom('quota_assignment as a')
    .select('a.account_id')
    .where('a.plan_id', 'is not', null)
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('quota_assignment as later')
            .select('later.id')
            .whereRef('later.account_id', '=', 'a.account_id')
            .where((inner) =>
              inner(
                inner.refTuple('later.effective_at', 'later.id'),
                '>',
                inner.refTuple('a.effective_at', 'a.id') as never,
              ),
            ),
        ),
      ),
    )
}
