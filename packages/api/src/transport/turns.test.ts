import { eachDialect } from '@steward/db/testing'
import { expect, onTestFinished, test, vi } from 'vitest'
import { z } from 'zod'
import { testApp } from '../core/app.testing.ts'
import { procedure, rest, router } from '../core/procedure/trpc.ts'
import { createEndpoints } from './api.ts'
import { docs } from './echo-router.testing.ts'
import { createTurns } from './turns.ts'

const large = 100_000

/** Reads of callers, each done as soon as it begins, as SQLite's are; `order` is the order they are done in. */
function reads() {
  const turns = createTurns()
  const order: string[] = []
  const read = async (key: string, size: number): Promise<void> => {
    const turn = turns.begin(key)
    await turn
    order.push(key)
    turns.end(key, { taken: turn !== null, size })
  }
  return { order, read }
}

test('between two large answers of a caller all others have their turn', async () => {
  const { order, read } = reads()
  await read('a', large)
  const more = Promise.all([read('a', large), read('a', large), read('a', 10)])
  await Promise.all([read('b', 10), read('c', 10)])
  setImmediate(() => void read('d', 10))
  await more
  expect(order).toEqual(['a', 'b', 'c', 'a', 'd', 'a', 'a'])
})

test('callers with small answers never wait, and who had large ones is forgotten after a small one', async () => {
  const { order, read } = reads()
  await read('a', large)
  await read('a', 10)
  await new Promise(setImmediate)
  await Promise.all([read('a', 10), read('b', 10), read('a', 10), read('b', 10)])
  expect(order.slice(2)).toEqual(['a', 'b', 'a', 'b'])
})

test('an answer is large from 64 KiB on', () => {
  for (const [size, waits] of [
    [64 * 1024 - 1, false],
    [64 * 1024, true],
  ] as const) {
    const turns = createTurns()
    turns.end('a', { taken: turns.begin('a') !== null, size })
    expect(turns.begin('a') !== null).toBe(waits)
    expect(turns.begin('b')).toBeNull()
  }
})

test('a read that began before its caller had to wait lets nobody else begin when it ends', async () => {
  const turns = createTurns()
  const [early, late] = [turns.begin('a'), turns.begin('a')]
  expect([early, late]).toEqual([null, null])
  turns.end('a', { taken: false, size: large })
  const begun: number[] = []
  const waiting = [1, 2].map(async (number) => {
    await turns.begin('a')
    begun.push(number)
  })
  turns.end('a', { taken: false, size: large })
  await new Promise(setImmediate)
  await new Promise(setImmediate)
  expect(begun).toEqual([1])
  turns.end('a', { taken: true, size: large })
  await Promise.all(waiting)
  expect(begun).toEqual([1, 2])
})

eachDialect('reads of a caller', (open) => {
  test('follow each other after a large answer, and changes do not wait for them', async () => {
    const begun: string[] = []
    const [held, release] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    onTestFinished(() => release.resolve())
    const at = (method: 'GET' | 'POST', name: string) =>
      procedure('setup.status', {
        rest: rest(method, `/v1/steward/turn/${name}`, name),
        docs,
        input: z.object({}).optional(),
        output: z.object({ text: z.string() }),
      })
    const answer = (name: string) => async () => {
      begun.push(name)
      if (name === 'held') {
        held.resolve()
        await release.promise
      }
      return { text: name === 'large' ? 'x'.repeat(large) : '' }
    }
    const routes = router({
      turn: router({
        large: at('GET', 'large').query(answer('large')),
        held: at('GET', 'held').query(answer('held')),
        read: at('GET', 'read').query(answer('read')),
        change: at('POST', 'change').mutation(answer('change')),
      }),
    })
    const api = createEndpoints(testApp(await open()).app, routes)
    const ask = async (method: string, name: string): Promise<number> =>
      (await api.handle(new Request(`http://127.0.0.1:7420/v1/steward/turn/${name}`, { method }))).status
    expect(await ask('GET', 'large')).toBe(200)
    const first = ask('GET', 'held')
    await held.promise
    const second = ask('GET', 'read')
    const change = ask('POST', 'change')
    await vi.waitFor(() => expect(begun).toContain('change'), 10_000)
    expect(begun).toEqual(['large', 'held', 'change'])
    release.resolve()
    expect(await Promise.all([first, second, change])).toEqual([200, 200, 200])
    expect(begun).toEqual(['large', 'held', 'change', 'read'])
  })
})
