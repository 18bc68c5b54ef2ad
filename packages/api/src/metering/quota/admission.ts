import type { AppContext } from '../../core/app-context.ts'
import { iso } from '../../core/clock.ts'
import type { MainTx } from '../../core/context.ts'
import { ApiError } from '../../core/errors.ts'
import type { Crossing } from './alert.ts'
import { crossingOf } from './alert.ts'
import type { CounterKey, CounterState } from './counter.queries.ts'
import { saveCounter, takeCounter } from './counter.queries.ts'
import type { Limits } from './limits.ts'
import { holdLimitsOf } from './limits.ts'
import { monthOf } from './period.ts'
import { findRestriction } from './restriction.queries.ts'
import { exceeded, paymentRequired } from './refusal.ts'
import type { QuotaScope, QuotaType } from './quota-type.schema.ts'
import { maxAmount, quotaScopes } from './quota-type.schema.ts'

/** Whose usage it is. */
export interface Place {
  readonly accountId: string
  readonly workspaceId: string
  readonly botId: string | null
}

/** An amount of a type at a place, in a month or, for gauges, now. */
export interface Claim {
  readonly place: Place
  readonly type: QuotaType
  readonly amount: bigint
  /** '2026-12'; '' for gauges. */
  readonly period: string
  /** Where it counts, if not wherever the type does. */
  readonly scopes?: readonly QuotaScope[]
}

interface Counter {
  readonly key: CounterKey
  readonly parentId: string
  readonly accountId: string
  readonly workspaceId: string | null
  /** As it was when it was taken. */
  readonly before: Readonly<CounterState>
  now: CounterState
}

/** The counters that a claim adds to, from the outside in. */
export function countersOfClaim({ place, type, period, scopes = type.scopes }: Omit<Claim, 'amount'>): CounterKey[] {
  const ids = { account: place.accountId, workspace: place.workspaceId, bot: place.botId }
  const keys: CounterKey[] = []
  for (const scope of quotaScopes) {
    const scopeId = ids[scope]
    if (scopeId !== null && type.scopes.includes(scope) && scopes.includes(scope))
      keys.push({ scope, scopeId, type: type.name, period })
  }
  return keys
}

const nameOf = ({ scope, scopeId, type, period }: CounterKey): string => `${scope} ${scopeId} ${type} ${period}`

/** Accounts before workspaces before bots: everybody locks in this order, so that nobody waits for who waits for them. */
function inOrder(a: CounterKey, b: CounterKey): number {
  const byScope = quotaScopes.indexOf(a.scope) - quotaScopes.indexOf(b.scope)
  return byScope !== 0 ? byScope : nameOf(a) < nameOf(b) ? -1 : 1
}

/**
 * The counters of one transaction, held until its commit: what is admitted passes every scope that has a limit, or
 * changes nothing. Made by `openAdmission`; nothing is written before `save`.
 */
export class Admission {
  readonly #app: AppContext
  readonly #tx: MainTx
  readonly #at: string
  readonly #limits: ReadonlyMap<string, Limits>
  readonly #counters: ReadonlyMap<string, Counter>
  readonly #blocked: ReadonlySet<string>

  constructor(
    { app, tx, at }: { app: AppContext; tx: MainTx; at: string },
    held: {
      limits: ReadonlyMap<string, Limits>
      counters: ReadonlyMap<string, Counter>
      blocked: ReadonlySet<string>
    },
  ) {
    this.#app = app
    this.#tx = tx
    this.#at = at
    this.#limits = held.limits
    this.#counters = held.counters
    this.#blocked = held.blocked
  }

