import { testClock } from '@steward/testkit'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createRateLimiter } from './rate-limit.ts'

describe('the sliding window', () => {
  it('counts over the limit what a call turned out to cost', () => {
    const clock = testClock('2026-03-01T12:00:00.000Z')
    const limiter = createRateLimiter(clock, { limit: 10, windowSeconds: 10 })
    expect(limiter.take('a')).toMatchObject({ allowed: true, remaining: 9 })
    limiter.charge('a', 20)
    expect(limiter.take('a')).toMatchObject({ allowed: false, remaining: 0, resetSeconds: 16 })
    expect(limiter.take('b')).toMatchObject({ allowed: true })
    clock.advance(16_000)
    expect(limiter.take('a')).toMatchObject({ allowed: true })
  })

  it('keeps nothing to tell other servers where there are none', () => {
    const clock = testClock('2026-03-01T12:00:00.000Z')
    const alone = createRateLimiter(clock, { limit: 10, windowSeconds: 10 })
    alone.take('a')
    expect([alone.hasUntold(), alone.drain(10)]).toEqual([false, []])
    const shared = createRateLimiter(clock, { limit: 10, windowSeconds: 10, counted: () => {} })
    shared.take('a')
    expect([shared.hasUntold(), shared.drain(10)]).toMatchObject([true, [{ key: 'a', calls: 1 }]])
    expect(shared.hasUntold()).toBe(false)
  })

  it('lets the old window slide out', () => {
    const clock = testClock('2026-03-01T12:00:00.000Z')
    const limiter = createRateLimiter(clock, { limit: 10, windowSeconds: 60 })
    for (let i = 0; i < 10; i++) expect(limiter.take('a').allowed).toBe(true)
    expect(limiter.take('a')).toEqual({ limit: 10, remaining: 0, resetSeconds: 66, allowed: false })
    expect(limiter.take('b').remaining).toBe(9)
    clock.advance(60_000)
    expect(limiter.take('a').allowed).toBe(false)
    clock.advance(30_000)
    expect(limiter.take('a')).toMatchObject({ allowed: true, remaining: 4, resetSeconds: 30 })
    clock.advance(120_000)
    expect(limiter.take('a').remaining).toBe(9)
  })

  it('never allows more than twice the limit within any window, and the full limit after a pause', () => {
    const steps = fc.array(fc.record({ wait: fc.nat(30_000), cost: fc.integer({ min: 1, max: 3 }) }), {
      maxLength: 200,
    })
    fc.assert(
      fc.property(steps, (taken) => {
        const clock = testClock('2026-03-01T12:00:00.000Z')
        const limiter = createRateLimiter(clock, { limit: 5, windowSeconds: 60 })
        const allowed: [number, number][] = []
        for (const { wait, cost } of taken) {
          clock.advance(wait)
          if (limiter.take('a', cost).allowed) allowed.push([clock.now(), cost])
        }
        for (const [from] of allowed) {
          const within = allowed.filter(([at]) => at >= from && at < from + 60_000)
          expect(within.reduce((sum, [, cost]) => sum + cost, 0)).toBeLessThanOrEqual(10)
        }
        clock.advance(120_000)
        expect(limiter.take('a', 5).allowed).toBe(true)
      }),
    )
  })

  it('tells the shortest wait after which the next call is admitted', () => {
    const wait = fc.oneof(fc.nat(70_000), fc.constant(0))
    const steps = fc.array(fc.record({ wait, cost: fc.integer({ min: 1, max: 7 }) }), { maxLength: 30 })
    const start = Date.parse('2026-03-01T12:00:00.000Z')
    /** What the last of these calls is told. */
    const told = (taken: { wait: number; cost: number }[]) => {
      let now = start
      const limiter = createRateLimiter({ now: () => now }, { limit: 7, windowSeconds: 60 })
      return taken.map((call) => ((now += call.wait), limiter.take('a', call.cost))).at(-1)
    }
    fc.assert(
      fc.property(steps, (taken) => {
        const last = told(taken)
        if (!last || (last.allowed && last.remaining > 0)) return
        const cost = last.allowed ? 1 : (taken.at(-1)?.cost ?? 0)
        const after = (seconds: number) => told([...taken, { wait: seconds * 1000, cost }])?.allowed
        expect(after(last.resetSeconds)).toBe(true)
        if (last.resetSeconds > 1) expect(after(last.resetSeconds - 1)).toBe(false)
      }),
      { numRuns: 1000 },
    )
  })

  it('remembers a bounded number of callers', () => {
    const limiter = createRateLimiter(testClock(), { limit: 1, windowSeconds: 60, maxKeys: 3 })
    for (const key of ['a', 'b', 'c', 'd']) expect(limiter.take(key).allowed).toBe(true)
    expect(limiter.take('d').allowed).toBe(false)
    expect(limiter.take('a').allowed).toBe(true)
  })
})
