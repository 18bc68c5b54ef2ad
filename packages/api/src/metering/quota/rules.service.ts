import { planWithoutAny } from './shown-plan.ts'
import { setShownPlan } from '../../people/workspace/workspace.service.ts'
import { requireOperator } from '../../people/me/operator.service.ts'
import { accountIsThere } from '../../people/account/account.service.ts'
import { accountOfWorkspace } from '../../people/workspace/workspace.service.ts'
import { iso } from '../../core/clock.ts'
import type { AnyContext, Db, Lane, MainTx, WorkspaceContext } from '../../core/context.ts'
import { actingUser } from '../../core/context.ts'
import { ApiError, notFound } from '../../core/errors.ts'
import { read } from '../../core/write/read.ts'
import { write } from '../../core/write/write.ts'
import { findPlan } from './catalogue.queries.ts'
import type { Override, Plan } from './limit.queries.ts'
import { assignmentsOf, changeLimits, defaultPlan, overridesOf } from './limit.queries.ts'
import { Limits, loadLimits } from './limits.ts'
import { overOf } from './over.ts'
import type {
  AssignPlanInput,
  AssignPlanOutput,
  ListRulesOutput,
  OverrideShown,
  Preview,
  SetOverrideInput,
  SetOverrideOutput,
} from './quota.schema.ts'
import { amountText, builtInQuotaType } from './quota-type.schema.ts'
import type { QuotaType } from './quota-type.schema.ts'
import * as rows from './rules.queries.ts'
import { quotaTypesOf } from './types.queries.ts'

const toShown = (override: Override): OverrideShown => {
  const { value, ...rest } = override
  return { ...rest, limit: value === null ? null : String(value) }
}

const accountLane = (id: string): Lane => ({ kind: 'account', id })

const planText = ({ name, version }: Plan): string => `${name}, version ${version}`

/** What an account is limited by. @throws Forbidden for all but the operator; ResourceNotFound. */
export function listRules(ctx: AnyContext, { accountId }: { accountId: string }): Promise<ListRulesOutput> {
  return read(ctx, async (db) => {
    await requireOperator(ctx, db)
    await requireAccount(db, accountId)
    const now = iso(ctx.app.clock.now())
    const limits = await loadLimits(db, accountId, now)
    const assignments = await assignmentsOf(db, accountId)
    const plan = limits.planAt(now)
    return {
      plan: plan && { id: plan.id, name: plan.name, version: plan.version },
      assignments: assignments.map((one) => ({
        effectiveAt: one.effectiveAt,
        plan: one.plan && planText(one.plan),
      })),
      overrides: (await overridesOf(db, accountId, now)).map(toShown),
    }
  })
}

async function requireAccount(db: Db, accountId: string): Promise<void> {
  if (!(await accountIsThere(db, accountId))) throw notFound('account', accountId)
}

/**
 * Puts an account on a plan, from now on; without one it is on the default plan. With `dryRun` it only tells what would
 * be above the new limits: nothing is deleted then, but nothing more can be added.
 * @throws Forbidden for all but the operator; ResourceNotFound; ReferenceNotFound for a plan that there is not.
 */
