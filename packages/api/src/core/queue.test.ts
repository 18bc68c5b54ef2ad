import { expect, test } from 'vitest'
import { createQueue } from './queue.ts'

/** Work that ends when it is told to. */
function stalled() {
  const begun: string[] = []
  const ends = new Map<string, PromiseWithResolvers<string>>()
  const work = (name: string) => async (): Promise<string> => {
    begun.push(name)
    const end = Promise.withResolvers<string>()
    ends.set(name, end)
    return end.promise
  }
  const end = async (name: string): Promise<void> => {
    ends.get(name)?.resolve(name)
    await new Promise(setImmediate)
  }
  const fail = async (name: string): Promise<void> => {
    ends.get(name)?.reject(new Error(name))
    await new Promise(setImmediate)
  }
  return { begun, work, end, fail }
}

test('so much at once, the rest in the order it came, and beyond that a refusal at once', async () => {
  const { begun, work, end } = stalled()
  const run = createQueue({ atOnce: 2, waiting: 2 }, () => new Error('full'))
  const asked = ['a', 'b', 'c', 'd'].map((name) => run(work(name)))
  await expect(run(work('e'))).rejects.toThrow('full')
  expect(begun).toEqual(['a', 'b'])
  await end('b')
  expect(begun).toEqual(['a', 'b', 'c'])
  const later = run(work('f'))
  await end('a')
  await end('c')
  expect(begun).toEqual(['a', 'b', 'c', 'd', 'f'])
  await end('d')
  await end('f')
  expect(await Promise.all([...asked, later])).toEqual(['a', 'b', 'c', 'd', 'f'])
})

test('what fails makes room as what succeeds does', async () => {
  const { begun, work, end, fail } = stalled()
  const run = createQueue({ atOnce: 1, waiting: 1 }, () => new Error('full'))
  const first = Promise.allSettled([run(work('a'))])
  const second = run(work('b'))
  await new Promise(setImmediate)
  await fail('a')
  expect(await first).toMatchObject([{ status: 'rejected', reason: new Error('a') }])
  await end('b')
  expect(await second).toBe('b')
  const third = run(work('c'))
  const fourth = run(work('d'))
  await new Promise(setImmediate)
  expect(begun).toEqual(['a', 'b', 'c'])
  await end('c')
  await end('d')
  expect(await Promise.all([third, fourth])).toEqual(['c', 'd'])
})
