import { expect, test } from 'vitest'

import { InFlightCounter } from './concurrency.ts'

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
