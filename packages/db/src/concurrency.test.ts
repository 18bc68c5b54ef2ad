import { expect, test } from 'vitest'

import { InFlightCounter, Turns } from './concurrency.ts'
import { LaneTimeout } from './errors.ts'

test('a counter that is shut lets nobody in, and waits for the last of those inside', async () => {
  const inFlight = new InFlightCounter()
  for (let inside = 0; inside < 3; inside += 1) inFlight.enter()
  inFlight.leave()
  let isEmpty = false
  const shut = inFlight.shut().then(() => (isEmpty = true))
  expect(() => inFlight.enter()).toThrow(/closed/)
  inFlight.leave()
  await new Promise((resolve) => setImmediate(resolve))
  expect(isEmpty).toBe(false)
  inFlight.leave()
  await shut
  await inFlight.shut()
})

test('turns of one name are few at once and in order, those of others do not wait, and nothing of them stays', async () => {
  const turns = new Turns('main', 50, 2)
  const begun: string[] = []
  const gate = Promise.withResolvers<void>()
  const take = (name: string, no: number) =>
    turns.take(name, async () => {
      begun.push(`${name}${no}`)
      await gate.promise
    })
  const crowd = [1, 2, 3, 4].map((no) => take('a', no))
  const other = take('b', 1)
  await new Promise((resolve) => setImmediate(resolve))
  expect([begun, turns.size]).toEqual([['a1', 'a2', 'b1'], 2])
  await expect(crowd[2]).rejects.toThrow(LaneTimeout)
  await expect(crowd[3]).rejects.toThrow(LaneTimeout)
  gate.resolve()
  await Promise.all([crowd[0], crowd[1], other])
  expect(turns.size).toBe(0)
  await expect(turns.take('a', () => Promise.reject(new Error('failed')))).rejects.toThrow('failed')
  expect([await turns.take('a', async () => 'again'), turns.size]).toEqual(['again', 0])
})
