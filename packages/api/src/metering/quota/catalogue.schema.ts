import { z } from 'zod'
import { workspacePlan } from '../../people/workspace/workspace.schema.ts'
import { builtInQuotaType, builtInQuotaTypes, maxAmount, quotaScopes } from './quota-type.schema.ts'

/** An amount in a type's unit: whole, and as text, since numbers of JSON are not exact beyond 2^53. */
export const amount = z
  .string()
  .regex(/^(0|[1-9]\d{0,18})$/, 'must be a whole number, written as text such as "5000"')
  .refine((text) => !/^\d{1,19}$/.test(text) || BigInt(text) <= maxAmount, 'must be at most 9223372036854775807')

export const quotaTypeName = z
  .string()
  .min(2)
  .max(60)
  .regex(/^[a-z][a-z0-9_]*$/, 'must begin with a letter, and have small letters, digits and underscores only')

/** Limits of one scope, by type; null is unlimited. `upTo` is what customers may raise it to themselves. */
export const planLimit = z.union([
  amount,
  z.null(),
  z.strictObject({ limit: amount.nullable(), upTo: amount.nullable() }),
])
export type PlanLimit = z.output<typeof planLimit>

const limitsOfScope = z.record(quotaTypeName, planLimit)

export const planLimits = z.strictObject({
  account: limitsOfScope.optional(),
  workspace: limitsOfScope.optional(),
  bot: limitsOfScope.optional(),
})
export type PlanLimits = z.output<typeof planLimits>

export const planName = z
  .string()
  .min(2)
  .max(60)
  .regex(/^[a-z][a-z0-9-]*$/, 'must begin with a letter, and have small letters, digits and hyphens only')

export const ownQuotaType = z.strictObject({
  name: quotaTypeName,
  title: z.string().trim().min(1).max(80),
  kind: z.enum(['counter', 'gauge', 'maximum']),
  unit: z
    .string()
    .max(40)
    .regex(/^[a-z][a-z ]*$/, 'must be a word such as "pages"'),
  hard: z.boolean().default(false),
})
export type OwnQuotaType = z.output<typeof ownQuotaType>

export const cataloguePlan = z.strictObject({
  name: planName,
  title: z.string().trim().min(1).max(80),
  contractPlan: workspacePlan,
  limits: planLimits,
})
export type CataloguePlan = z.output<typeof cataloguePlan>

/** The catalogue as an operator writes it. */
export const catalogue = z
  .strictObject({
    types: z.array(ownQuotaType).max(100).default([]),
    plans: z.array(cataloguePlan).max(100),
    /** The plan of accounts that have none of their own; without it nothing is limited for them. */
    defaultPlan: planName.nullable().default(null),
  })
  .superRefine((given, ctx) => {
    const types = new Set([...builtInQuotaTypes, ...given.types].map(({ name }) => name))
    for (const [index, { name }] of given.types.entries()) {
      const isTwice = given.types.findIndex((other) => other.name === name) !== index
      if (builtInQuotaType(name) || isTwice)
        ctx.addIssue({ code: 'custom', path: ['types', index, 'name'], message: `"${name}" is there already` })
    }
    for (const [index, plan] of given.plans.entries()) {
      if (given.plans.findIndex(({ name }) => name === plan.name) !== index)
        ctx.addIssue({ code: 'custom', path: ['plans', index, 'name'], message: `there are two plans "${plan.name}"` })
      for (const scope of quotaScopes)
        for (const type of Object.keys(plan.limits[scope] ?? {})) {
          const message = !types.has(type)
            ? `there is no quota type "${type}"`
            : builtInQuotaType(type)?.scopes.includes(scope) === false
              ? `"${type}" has no limits by ${scope}`
              : null
          if (message) ctx.addIssue({ code: 'custom', path: ['plans', index, 'limits', scope, type], message })
        }
    }
    if (given.defaultPlan !== null && !given.plans.some(({ name }) => name === given.defaultPlan))
      ctx.addIssue({ code: 'custom', path: ['defaultPlan'], message: `there is no plan "${given.defaultPlan}"` })
  })
export type Catalogue = z.output<typeof catalogue>
