import type { TestClock } from '@steward/testkit'
import type { MainSchema, Store, Stores } from '@steward/db'
import { eachDialect, runs } from '@steward/db/testing'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { silentLog, storesOf } from '../app-context.ts'
import { second } from '../clock.ts'
import { createRateLimiter } from './rate-limit.ts'
import { createSharedRateLimiter } from './shared-rate-limit.ts'
import { testApp } from '../app.testing.ts'

const limits = { limit: 20, windowSeconds: 10 }

/** A server of its own on these stores, whose time to tell comes when the test says so. */
function server(stores: Stores, clock: TestClock, isShared = true) {
  const { main } = stores
  const due = new Set<() => void>()
  const state = { fails: false, writes: 0, writing: Promise.resolve<unknown>(null) }
  const watched: Store<MainSchema> = {
    engine: main.engine,
    reader: main.reader,
    library: main.library,
    snapshot: (fn) => main.snapshot(fn),
    ping: () => main.ping(),
    close: () => main.close(),
    write(fn, options) {
      state.writes += 1
      const done = state.fails ? Promise.reject(new Error('no database')) : main.write(fn, options)
      state.writing = done.catch(() => {})
      return done
    },
  }
  const logged: string[] = []
  const log = { ...silentLog, warn: (_: object, text: string) => void logged.push(text) }
  const { app } = testApp({ ...stores, isShared, main: watched }, { clock, log })
  const timer = {
    after(_: number, fn: () => void) {
      due.add(fn)
      return () => void due.delete(fn)
    },
  }
  const limiter = createSharedRateLimiter(app, limits, timer)
  const tell = async (): Promise<void> => {
    const now = [...due]
    due.clear()
    for (const fn of now) fn()
    await state.writing
    // What was learned is put to use in this turn of the loop.
    await new Promise((resolve) => setImmediate(resolve))
  }
  return { limiter, tell, state, logged, due }
}

eachDialect('a limit that servers share', (open) => {
  async function fixture() {
    const stores = await open()
    const { clock } = testApp(stores)
    return { stores, clock, servers: [server(stores, clock), server(stores, clock), server(stores, clock)] as const }
  }
  const rows = (stores: Stores) => stores.main.reader.selectFrom('rate_count').selectAll().execute()

  test('is what all of them have admitted, once they have told each other', async () => {
    const { servers, clock } = await fixture()
    const [a, b, c] = servers
    for (let i = 0; i < 12; i += 1) expect(a.limiter.take('ada').allowed).toBe(true)
    expect(b.limiter.take('ada')).toMatchObject({ allowed: true, remaining: 19 })
    await a.tell()
    await b.tell()
    expect(b.limiter.take('ada')).toMatchObject({ allowed: true, remaining: 6 })
    b.limiter.charge('ada', 6)
    expect(b.limiter.take('ada')).toMatchObject({ allowed: false, remaining: 0 })
    await b.tell()
    // Who comes new to a server is known there from the second time on, also of the window before.
    clock.advance(10 * second)
    expect(c.limiter.take('ada')).toMatchObject({ allowed: true, remaining: 19 })
    await c.tell()
    expect(c.limiter.take('ada')).toMatchObject({ allowed: false, resetSeconds: 1 })
    expect(c.limiter.take('bob')).toMatchObject({ allowed: true, remaining: 19 })
  })

  test('agrees with one server that gets all calls, whatever the order and whoever tells when', async () => {
    const { stores, clock } = await fixture()
    const step = fc.oneof(
      fc.record({ at: fc.nat(1), cost: fc.integer({ min: 1, max: 4 }), key: fc.constantFrom('ada', 'bob') }),
      fc.record({ tells: fc.nat(1) }),
      fc.record({ wait: fc.integer({ min: 1, max: 9000 }) }),
    )
    let round = 0
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        round += 1
        clock.advance(30 * second)
        const pair = [server(stores, clock), server(stores, clock)] as const
        const oracle = createRateLimiter(clock, limits)
        const name = (key: string): string => `${key} ${round}`
        for (const one of steps) {
          if ('wait' in one) {
            // Each server tells before the window in which it counted has slid out.
            await pair[0].tell()
            await pair[1].tell()
            clock.advance(one.wait)
          } else if ('tells' in one) await pair[one.tells as 0 | 1].tell()
          else if (pair[one.at as 0 | 1].limiter.take(name(one.key), one.cost).allowed)
            oracle.charge(name(one.key), one.cost)
        }
        for (const { limiter } of pair) for (const key of ['ada', 'bob']) limiter.charge(name(key), 1)
        for (const key of ['ada', 'bob']) oracle.charge(name(key), 2)
        await pair[0].tell()
        await pair[1].tell()
        pair[0].limiter.charge(name('ada'), 1)
        pair[0].limiter.charge(name('bob'), 1)
        for (const key of ['ada', 'bob']) oracle.charge(name(key), 1)
        await pair[0].tell()
        for (const key of ['ada', 'bob']) expect(pair[0].limiter.take(name(key))).toEqual(oracle.take(name(key)))
      }),
      { numRuns: runs(150, 0.2) },
    )
  })

  test('holds on each server by itself while the database does not answer, and nothing is lost', async () => {
    const { servers } = await fixture()
    const [a, b] = servers
    a.state.fails = true
    for (let i = 0; i < 5; i += 1) a.limiter.take('ada')
    await a.tell()
    await a.tell()
    for (let i = 0; i < 15; i += 1) expect(a.limiter.take('ada').allowed).toBe(true)
    expect(a.limiter.take('ada')).toMatchObject({ allowed: false })
    expect(a.logged).toEqual(['The database does not answer: until it does, each server counts calls by itself.'])
    a.state.fails = false
    await a.tell()
    b.limiter.take('ada')
    await b.tell()
    expect(b.limiter.take('ada')).toMatchObject({ allowed: false })
  })

  test('asks the database only when there is something to tell, and knows callers there by a hash', async () => {
    const { servers, stores, clock } = await fixture()
    const [a] = servers
    expect(a.due.size).toBe(0)
    for (let i = 0; i < 30; i += 1) a.limiter.take('203.0.113.7')
    expect([a.due.size, a.state.writes]).toEqual([1, 0])
    await a.tell()
    expect([a.due.size, a.state.writes]).toEqual([0, 1])
    const [row] = await rows(stores)
    expect(row).toMatchObject({ since: Math.floor(clock.now() / second / 10) * 10, calls: 20 })
    expect(row?.caller).not.toContain('203')
    // What slid out goes.
    clock.advance(20 * second)
    a.limiter.take('bob')
    await a.tell()
    expect(await rows(stores)).toMatchObject([{ calls: 1 }])
    await a.limiter.stop()
    a.limiter.take('bob')
    expect(a.due.size).toBe(0)
  })

  test('of very many callers the busiest are told first, and all in the end', async () => {
    const { servers, stores } = await fixture()
    const [a] = servers
    for (let i = 0; i < 1500; i += 1) a.limiter.take(`caller ${i}`, i < 500 ? 1 : 2)
    await a.tell()
    expect((await rows(stores)).map(({ calls }) => calls)).toEqual(Array.from({ length: 1000 }, () => 2))
    await a.tell()
    expect(await rows(stores)).toHaveLength(1500)
  })

  test('is each server’s own where no other can be', async () => {
    const { stores, clock } = await fixture()
    const alone = server(stores, clock, false)
    alone.limiter.take('ada')
    await alone.limiter.stop()
    expect([alone.due.size, await rows(stores)]).toEqual([0, []])
    expect(storesOf(testApp(stores).app).isShared).toBe(stores.main.engine !== 'sqlite')
  })
})
