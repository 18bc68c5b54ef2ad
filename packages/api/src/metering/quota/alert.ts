import type { CounterKey } from './counter.queries.ts'

/** Percent of a limit at which people are told. */
export const thresholds = [50, 80, 100] as const
export type Threshold = (typeof thresholds)[number]

/** That what is used has passed a threshold, and which others on the way. */
export interface Crossing {
  readonly threshold: Threshold
  readonly passed: readonly Threshold[]
  readonly used: bigint
  readonly key: CounterKey
  readonly limit: bigint
  readonly accountId: string
  /** Null for what an account uses in all its workspaces. */
  readonly workspaceId: string | null
  /** The UTC month, for gauges as well. */
  readonly period: string
  readonly at: string
}

/** The highest threshold that a change crosses upwards; null for none, and for a limit of nothing. */
export function crossingOf(change: {
  before: bigint
  after: bigint
  limit: bigint
}): Pick<Crossing, 'threshold' | 'passed' | 'used'> | null {
  const { before, after, limit } = change
  if (limit <= 0n) return null
  const reached = (used: bigint, threshold: Threshold): boolean => used * 100n >= limit * BigInt(threshold)
  const passed = thresholds.filter((threshold) => !reached(before, threshold) && reached(after, threshold))
  const threshold = passed.at(-1)
  return threshold === undefined ? null : { threshold, passed: passed.slice(0, -1), used: after }
}