export async function assignPlan(ctx: AnyContext, input: AssignPlanInput): Promise<AssignPlanOutput> {
  const { accountId, dryRun, reason } = input
  const prepared = await read(ctx, async (db) => {
    await requireOperator(ctx, db)
    await requireAccount(db, accountId)
    const at = iso(ctx.app.clock.now())
    const plan = input.plan === null ? null : await requirePlan(db, { name: input.plan, version: input.version })
    const limits = new Limits({
      assignments: [{ effectiveAt: at, plan }],
      default: await defaultPlan(db),
      overrides: await overridesOf(db, accountId, at),
    })
    return { plan, at, preview: await overOf(db, accountId, { limits, at }) }
  })
  const { plan, preview } = prepared
  const told = { plan: plan && { id: plan.id, name: plan.name, version: plan.version }, ...preview }
  if (dryRun) return { ...told, effectiveAt: prepared.at, applied: false }
  return write(ctx, { action: 'UNKNOWN', lanes: [accountLane(accountId)] }, async (tx) => {
    await requireOperator(ctx, tx)
    await requireAccount(tx, accountId)
    const at = iso(ctx.app.clock.now())
    const before = (await loadLimits(tx, accountId, at)).planAt(at)
    await changeLimits(tx, accountId)
    await rows.insertAssignment(tx, {
      id: ctx.app.ids.make('quotaAssignment'),
      account_id: accountId,
      plan_id: plan?.id ?? null,
      effective_at: at,
      reason,
      created_by: actingUser(ctx),
      created_at: at,
    })
    const shown = plan ?? (await defaultPlan(tx))
    await setShownPlan(tx, { plan: shown?.contractPlan ?? planWithoutAny, accountId })
    return {
      answer: { ...told, effectiveAt: at, applied: true },
      changes: [{ type: 'quota', id: accountId }],
      audit: {
        type: 'quota',
        id: accountId,
        value: plan ? planText(plan) : 'no plan of its own',
        before: { plan: before && planText(before) },
        after: { plan: plan && planText(plan), reason },
      },
    }
  })
}

async function requirePlan(db: Db, of: { name: string; version: number | undefined }): Promise<Plan> {
  const plan = await findPlan(db, of)
  if (!plan || (of.version === undefined && plan.isRetired))
    throw new ApiError(
      'ReferenceNotFound',
      `The catalogue has no plan "${of.name}"${of.version === undefined ? '' : `, version ${of.version}`}.`,
      {
        resource: 'plan',
        id: of.name,
      },
    )
  return plan
}

interface OverrideTarget {
  accountId: string
  workspaceId: string | null
  type: QuotaType
}

/** Whose limit it is. @throws InvalidPayload, ReferenceNotFound */
async function targetOf(ctx: AnyContext, db: Db, input: SetOverrideInput): Promise<OverrideTarget> {
  const type = (await quotaTypesOf(db, [input.type])).get(input.type)
  if (!type)
    throw new ApiError('ReferenceNotFound', `There is no quota type "${input.type}".`, {
      resource: 'quota type',
      id: input.type,
    })
  if (!type.scopes.includes(input.scope))
    throw new ApiError('InvalidPayload', `"${type.title}" has no limits by ${input.scope}.`, {
      type: type.name,
      scope: input.scope,
    })
  if (input.scope === 'account') {
    if (!(await accountIsThere(db, input.scopeId))) throw missing('account', input.scopeId)
    return { accountId: input.scopeId, workspaceId: null, type }
  }
  const workspaceId = input.scope === 'workspace' ? input.scopeId : await workspaceOfBot(ctx, db, input.scopeId)
  const accountId = workspaceId === undefined ? undefined : await accountOfWorkspace(db, workspaceId)
  if (workspaceId === undefined || accountId === undefined) throw missing(input.scope, input.scopeId)
  return { accountId, workspaceId, type }
}

const missing = (resource: string, id: string): ApiError =>
  new ApiError('ReferenceNotFound', `There is no ${resource} with the id "${id}".`, { resource, id })

function workspaceOfBot(ctx: AnyContext, db: Db, botId: string): Promise<string | undefined> {
  return ctx.app.areas.resources.bot.workspaceOf?.(db, botId) ?? Promise.resolve(undefined)
}

/**
 * Gives one account, workspace or bot another limit than its plan's, for a time or until it is ended; of several the
 * newest counts. With `dryRun` it only tells what would be above it.
 * @throws Forbidden for all but the operator; ReferenceNotFound; InvalidPayload for a time that is over before it begins.
 */
