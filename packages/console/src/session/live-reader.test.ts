import type { AppRouter } from '@steward/api'
import { QueryClient } from '@tanstack/react-query'
import { createTRPCOptionsProxy } from '@trpc/tanstack-react-query'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type Changes, type LiveEvent, Reader, refreshOf } from './live-reader.ts'

const trpc = createTRPCOptionsProxy<AppRouter>({ client: {} as never, queryClient: new QueryClient() })

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const of = (...types: string[]): LiveEvent => ({
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

test('each kind of change reads what shows it, and always the audit trail', () => {
  const keys = (...types: string[]): string =>
    JSON.stringify(refreshOf({ all: false, types: new Set(types) }, 'w', trpc))
  expect(keys()).toContain('"audit"')
  expect(keys()).not.toContain('"bot"')
  expect(keys('bot')).toMatch(/"bot".*"version".*"workspace","get"/)
  expect(keys('member')).toContain('"member"')
  expect(refreshOf({ all: true, types: new Set() }, 'w', trpc)).toEqual([{}])
})
