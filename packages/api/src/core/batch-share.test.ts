import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createBatchShare, sizeOf } from './batch-share.ts'

test('a few calls of a batch run at once; when they have made enough, the rest are refused', async () => {
  const share = createBatchShare()
  let [now, most, run] = [0, 0, 0]
  const call = async () => {
    now += 1
    run += 1
    most = Math.max(most, now)
    await new Promise(setImmediate)
    now -= 1
    return 'x'.repeat(1024 * 1024)
  }
  const answers = await Promise.allSettled(Array.from({ length: 100 }, () => share(call)))
  const refused = answers.flatMap((answer) => (answer.status === 'rejected' ? [answer.reason as unknown] : []))
  expect(most).toBe(2)
  expect(run).toBeLessThanOrEqual(6)
  expect(refused).toHaveLength(100 - run)
  expect(refused[0]).toMatchObject({ type: 'LimitExceeded' })
})

test('others have their turn between large answers', async () => {
  const share = createBatchShare()
  const order: string[] = []
  const done = Array.from({ length: 8 }, () =>
    share(async () => {
      order.push('call')
      return 'x'.repeat(100_000)
    }),
  )
  setImmediate(() => order.push('other'))
  await Promise.all(done)
  expect(order.indexOf('other')).toBeLessThanOrEqual(2)
})

test('a call of somebody else, which takes several turns, is answered between two large ones', async () => {
  const share = createBatchShare()
  const order: string[] = []
  const large = async () => {
    order.push('call')
    return 'x'.repeat(300_000)
  }
  const done = Promise.all(Array.from({ length: 6 }, () => share(large)))
  for (let turn = 0; turn < 8; turn += 1) await new Promise(setImmediate)
  order.push('other')
  await done
  expect(order.indexOf('other')).toBeLessThanOrEqual(2)
})

test('a hundred small answers are all given', async () => {
  const share = createBatchShare()
  expect(await Promise.all(Array.from({ length: 100 }, (_, n) => share(async () => n)))).toHaveLength(100)
})

test('the size of a value is about that of its JSON, and is not counted to the end', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const length = JSON.stringify(value).length
      expect(sizeOf(value, Number.POSITIVE_INFINITY)).toBeGreaterThan((length - 10) / 8)
      expect(sizeOf(value, Number.POSITIVE_INFINITY)).toBeLessThan(length * 6 + 10)
    }),
  )
  expect(sizeOf(Array(100_000).fill('x'.repeat(100)), 1000)).toBeLessThan(1200)
})
