import { expect, test } from 'vitest'
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
