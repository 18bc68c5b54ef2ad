import { planWithoutAny } from './shown-plan.ts'
import { setShownPlan } from '../../people/workspace/workspace.service.ts'
import { requireOperator } from '../../people/me/operator.service.ts'
import canonicalize from 'canonicalize'
import { iso } from '../../core/clock.ts'
import type { AnyContext, Db, MainTx } from '../../core/context.ts'
import { actingUser } from '../../core/context.ts'
import { ApiError } from '../../core/errors.ts'
import { sha256 } from '../../core/secrets.ts'
import { read } from '../../core/write/read.ts'
import { write } from '../../core/write/write.ts'
import { accountIds } from '../../people/account/account.service.ts'
import * as rows from './catalogue.queries.ts'
import type { PlanVersion } from './catalogue.queries.ts'
import type { Catalogue, CataloguePlan, OwnQuotaType } from './catalogue.schema.ts'
import type { Plan } from './limit.queries.ts'
import { assignmentsOf, changeLimits, everyAccount, overridesOf } from './limit.queries.ts'
import { Limits } from './limits.ts'
import { overOf, together, nothingOver } from './over.ts'
import type { ApplyCatalogueInput, ApplyCatalogueOutput, GetCatalogueOutput, Preview } from './quota.schema.ts'
import { ownQuotaTypes } from './types.queries.ts'

const hashOf = (catalogue: Catalogue): string => sha256(canonicalize(catalogue) ?? '')

interface Current {
  catalogue: Catalogue
  plans: readonly PlanVersion[]
}

async function currentCatalogue(db: Db): Promise<Current> {
  const plans = await rows.newestPlans(db)
  const types = await ownQuotaTypes(db)
  return {
    plans,
    catalogue: {
      types: types.map(({ name, title, kind, unit, isHard }) => ({
        name,
        title,
        kind: kind as OwnQuotaType['kind'],
        unit,
        hard: isHard,
      })),
      plans: plans.filter(({ isRetired }) => !isRetired).map(toCataloguePlan),
      defaultPlan: await rows.defaultPlanName(db),
    },
  }
}

const toCataloguePlan = ({ name, title, contractPlan, limits }: Plan): CataloguePlan => ({
  name,
  title,
  contractPlan: contractPlan as CataloguePlan['contractPlan'],
  limits,
})

/** The catalogue in force, as its operator writes it. @throws Forbidden for everybody else. */
export async function getCatalogue(ctx: AnyContext): Promise<GetCatalogueOutput> {
  return read(ctx, async (db) => {
    await requireOperator(ctx, db)
    const { catalogue, plans } = await currentCatalogue(db)
    return {
      catalogue,
      plans: plans.map(({ id, name, version, isRetired }) => ({ id, name, version, retired: isRetired })),
      hash: hashOf(catalogue),
    }
  })
}

type Change = ApplyCatalogueOutput['changes'][number]

interface Difference {
  changes: Change[]
  newVersions: (CataloguePlan & { version: number })[]
  brought: string[]
  retired: string[]
  addedTypes: OwnQuotaType[]
  changedTypes: OwnQuotaType[]
  removedTypes: string[]
}

const same = (a: unknown, b: unknown): boolean => canonicalize(a) === canonicalize(b)

function differenceOf({ catalogue: before, plans }: Current, after: Catalogue): Difference {
  const changes: Change[] = []
  const difference: Difference = {
    changes,
    newVersions: [],
    brought: [],
    retired: [],
    addedTypes: [],
    changedTypes: [],
    removedTypes: [],
  }
  for (const type of after.types) {
    const old = before.types.find(({ name }) => name === type.name)
    if (same(old, type)) continue
    if (old && (old.kind !== type.kind || old.unit !== type.unit))
      throw new ApiError(
        'InvalidPayload',
        `The kind and unit of "${type.name}" cannot change: what was counted would mean something else. Add a type with another name.`,
        { type: type.name },
      )
    difference[old ? 'changedTypes' : 'addedTypes'].push(type)
    changes.push({ kind: 'type', change: old ? 'changed' : 'added', name: type.name, text: type.title })
  }
  for (const { name, title } of before.types)
    if (!after.types.some((type) => type.name === name)) {
      difference.removedTypes.push(name)
      changes.push({ kind: 'type', change: 'removed', name, text: title })
    }
  for (const plan of after.plans) {
    const newest = plans.find(({ name }) => name === plan.name)
    if (newest && same(toCataloguePlan(newest), plan)) {
      if (!newest.isRetired) continue
      difference.brought.push(plan.name)
      changes.push({
        kind: 'plan',
        change: 'added',
        name: plan.name,
        text: `${plan.title}, version ${newest.version}, as before`,
      })
      continue
    }
    const version = (newest?.version ?? 0) + 1
    difference.newVersions.push({ ...plan, version })
    changes.push({
      kind: 'plan',
      change: newest && !newest.isRetired ? 'changed' : 'added',
      name: plan.name,
      text: newest ? `${plan.title}, version ${version}: accounts stay on the version they have` : plan.title,
    })
  }
  for (const { name, title } of before.plans)
    if (!after.plans.some((plan) => plan.name === name)) {
      difference.retired.push(name)
      changes.push({
        kind: 'plan',
        change: 'removed',
        name,
        text: `${title}: accounts stay on it, and none is moved to it`,
      })
    }
  if (before.defaultPlan !== after.defaultPlan)
    changes.push({
      kind: 'defaultPlan',
      change: before.defaultPlan === null ? 'added' : after.defaultPlan === null ? 'removed' : 'changed',
      name: after.defaultPlan ?? '',
      text: `of accounts that have none of their own: ${after.defaultPlan ?? 'none, so nothing is limited'}`,
    })
  return difference
}

