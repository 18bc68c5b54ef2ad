import type { AppContext } from '../../core/app-context.ts'
import { day, iso } from '../../core/clock.ts'
import type { Db, MainTx } from '../../core/context.ts'
import type { Assignment, Override, Plan } from './limit.queries.ts'
import { assignmentsOf, defaultPlan, everyAccount, holdLimits, overridesOf, versionOfLimits } from './limit.queries.ts'
import type { QuotaScope } from './quota-type.schema.ts'

/** Where something is limited. */
export interface ScopeKey {
  readonly scope: QuotaScope
  readonly scopeId: string
}

/** A limit and the rule that it comes from. */
export interface LimitInForce {
  /** Null: unlimited. */
  readonly value: bigint | null
  readonly source: { kind: 'override'; override: Override } | { kind: 'plan'; plan: Plan } | { kind: 'none' }
}

const unlimited: LimitInForce = { value: null, source: { kind: 'none' } }

/** All that limits one account, its workspaces and their bots, at any time since `since`. */
export class Limits {
  readonly #assignments: readonly Assignment[]
  readonly #default: Plan | null
  readonly #overrides: ReadonlyMap<string, readonly Override[]>

  constructor(rules: { assignments: readonly Assignment[]; default: Plan | null; overrides: readonly Override[] }) {
    this.#assignments = rules.assignments
    this.#default = rules.default
    this.#overrides = Map.groupBy(rules.overrides, ({ scope, scopeId, type }) => `${scope} ${scopeId} ${type}`)
  }

  /** Whether nothing is limited, at any time. */
  get isEmpty(): boolean {
    return this.#default === null && this.#overrides.size === 0 && this.#assignments.every(({ plan }) => plan === null)
  }

  /** The plan that the account is on. */
  planAt(at: string): Plan | null {
    return this.#assignments.findLast(({ effectiveAt }) => effectiveAt <= at)?.plan ?? this.#default
  }

  /** The override that counts: of those that are in force, the newest; of one origin, or of any. */
  // oxlint-disable-next-line max-params
  overrideAt({ scope, scopeId }: ScopeKey, type: string, at: string, of?: Override['origin']): Override | undefined {
    return this.#overrides
      .get(`${scope} ${scopeId} ${type}`)
      ?.find(
        ({ effectiveAt, endsAt, origin }) =>
          effectiveAt <= at && (endsAt === null || endsAt > at) && (of === undefined || of === origin),
      )
  }

  /** The limit at a time. */
  at(key: ScopeKey, type: string, at: string): LimitInForce {
    const override = this.overrideAt(key, type, at)
    if (override) return { value: override.value, source: { kind: 'override', override } }
    const plan = this.planAt(at)
    const limit = plan?.limits[key.scope]?.[type]
    if (!plan || limit === undefined) return unlimited
    const value = limit !== null && typeof limit === 'object' ? limit.limit : limit
    return { value: value === null ? null : BigInt(value), source: { kind: 'plan', plan } }
  }

  /** The most that a customer may set a limit to themselves; null: whatever they like. */
  mostAt(key: ScopeKey, type: string, at: string): bigint | null {
    const set = this.overrideAt(key, type, at, 'operator')
    if (set) return set.value
    const limit = this.planAt(at)?.limits[key.scope]?.[type] ?? null
    const most = limit !== null && typeof limit === 'object' ? limit.upTo : limit
    return most === null ? null : BigInt(most)
  }
}

/** Limits by the versions they were read at: what was read at a version is so for ever. Of the accounts asked last. */
const known = new WeakMap<AppContext, Map<string, { versions: string; limits: Limits }>>()
const mostKnown = 1000

async function limitsAt(app: AppContext, db: Db, of: { accountId: string; versions: string }): Promise<Limits> {
  const all = known.get(app) ?? new Map<string, { versions: string; limits: Limits }>()
  known.set(app, all)
  const before = all.get(of.accountId)
  all.delete(of.accountId)
  if (before?.versions === of.versions) {
    all.set(of.accountId, before)
    return before.limits
  }
  const limits = await loadLimits(db, of.accountId, iso(app.clock.now() - day))
  all.set(of.accountId, { versions: of.versions, limits })
  const [oldest] = all.keys()
  if (all.size > mostKnown && oldest !== undefined) all.delete(oldest)
  return limits
}

/** Reads all limits of an account that were in force after a time. */
export async function loadLimits(db: Db, accountId: string, since: string): Promise<Limits> {
  return new Limits({
    assignments: await assignmentsOf(db, accountId),
    default: await defaultPlan(db),
    overrides: await overridesOf(db, accountId, since),
  })
}

/** The limits of an account, which nobody changes before the commit. */
export async function holdLimitsOf(app: AppContext, tx: MainTx, accountId: string): Promise<Limits> {
  const all = await holdLimits(tx, everyAccount)
  const own = await holdLimits(tx, accountId)
  return limitsAt(app, tx, { accountId, versions: `${all} ${own}` })
}

/** The limits of an account, for showing them. */
export async function limitsOf(app: AppContext, db: Db, accountId: string): Promise<Limits> {
  const all = await versionOfLimits(db, everyAccount)
  const own = await versionOfLimits(db, accountId)
  return limitsAt(app, db, { accountId, versions: `${all} ${own}` })
}