export async function setOverride(ctx: AnyContext, input: SetOverrideInput): Promise<SetOverrideOutput> {
  const { target, preview } = await read(ctx, async (db) => {
    await requireOperator(ctx, db)
    const found = await targetOf(ctx, db, input)
    return { target: found, preview: await overWith(ctx, db, { accountId: found.accountId, input }) }
  })
  if (input.dryRun) return { override: null, ...preview, applied: false }
  return write(ctx, { action: 'UNKNOWN', lanes: lanesOf(target) }, async (tx) => {
    await requireOperator(ctx, tx)
    const now = await targetOf(ctx, tx, input)
    if (now.accountId !== target.accountId) throw missing(input.scope, input.scopeId)
    const saved = await saveOverride(tx, ctx, { input, accountId: target.accountId, origin: 'operator' })
    return {
      answer: { override: toShown(saved), ...preview, applied: true },
      changes: [{ type: 'quota', id: input.scopeId }],
      audit: {
        type: 'quota',
        id: input.scopeId,
        name: target.type.title,
        value: saved.value === null ? 'unlimited' : amountText(target.type, saved.value),
        after: {
          scope: input.scope,
          type: input.type,
          limit: input.limit,
          effectiveAt: saved.effectiveAt,
          endsAt: saved.endsAt,
          reason: input.reason,
        },
      },
    }
  })
}

const lanesOf = ({ accountId, workspaceId }: OverrideTarget): Lane[] => [
  accountLane(accountId),
  ...(workspaceId === null ? [] : [{ kind: 'workspace', id: workspaceId } as const]),
]

type Given = Pick<SetOverrideInput, 'scope' | 'scopeId' | 'type' | 'limit' | 'effectiveAt' | 'endsAt' | 'reason'>

function draftOf(ctx: AnyContext | WorkspaceContext, input: Given, origin: Override['origin']): Override {
  const createdAt = iso(ctx.app.clock.now())
  const effectiveAt = input.effectiveAt === undefined ? createdAt : iso(Date.parse(input.effectiveAt))
  const endsAt = input.endsAt === null ? null : iso(Date.parse(input.endsAt))
  if (endsAt !== null && (endsAt <= effectiveAt || endsAt <= createdAt))
    throw new ApiError('InvalidPayload', 'This limit would end before it begins, or has ended already.', {
      effectiveAt,
      endsAt,
    })
  return {
    id: ctx.app.ids.make('quotaOverride'),
    scope: input.scope,
    scopeId: input.scopeId,
    type: input.type,
    value: input.limit === null ? null : BigInt(input.limit),
    effectiveAt,
    endsAt,
    reason: input.reason,
    origin,
    createdBy: actingUser(ctx),
    createdAt,
  }
}

/** What would be above the limits of an account with one override more, from when that begins. */
async function overWith(ctx: AnyContext, db: Db, of: { accountId: string; input: Given }): Promise<Preview> {
  const draft = draftOf(ctx, of.input, 'operator')
  const at = draft.effectiveAt > draft.createdAt ? draft.effectiveAt : draft.createdAt
  const limits = new Limits({
    assignments: await assignmentsOf(db, of.accountId),
    default: await defaultPlan(db),
    overrides: [draft, ...(await overridesOf(db, of.accountId, at))],
  })
  return overOf(db, of.accountId, { limits, at })
}

async function saveOverride(
  tx: MainTx,
  ctx: AnyContext | WorkspaceContext,
  of: { input: Given; accountId: string; origin: Override['origin'] },
): Promise<Override> {
  const draft = draftOf(ctx, of.input, of.origin)
  await changeLimits(tx, of.accountId)
  if ((await rows.countOverrides(tx, of.accountId, draft.createdAt)) >= rows.mostOverrides)
    throw new ApiError(
      'LimitExceeded',
      `An account has at most ${rows.mostOverrides} limits of its own. End some first.`,
      { limit: 'overrides', most: rows.mostOverrides },
    )
  await rows.insertOverride(tx, of.accountId, draft)
  return draft
}

