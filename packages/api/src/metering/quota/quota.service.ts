import { accountOfWorkspace, workspacesOfMember } from '../../people/workspace/workspace.service.ts'
import { iso } from '../../core/clock.ts'
import { boundWorkspace } from '../../core/access/access.ts'
import type { AccountContext, Db, SelfContext, WorkspaceContext } from '../../core/context.ts'
import { ApiError, notFound } from '../../core/errors.ts'
import { closePage, openPage } from '../../core/page.ts'
import { read } from '../../core/write/read.ts'
import { pageOfAlerts, passedBy } from './alert.queries.ts'
import type { CounterState } from './counter.queries.ts'
import { countersOf } from './counter.queries.ts'
import type { LimitInForce, Limits, ScopeKey } from './limits.ts'
import { limitsOf, loadLimits } from './limits.ts'
import { endOfMonth, monthOf, startOfMonth } from './period.ts'
import type { QuotaType } from './quota-type.schema.ts'
import { contractQuotaTypes, isMonthly } from './quota-type.schema.ts'
import type { Completions, ListAlertsInput, ListAlertsOutput, QuotaState, QuotaStates } from './quota.schema.ts'
import { unlimitedNumber } from './quota.schema.ts'
import { raisedBy } from './refusal.ts'
import { allQuotaTypes } from './types.queries.ts'

/** A UTC month, named by any instant in it; the present one by default. @throws InvalidQuery */
export function monthNamed(period: string | undefined, now: number): string {
  if (period === undefined || period === '') return monthOf(now)
  const isTime = /^\d{4}-\d{2}(-\d{2}([T ].*)?)?$/.test(period)
  const time = isTime ? Date.parse(period.length === 7 ? `${period}-01` : period) : Number.NaN
  if (Number.isNaN(time))
    throw new ApiError(
      'InvalidQuery',
      'The period must be a time such as 2026-12-01T00:00:00.000Z: any instant of the month.',
      { period },
    )
  return monthOf(time)
}

/** Used and reserved of the limit: 0 where nothing is limited, and for nothing of nothing. */
export function completionOf({ used, reserved }: CounterState, limit: bigint | null): number {
  const taken = used + reserved
  if (limit === null || taken === 0n) return 0
  if (limit === 0n) return 1
  return Number((taken * 1_000_000n) / limit) / 1_000_000
}

interface Known {
  type: QuotaType
  key: ScopeKey
  state: CounterState
  limit: LimitInForce
  month: string
}

const nothing: CounterState = { used: 0n, reserved: 0n }

function ruleOf({ source }: LimitInForce): QuotaState['rule'] {
  if (source.kind === 'none') return { kind: 'none', id: null, text: 'Nothing is limited.', endsAt: null }
  if (source.kind === 'plan')
    return {
      kind: 'plan',
      id: source.plan.id,
      text: `${source.plan.title}, version ${source.plan.version}`,
      endsAt: null,
    }
  const { id, reason, endsAt } = source.override
  return { kind: 'override', id, text: reason, endsAt }
}

function toState({ type, key, state, limit, month }: Known): QuotaState {
  const monthly = isMonthly(type)
  return {
    type: type.name,
    title: type.title,
    kind: type.kind,
    unit: type.unit,
    scope: key.scope,
    scopeId: key.scopeId,
    period: monthly ? month : '',
    resetsAt: monthly ? endOfMonth(month) : null,
    used: String(state.used),
    reserved: String(state.reserved),
    limit: limit.value === null ? null : String(limit.value),
    completion: completionOf(state, limit.value),
    rule: ruleOf(limit),
    raisedBy: raisedBy(limit),
  }
}

async function statesOf(
  db: Db,
  of: { key: ScopeKey; limits: Limits; types: readonly QuotaType[]; month: string; at: string },
): Promise<QuotaState[]> {
  const { key, limits, types, month, at } = of
  const counters = await countersOf(db, { ...key, periods: ['', month] })
  return types
    .filter(({ scopes }) => scopes.includes(key.scope))
    .map((type) => {
      const period = isMonthly(type) ? month : ''
      const state = counters.find((one) => one.type === type.name && one.period === period) ?? nothing
      return toState({ type, key, state, limit: limits.at(key, type.name, at), month })
    })
}

/** The instant by whose rules a month is shown: now, or its last one. */
function instantIn(month: string, now: number): string {
  const end = endOfMonth(month)
  return end <= iso(now) ? iso(Date.parse(end) - 1) : iso(now)
}

