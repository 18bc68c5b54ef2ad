import { expect, test } from 'vitest'

import { Gate } from './lane.ts'

test('a gate that shuts lets nobody in, and waits for the last of those inside', async () => {
  const gate = new Gate()
  for (let inside = 0; inside < 3; inside += 1) gate.enter()
  gate.leave()
  let isEmpty = false
  const shut = gate.shut().then(() => (isEmpty = true))
  expect(() => gate.enter()).toThrow(/closed/)
  gate.leave()
  await new Promise((resolve) => setImmediate(resolve))
  expect(isEmpty).toBe(false)
  gate.leave()
  await shut
  await gate.shut()
})
