import type { Clock } from '../clock.ts'
import { second } from '../clock.ts'

/** What is left to a caller after this call. */
export interface Allowance {
  limit: number
  remaining: number
  /** Seconds until the next call is admitted; while some remain, until the window that counts now has passed. */
  resetSeconds: number
  allowed: boolean
}

export interface RateLimiter {
  /** Counts `cost` calls (by default one) of `key`, unless they are over the limit. */
  take(key: string, cost?: number): Allowance
  /** Counts what a call that was admitted turned out to cost, over the limit too: later calls then wait for it. */
  charge(key: string, cost: number): void
}

/** Calls of one caller in one window: the one that began at `since`, in seconds. */
export interface RateCount {
  since: number
  key: string
  calls: number
}

/** A limiter that several servers share by telling each other what they have counted. */
export interface SharedRateLimiter extends RateLimiter {
  /** Calls counted here since the last time, of so many callers at most, the busiest first. Each is handed out once. */
  drain(most: number): RateCount[]
  hasUntold(): boolean
  /** Puts back what could not be told. */
  restore(counts: readonly RateCount[]): void
  /** Takes over what all servers have counted together, with what was drained here before. */
  learn(counts: readonly RateCount[]): void
}

export interface RateLimit {
  /** Calls per window. */
  limit: number
  windowSeconds: number
  /** Callers remembered per window; beyond it the one seen first is forgotten. */
  maxKeys?: number
  /** Called when there is something to drain, and was not before. Without it there never is. */
  counted?: () => void
}

/**
 * A sliding window in two counters per caller: this window's calls and, by the share of it that still slides, the last
 * one's (Cloudflare's method). Two maps hold them, so memory is bounded and nothing has to be swept.
 */
export function createRateLimiter(
  clock: Clock,
  { limit, windowSeconds, maxKeys = 50_000, counted }: RateLimit,
): SharedRateLimiter {
  const length = windowSeconds * second
  let window = Math.floor(clock.now() / length)
  let current = new Map<string, number>()
  let previous = new Map<string, number>()
  /** By window: what was not told to other servers yet. */
  const untold = new Map<number, Map<string, number>>()

  const slideTo = (now: number): void => {
    const next = Math.floor(now / length)
    if (next === window) return
    previous = next === window + 1 ? current : new Map()
    current = new Map()
    window = next
    for (const of of untold.keys()) if (of < window - 1) untold.delete(of)
  }

  /** The calls that count at a time from now on, if no more are made. It never grows. */
  const usedAt = (key: string, time: number): number => {
    const windows = Math.floor(time / length) - window
    const left = 1 - (time % length) / length
    const made = current.get(key) ?? 0
    if (windows === 0) return made + (previous.get(key) ?? 0) * left
    return windows === 1 ? made * left : 0
  }

  /** The fewest whole seconds after which `cost` calls fit; two windows where they never do. */
  const secondsUntil = (key: string, cost: number): number => {
    const now = clock.now()
    let [early, late] = [0, 2 * windowSeconds]
    while (late - early > 1) {
      const middle = Math.floor((early + late) / 2)
      if (usedAt(key, now + middle * second) + cost <= limit) late = middle
      else early = middle
    }
    return late
  }

  const add = (key: string, cost: number): void => {
    if (current.size >= maxKeys && !current.has(key)) forgetFirst(current)
    current.set(key, (current.get(key) ?? 0) + cost)
    if (counted) keepToTell(window, key, cost)
  }

  // oxlint-disable-next-line max-params
  const keepToTell = (of: number, key: string, cost: number): void => {
    const isFirst = untold.size === 0
    const counts = untold.get(of) ?? new Map<string, number>()
    untold.set(of, counts)
    if (counts.size < maxKeys || counts.has(key)) counts.set(key, (counts.get(key) ?? 0) + cost)
    if (isFirst) counted?.()
  }

  return {
    drain(most) {
      const all = [...untold].flatMap(([of, counts]) =>
        [...counts].map(([key, calls]) => ({ since: of * windowSeconds, key, calls })),
      )
      untold.clear()
      if (all.length <= most) return all
      all.sort((a, b) => b.calls - a.calls)
      for (const { since, key, calls } of all.slice(most)) keepToTell(since / windowSeconds, key, calls)
      return all.slice(0, most)
    },
    hasUntold: () => untold.size > 0,
    restore(counts) {
      for (const { since, key, calls } of counts) keepToTell(since / windowSeconds, key, calls)
    },
    learn(counts) {
      slideTo(clock.now())
      for (const { since, key, calls } of counts) {
        const of = since / windowSeconds
        const known = of === window ? current : of === window - 1 ? previous : null
        if (known && (known.size < maxKeys || known.has(key))) known.set(key, calls + (untold.get(of)?.get(key) ?? 0))
      }
    },
    charge(key, cost) {
      slideTo(clock.now())
      add(key, cost)
    },
    take(key, cost = 1) {
      const now = clock.now()
      slideTo(now)
      const before = usedAt(key, now)
      const allowed = before + cost <= limit
      if (allowed) add(key, cost)
      const remaining = Math.max(0, Math.floor(limit - before - (allowed ? cost : 0)))
      const resetSeconds =
        allowed && remaining > 0 ? Math.ceil((length - (now % length)) / second) : secondsUntil(key, allowed ? 1 : cost)
      return { limit, remaining, resetSeconds, allowed }
    },
  }
}

function forgetFirst(counts: Map<string, number>): void {
  for (const key of counts.keys()) {
    counts.delete(key)
    return
  }
}
