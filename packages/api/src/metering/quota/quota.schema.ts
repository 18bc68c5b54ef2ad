import { z } from 'zod'
import { isoDateTimeInput, pageFields, pageMeta, resourceId, textUpTo } from '../../core/shapes.schema.ts'
import { amount, catalogue, planName, quotaTypeName } from './catalogue.schema.ts'
import { contractQuotaTypes, quotaScopes } from './quota-type.schema.ts'

const [first = '', ...others] = contractQuotaTypes.map(({ name }) => name)

/** The contract's types of usage and quotas (reference 3). */
export const usageType = z.enum([first, ...others])

/** The number that stands for "unlimited" where the contract wants a number. */
export const unlimitedNumber = Number.MAX_SAFE_INTEGER

const contractQuota = z.object({ period: z.string(), value: z.number(), type: usageType })

/** Any instant of the month. */
const period = textUpTo(40).optional()

export const getQuotaInput = z.object({ id: resourceId, type: usageType, period })
export const getQuotaOutput = z.object({ quota: contractQuota })

export const listQuotasInput = z.object({ id: resourceId, period })
export const listWorkspaceQuotasOutput = z.object({ quotas: z.array(contractQuota) })

const scope = z.enum(quotaScopes)

/** The rule that a limit comes from. */
export const quotaRule = z.object({
  kind: z.enum(['plan', 'override', 'none']),
  /** The plan version, or the override. */
  id: z.string().nullable(),
  /** Such as "team, version 3", or the reason of an override. */
  text: z.string(),
  endsAt: z.string().nullable(),
})

/** What is used of a type in a scope, and how much may be. */
export const quotaState = z.object({
  type: z.string(),
  title: z.string(),
  kind: z.enum(['counter', 'gauge', 'maximum', 'rate']),
  unit: z.string(),
  scope,
  scopeId: z.string(),
  /** The UTC month, or '' for what there is now. */
  period: z.string(),
  resetsAt: z.string().nullable(),
  used: amount,
  reserved: amount,
  /** Null: unlimited. */
  limit: amount.nullable(),
  /** Used of the limit, from 0; 1 and more is full. 0 where nothing is limited. */
  completion: z.number(),
  rule: quotaRule,
  raisedBy: z.enum(['operator', 'customer']),
})
export type QuotaState = z.output<typeof quotaState>

export const quotaStates = z.object({ quotas: z.array(quotaState), plan: z.string().nullable() })
export type QuotaStates = z.output<typeof quotaStates>

export const accountQuotasInput = z.object({ accountId: resourceId })

export const listCompletionsInput = z.object({})
export const completions = z.record(z.string(), z.object({ type: usageType, completion: z.number() }))
export type Completions = z.output<typeof completions>

export const setAiSpendInput = z.object({
  workspaceId: resourceId,
  /** US dollars a month. */
  monthlySpendingLimit: z.number(),
})

/** Something that a change would leave above its limit. */
const over = z.object({
  accountId: z.string(),
  scope,
  scopeId: z.string(),
  type: z.string(),
  used: amount,
  limit: amount,
})
export type Over = z.output<typeof over>

/** What a change would leave above its limit: how many, and the first hundred. */
export const preview = z.object({ overCount: z.number(), over: z.array(over) })
export type Preview = z.output<typeof preview>

const dryRun = z.boolean().default(false)
const reason = textUpTo(500).refine((given) => given.trim() !== '', 'must say why')

export const getCatalogueInput = z.object({})
const planVersion = z.object({ id: z.string(), name: z.string(), version: z.number(), retired: z.boolean() })
export const getCatalogueOutput = z.object({ catalogue, plans: z.array(planVersion), hash: z.string() })
export type GetCatalogueOutput = z.output<typeof getCatalogueOutput>

export const applyCatalogueInput = z.object({
  catalogue,
  /** Shows the difference and changes nothing. */
  dryRun,
  /** The `hash` of the catalogue that the new one was made from: refused when it has changed since. */
  basedOn: textUpTo(64).optional(),
})
export type ApplyCatalogueInput = z.output<typeof applyCatalogueInput>
export const catalogueChange = z.object({
  kind: z.enum(['plan', 'type', 'defaultPlan']),
  change: z.enum(['added', 'changed', 'removed']),
  name: z.string(),
  text: z.string(),
})
export const applyCatalogueOutput = z.object({
  changes: z.array(catalogueChange),
  ...preview.shape,
  applied: z.boolean(),
  hash: z.string(),
})
export type ApplyCatalogueOutput = z.output<typeof applyCatalogueOutput>

export const assignPlanInput = z.object({
  accountId: resourceId,
  /** Null: no plan of its own, and so the default one if there is one. */
  plan: planName.nullable(),
  /** The newest by default. */
  version: z.number().int().min(1).optional(),
  reason,
  dryRun,
})
export type AssignPlanInput = z.output<typeof assignPlanInput>
export const assignPlanOutput = z.object({
  plan: planVersion.omit({ retired: true }).nullable(),
  effectiveAt: z.string(),
  ...preview.shape,
  applied: z.boolean(),
})
export type AssignPlanOutput = z.output<typeof assignPlanOutput>

export const override = z.object({
  id: z.string(),
  scope,
  scopeId: z.string(),
  type: z.string(),
  limit: amount.nullable(),
  effectiveAt: z.string(),
  endsAt: z.string().nullable(),
  reason: z.string(),
  origin: z.enum(['operator', 'customer']),
  createdBy: z.string().nullable(),
  createdAt: z.string(),
})
export type OverrideShown = z.output<typeof override>

export const setOverrideInput = z.object({
  scope,
  scopeId: resourceId,
  type: quotaTypeName,
  /** Null: unlimited. */
  limit: amount.nullable(),
  effectiveAt: isoDateTimeInput.optional(),
  endsAt: isoDateTimeInput.nullable().default(null),
  reason,
  dryRun,
})
export type SetOverrideInput = z.output<typeof setOverrideInput>
export const setOverrideOutput = z.object({ override: override.nullable(), ...preview.shape, applied: z.boolean() })
export type SetOverrideOutput = z.output<typeof setOverrideOutput>

export const endOverrideInput = z.object({ accountId: resourceId, id: resourceId })
export const endOverrideOutput = z.object({})

export const listRulesInput = z.object({ accountId: resourceId })
export const listRulesOutput = z.object({
  plan: planVersion.omit({ retired: true }).nullable(),
  assignments: z.array(z.object({ effectiveAt: z.string(), plan: z.string().nullable() })),
  overrides: z.array(override),
})
export type ListRulesOutput = z.output<typeof listRulesOutput>

const alert = z.object({
  id: z.string(),
  scope,
  scopeId: z.string(),
  type: z.string(),
  /** The UTC month. */
  period: z.string(),
  /** Percent of the limit that was reached. */
  threshold: z.number(),
  /** Lower thresholds that were passed at the same time. */
  passed: z.array(z.number()),
  used: amount,
  limit: amount,
  at: z.string(),
})
export const listAlertsInput = z.object({ id: resourceId, ...pageFields })
export type ListAlertsInput = z.output<typeof listAlertsInput>
export const listAlertsOutput = z.object({ alerts: z.array(alert), meta: pageMeta })
export type ListAlertsOutput = z.output<typeof listAlertsOutput>

export const blockInput = z.object({ workspaceId: resourceId, reason })
export type BlockInput = z.output<typeof blockInput>
export const unblockInput = z.object({ workspaceId: resourceId })