  /** Why a claim would be refused; null when it would not. What shrinks never is. */
  refusalOf(claim: Claim): ApiError | null {
    if (claim.amount <= 0n) return null
    if (this.#blocked.has(claim.place.workspaceId)) return paymentRequired(claim.place.workspaceId)
    for (const counter of this.#of(claim)) {
      const limit = this.#limitOf(counter)
      const { used, reserved } = counter.now
      if (limit.value !== null && used + reserved + claim.amount > limit.value)
        return exceeded({ ...claim, key: counter.key, used, reserved, limit })
    }
    return null
  }

  /** Adds a claim to what is used, if every scope has room. @returns why not, else null. */
  use(claim: Claim): ApiError | null {
    const refusal = this.refusalOf(claim)
    if (!refusal) this.record(claim)
    return refusal
  }

  /** Adds what was used in any case. @returns how far it goes over a limit. */
  record(claim: Claim): bigint {
    let over = 0n
    for (const counter of this.#of(claim)) {
      const { value } = this.#limitOf(counter)
      const before = counter.now.used + counter.now.reserved
      counter.now.used = this.#kept(counter, counter.now.used + claim.amount)
      if (value === null || claim.amount <= 0n) continue
      const beyond = counter.now.used + counter.now.reserved - (before > value ? before : value)
      if (beyond > over) over = beyond
    }
    return over
  }

  /** Writes what changed. @returns the thresholds that were crossed by it. */
  async save(): Promise<Crossing[]> {
    const crossings: Crossing[] = []
    for (const counter of this.#counters.values()) {
      const { key, before, now } = counter
      if (now.used === before.used && now.reserved === before.reserved) continue
      await saveCounter(this.#tx, key, now)
      const limit = this.#limitOf(counter).value
      const crossing = limit === null ? null : crossingOf({ before: before.used, after: now.used, limit })
      if (crossing && limit !== null)
        crossings.push({
          ...crossing,
          key,
          limit,
          accountId: counter.accountId,
          workspaceId: counter.workspaceId,
          period: key.period || monthOf(this.#at),
          at: this.#at,
        })
    }
    return crossings
  }

  #of(claim: Claim): Counter[] {
    return countersOfClaim(claim).map((key) => {
      const counter = this.#counters.get(nameOf(key))
      if (!counter) throw new Error(`The counter "${nameOf(key)}" was not taken.`)
      return counter
    })
  }

  #limitOf({ key, accountId }: Counter) {
    const limits = this.#limits.get(accountId)
    if (!limits) throw new Error(`The limits of ${accountId} were not taken.`)
    return limits.at(key, key.type, this.#at)
  }

  /** A counter never falls below zero, nor leaves 64 bits. */
  #kept({ key }: Counter, value: bigint): bigint {
    if (value > maxAmount) throw new ApiError('InvalidPayload', 'The sum would be larger than 9223372036854775807.', {})
    if (value >= 0n) return value
    this.#app.log.error({ ...key, value: String(value) }, 'More was given back to a quota than had been taken')
    return 0n
  }
}

/** Takes all that these claims may change, in one order. */
export async function openAdmission(
  app: AppContext,
  tx: MainTx,
  claims: readonly Omit<Claim, 'amount'>[],
): Promise<Admission> {
  const at = iso(app.clock.now())
  const accounts = new Set(claims.map(({ place }) => place.accountId))
  const limits = new Map<string, Limits>()
  for (const accountId of [...accounts].toSorted()) limits.set(accountId, await holdLimitsOf(app, tx, accountId))
  const wanted = new Map<string, Omit<Counter, 'before' | 'now'>>()
  for (const claim of claims)
    for (const key of countersOfClaim(claim)) {
      const { accountId, workspaceId } = claim.place
      wanted.set(nameOf(key), {
        key,
        accountId,
        workspaceId: key.scope === 'account' ? null : workspaceId,
        parentId: { account: '', workspace: accountId, bot: workspaceId }[key.scope],
      })
    }
  const counters = new Map<string, Counter>()
  for (const one of [...wanted.values()].toSorted((a, b) => inOrder(a.key, b.key))) {
    const before = await takeCounter(tx, one.key, one.parentId)
    counters.set(nameOf(one.key), { ...one, before, now: { ...before } })
  }
  const blocked = new Set<string>()
  for (const workspaceId of new Set(claims.map(({ place }) => place.workspaceId)))
    if (await findRestriction.first(tx, { workspaceId })) blocked.add(workspaceId)
  return new Admission({ app, tx, at }, { limits, counters, blocked })
}