/** Ends an override now. @throws Forbidden for all but the operator; ResourceNotFound for one that is not in force. */
export async function endOverride(
  ctx: AnyContext,
  of: { accountId: string; id: string },
): Promise<Record<string, never>> {
  await read(ctx, (db) => requireOperator(ctx, db))
  return write(ctx, { action: 'UNKNOWN', lanes: [accountLane(of.accountId)] }, async (tx) => {
    await requireOperator(ctx, tx)
    const now = iso(ctx.app.clock.now())
    const found = (await overridesOf(tx, of.accountId, now)).find(({ id }) => id === of.id)
    if (!found) throw notFound('limit', of.id)
    await changeLimits(tx, of.accountId)
    await rows.revokeOverride(tx, { id: of.id, at: now, by: actingUser(ctx) })
    return {
      answer: {},
      changes: [{ type: 'quota', id: found.scopeId }],
      audit: {
        type: 'quota',
        id: found.scopeId,
        name: builtInQuotaType(found.type)?.title ?? found.type,
        value: 'ended',
        before: { limit: found.value === null ? null : String(found.value), reason: found.reason },
      },
    }
  })
}

const nanodollars = 1_000_000_000

/**
 * Sets what a workspace may spend on AI in a month: the one limit that customers set themselves, as far as their plan
 * lets them. The last one set counts.
 * @throws InvalidPayload for less than nothing, a billion and more, and parts of a nano-dollar; LimitExceeded beyond what the plan allows.
 */
export async function setAiSpend(
  ctx: WorkspaceContext,
  { monthlySpendingLimit }: { monthlySpendingLimit: number },
): Promise<Record<string, never>> {
  const value = nanoOf(monthlySpendingLimit)
  const { workspaceId } = ctx
  const accountId = await read(ctx, (db) => accountOfWorkspace(db, workspaceId))
  const type = builtInQuotaType('ai_spend')
  if (accountId === undefined || !type) throw notFound('workspace', workspaceId)
  return write(ctx, 'SET_AI_SPENDING_LIMIT', async (tx) => {
    const now = iso(ctx.app.clock.now())
    const present = await accountOfWorkspace(tx, workspaceId)
    if (present === undefined) throw notFound('workspace', workspaceId)
    const key = { scope: 'workspace', scopeId: workspaceId } as const
    const limits = await loadLimits(tx, present, now)
    const before = limits.at(key, type.name, now).value
    const most = limits.mostAt(key, type.name, now)
    if (most !== null && value > most)
      throw new ApiError(
        'LimitExceeded',
        `Your plan allows at most ${amountText(type, most)} a month. The operator of this installation can raise it.`,
        {
          type: type.name,
          limit: String(most),
          requested: String(value),
          raisedBy: 'operator',
        },
      )
    for (const former of await overridesOf(tx, present, now))
      if (former.origin === 'customer' && former.scopeId === workspaceId && former.type === type.name)
        await rows.revokeOverride(tx, { id: former.id, at: now, by: actingUser(ctx) })
    await saveOverride(tx, ctx, {
      accountId: present,
      origin: 'customer',
      input: {
        ...key,
        type: type.name,
        limit: String(value),
        endsAt: null,
        effectiveAt: undefined,
        reason: 'Monthly AI budget',
      },
    })
    return {
      answer: {},
      changes: [{ type: 'quota', id: workspaceId }],
      audit: {
        type: 'quota',
        id: workspaceId,
        name: type.title,
        value: amountText(type, value),
        before: { limit: before === null ? null : String(before) },
        after: { limit: String(value) },
      },
    }
  })
}

/** More than anybody spends, and less than what 64 bits hold. */
const mostDollars = 1_000_000_000

/** Dollars as whole nano-dollars, read from their shortest decimal form: 8.03 is 8030000000. */
function nanoOf(dollars: number): bigint {
  if (dollars < 0 || dollars >= mostDollars)
    throw new ApiError('InvalidPayload', 'The limit must be between 0 and 1,000,000,000 US dollars a month.', {
      monthlySpendingLimit: dollars,
    })
  const [whole = '0', fraction = ''] = (
    String(dollars).includes('e') ? dollars.toFixed(20).replace(/0+$/, '') : String(dollars)
  ).split('.')
  if (fraction.length > 9)
    throw new ApiError('InvalidPayload', 'An amount has at most nine decimals.', { monthlySpendingLimit: dollars })
  return BigInt(whole) * BigInt(nanodollars) + BigInt(fraction.padEnd(9, '0'))
}
