import type { ChangeType } from '@steward/api'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type Changes, type LiveEvent, Reader } from './live-reader.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const of = (...types: ChangeType[]): LiveEvent => ({
  reset: false,
  changes: types.map((type) => ({ type, id: null, deleted: false })),
})

test('the first event is read at once, what comes within a second together', () => {
  const read: Changes[] = []
  const reader = new Reader((changes) => void read.push(changes))
  reader.take(of('bot'))
  expect(read).toEqual([{ all: false, types: new Set(['bot']) }])
  reader.take(of('bot', 'version'))
  reader.take({ reset: true, changes: [] })
  expect(read).toHaveLength(1)
  vi.advanceTimersByTime(1_000)
  expect(read.slice(1)).toEqual([{ all: true, types: new Set(['bot', 'version']) }])
  vi.advanceTimersByTime(5_000)
  reader.take(of('member'))
  expect(read.slice(2)).toEqual([{ all: false, types: new Set(['member']) }])
  reader.take(of('bot'))
  reader.stop()
  vi.advanceTimersByTime(5_000)
  expect(read).toHaveLength(3)
})