/** What a workspace has used of everything, and how much it may; of a month, the present one by default. */
export async function listQuotas(ctx: WorkspaceContext, input: { period?: string | undefined }): Promise<QuotaStates> {
  const now = ctx.app.clock.now()
  const month = monthNamed(input.period, now)
  const at = instantIn(month, now)
  const { workspaceId } = ctx
  return read(ctx, async (db) => {
    const accountId = await accountOfWorkspace(db, workspaceId)
    if (accountId === undefined) throw notFound('workspace', workspaceId)
    const limits = await loadLimits(db, accountId, at)
    const key = { scope: 'workspace', scopeId: workspaceId } as const
    const plan = limits.planAt(at)
    const quotas = await statesOf(db, { key, limits, types: await allQuotaTypes(db), month, at })
    return { quotas, plan: plan && `${plan.title}, version ${plan.version}` }
  })
}

/** The same for an account and all of its workspaces together. */
export async function listAccountQuotas(ctx: AccountContext): Promise<QuotaStates> {
  const now = ctx.app.clock.now()
  const at = iso(now)
  const { accountId } = ctx
  return read(ctx, async (db) => {
    const limits = await limitsOf(ctx.app, db, accountId)
    const key = { scope: 'account', scopeId: accountId } as const
    const plan = limits.planAt(at)
    const quotas = await statesOf(db, { key, limits, types: await allQuotaTypes(db), month: monthOf(now), at })
    return { quotas, plan: plan && `${plan.title}, version ${plan.version}` }
  })
}

interface ContractQuota {
  period: string
  value: number
  type: string
}

/** A limit as the contract gives it: a number, the largest exact one where nothing is limited. */
function toContract({ type, limit }: QuotaState, month: string): ContractQuota {
  const value = limit === null || BigInt(limit) > BigInt(unlimitedNumber) ? unlimitedNumber : Number(limit)
  return { period: startOfMonth(month), value, type }
}

/** The contract's types only, in its order. */
export async function listContractQuotas(
  ctx: WorkspaceContext,
  input: { period?: string | undefined },
): Promise<{ quotas: ContractQuota[] }> {
  const month = monthNamed(input.period, ctx.app.clock.now())
  const { quotas } = await listQuotas(ctx, input)
  return { quotas: quotas.slice(0, contractQuotaTypes.length).map((state) => toContract(state, month)) }
}

export async function getQuota(
  ctx: WorkspaceContext,
  input: { type: string; period?: string | undefined },
): Promise<{ quota: ContractQuota }> {
  const { quotas } = await listContractQuotas(ctx, input)
  const quota = quotas.find(({ type }) => type === input.type)
  if (!quota) throw notFound('quota', input.type)
  return { quota }
}

/** By workspace of the caller: the contract's type that is nearest to its limit, and how near, from 0 to 1. */
export async function listCompletions(ctx: SelfContext): Promise<Completions> {
  const now = ctx.app.clock.now()
  const at = iso(now)
  const month = monthOf(now)
  const only = boundWorkspace(ctx)
  return read(ctx, async (db) => {
    const answer: Completions = {}
    const limitsByAccount = new Map<string, Limits>()
    for (const { id, account_id: accountId } of await workspacesOfMember(db, ctx.userId)) {
      if (only !== null && only !== id) continue
      const limits = limitsByAccount.get(accountId) ?? (await limitsOf(ctx.app, db, accountId))
      limitsByAccount.set(accountId, limits)
      const key = { scope: 'workspace', scopeId: id } as const
      const states = await statesOf(db, { key, limits, types: contractQuotaTypes, month, at })
      const [worst] = states.toSorted((a, b) => b.completion - a.completion)
      if (worst) answer[id] = { type: worst.type, completion: Math.min(1, worst.completion) }
    }
    return answer
  })
}

/** What came near its limit in a workspace, newest first. */
export function listAlerts(ctx: WorkspaceContext, input: ListAlertsInput): Promise<ListAlertsOutput> {
  const page = openPage(input, ['quotaAlerts', ctx.workspaceId])
  return read(ctx, async (db) => {
    const found = await pageOfAlerts(db, ctx.workspaceId, page)
    const { rows, meta } = closePage(found, page, (row) => [row.at, row.id])
    const passed = await passedBy(
      db,
      rows.map(({ id }) => id),
    )
    const alerts = rows.map((row) => ({
      id: row.id,
      scope: row.scope,
      scopeId: row.scope_id,
      type: row.type,
      period: row.period,
      threshold: row.threshold,
      passed: passed.get(row.id) ?? [],
      used: row.used,
      limit: row.limit_value,
      at: row.at,
    }))
    return { alerts, meta }
  })
}