/** The plan that accounts without one of their own would be on. */
function defaultOf({ plans }: Current, after: Catalogue, difference: Difference): Plan | null {
  if (after.defaultPlan === null) return null
  const fresh = difference.newVersions.find(({ name }) => name === after.defaultPlan)
  if (fresh) return { ...fresh, id: '' }
  return plans.find(({ name }) => name === after.defaultPlan) ?? null
}

const movesDefault = (before: Catalogue, after: Catalogue, { newVersions }: Difference): boolean =>
  before.defaultPlan !== after.defaultPlan || newVersions.some(({ name }) => name === after.defaultPlan)

/** What accounts without a plan of their own would have above another default plan. */
async function overByDefault(ctx: AnyContext, plan: Plan | null): Promise<Preview> {
  if (plan === null) return nothingOver
  const at = iso(ctx.app.clock.now())
  const previews: Preview[] = []
  let after = ''
  for (;;) {
    const ids = await read(ctx, (db) => accountIds(db, { after, limit: 200 }))
    for (const accountId of ids)
      previews.push(
        await read(ctx, async (db) => {
          const assignments = await assignmentsOf(db, accountId)
          const limits = new Limits({ assignments, default: plan, overrides: await overridesOf(db, accountId, at) })
          return limits.planAt(at) === plan ? overOf(db, accountId, { limits, at }) : nothingOver
        }),
      )
    const last = ids.at(-1)
    if (last === undefined) return together(previews)
    after = last
    previews.splice(0, previews.length, together(previews))
  }
}

/**
 * Makes a catalogue the one in force: plans that changed get a new version, those that are left out are retired. With
 * `dryRun` it only tells what would change, and what would be above the limits of another default plan.
 * @throws Forbidden for everybody but the operator; RelationConflict when the catalogue is not the one that this was
 *   made from; InvalidPayload for a type whose meaning changes; ReferenceConstraint for a type that is used.
 */
export async function applyCatalogue(ctx: AnyContext, input: ApplyCatalogueInput): Promise<ApplyCatalogueOutput> {
  const { catalogue, dryRun, basedOn } = input
  const current = await read(ctx, async (db) => {
    await requireOperator(ctx, db)
    return currentCatalogue(db)
  })
  refuseStale(current, basedOn)
  const planned = differenceOf(current, catalogue)
  const preview = movesDefault(current.catalogue, catalogue, planned)
    ? await overByDefault(ctx, defaultOf(current, catalogue, planned))
    : nothingOver
  const answer = { changes: planned.changes, ...preview, hash: hashOf(catalogue) }
  if (dryRun || planned.changes.length === 0) return { ...answer, applied: false }
  return write(ctx, { action: 'UNKNOWN', lanes: [{ kind: 'instance', id: 'instance' }] }, async (tx) => {
    await requireOperator(ctx, tx)
    const present = await currentCatalogue(tx)
    if (hashOf(present.catalogue) !== hashOf(current.catalogue)) throw stale()
    await save(tx, ctx, { difference: planned, catalogue })
    await changeLimits(tx, everyAccount)
    return {
      answer: { ...answer, applied: true },
      changes: [{ type: 'quotaCatalogue', id: 'quotaCatalogue' }],
      audit: {
        type: 'quotaCatalogue',
        id: null,
        name: null,
        value: 'plans and limits changed',
        before: { defaultPlan: current.catalogue.defaultPlan },
        after: { defaultPlan: catalogue.defaultPlan, changes: planned.changes },
      },
    }
  })
}

function refuseStale({ catalogue }: Current, basedOn: string | undefined): void {
  if (basedOn !== undefined && basedOn !== hashOf(catalogue)) throw stale()
}

const stale = (): ApiError =>
  new ApiError(
    'RelationConflict',
    'Somebody has changed the catalogue meanwhile. Look at it again, and apply your changes to that.',
  )

async function save(
  tx: MainTx,
  ctx: AnyContext,
  { difference, catalogue }: { difference: Difference; catalogue: Catalogue },
): Promise<void> {
  const at = iso(ctx.app.clock.now())
  const by = actingUser(ctx)
  for (const type of difference.addedTypes) await rows.insertType(tx, { ...type, at })
  for (const type of difference.changedTypes) await rows.updateType(tx, type)
  for (const name of difference.removedTypes) {
    if (await rows.isTypeInUse(tx, name))
      throw new ApiError(
        'ReferenceConstraint',
        `Something was counted or limited by the type "${name}", so it stays.`,
        {
          type: name,
        },
      )
    await rows.deleteType(tx, name)
  }
  for (const plan of difference.newVersions) {
    const id = ctx.app.ids.make('quotaPlan')
    await rows.insertPlan(tx, { ...plan, id, createdBy: by, at })
  }
  for (const name of [...difference.brought, ...difference.newVersions.map((plan) => plan.name)])
    await rows.retirePlan(tx, name, false)
  for (const name of difference.retired) await rows.retirePlan(tx, name, true)
  await rows.setDefaultPlan(tx, { name: catalogue.defaultPlan, by, at })
  const shown = catalogue.plans.find(({ name }) => name === catalogue.defaultPlan)?.contractPlan ?? planWithoutAny
  await setShownPlan(tx, { plan: shown, exceptAccounts: rows.accountsOnOwnPlan(tx) })
}
