import { testClock } from '@steward/testkit'
import { eachDialect } from '@steward/db/testing'
import { expect, test } from 'vitest'
import type { HashFunctions } from './hashing.ts'
import { createHashing } from './hashing.ts'
import { Browser } from './browser.testing.ts'
import { password, signInApp } from './app.testing.ts'

/** Hashes that are made when they are let go. */
function stalled() {
  const go = Promise.withResolvers<void>()
  const counts = { now: 0, most: 0, made: 0 }
  const work = async <T>(value: T): Promise<T> => {
    counts.now += 1
    counts.most = Math.max(counts.most, counts.now)
    await go.promise
    counts.now -= 1
    counts.made += 1
    return value
  }
  const hashing: HashFunctions = { hash: () => work('hash'), verify: () => work(false) }
  return { counts, hashing, go: () => go.resolve() }
}

const statusOf = (answers: readonly Response[], status: number) => answers.filter((answer) => answer.status === status)

test('few hashes are made at once, some wait, and the others are refused without waiting', async () => {
  const { counts, hashing: functions, go } = stalled()
  const hashing = createHashing(testClock(), functions)
  const asked = Array.from({ length: 60 }, (_, i) =>
    i % 2 === 0 ? hashing.hash(password) : hashing.verify({ hash: 'x', password }),
  )
  const settled = Promise.allSettled(asked)
  await expect(hashing.hash(password)).rejects.toMatchObject({ type: 'RateLimited', metadata: { resetSeconds: 2 } })
  go()
  const refused = (await settled).filter(({ status }) => status === 'rejected')
  expect(counts.most).toBeLessThanOrEqual(2)
  expect(counts.made).toBe(counts.most + 16)
  expect(refused).toHaveLength(60 - counts.made)
})

test('a stranger has ten in a minute; of IPv6 the household counts', async () => {
  const clock = testClock()
  const { hashing: functions, go } = stalled()
  const hashing = createHashing(clock, functions)
  go()
  for (let i = 0; i < 10; i++) await hashing.hash(password, `2001:db8::${i}`)
  await expect(hashing.hash(password, '2001:db8::99')).rejects.toMatchObject({ type: 'RateLimited' })
  await hashing.hash(password, '192.0.2.1')
  await hashing.hash(password)
  clock.advance(120_000)
  await hashing.hash(password, '2001:db8::9')
})

eachDialect('a flood of passwords', (open) => {
  test('signing in is refused with the time to wait while many hashes wait', async () => {
    const { counts, hashing, go } = stalled()
    const { app } = signInApp(await open(), {}, { hashing })
    const asked = Array.from({ length: 30 }, (_, i) => new Browser(app).signIn(`p${i}@example.com`, password))
    const first = await Promise.race(asked)
    expect([first.status, first.headers.get('retry-after')]).toEqual([429, '2'])
    go()
    const answers = await Promise.all(asked)
    expect(statusOf(answers, 429).length + statusOf(answers, 401).length).toBe(30)
    expect(statusOf(answers, 401)).toHaveLength(counts.made)
  })

  test('a guess longer than any password is refused before it is hashed', async () => {
    const { counts, hashing } = stalled()
    const { app } = signInApp(await open(), {}, { hashing })
    const answer = await new Browser(app).signIn('ada@example.com', 'x'.repeat(129))
    expect(answer.status).toBe(400)
    expect(counts.most).toBe(0)
  })

  test('signing up from one address is limited; others are not', async () => {
    const { hashing, go } = stalled()
    const { me } = signInApp(await open(), {}, { hashing })
    go()
    const signUp = (n: number, ip: string) =>
      me({ kind: 'anonymous' }, { ip }).signUp({ email: `p${n}@example.com`, name: 'Ada', password })
    for (let i = 0; i < 10; i++) await signUp(i, '192.0.2.1')
    await expect(signUp(10, '192.0.2.1')).rejects.toMatchObject({ type: 'RateLimited' })
    await signUp(11, '192.0.2.2')
  })
})
