import { afterEach, expect, test, vi } from 'vitest'
import { heedServer, serverNow } from './clock.ts'

afterEach(() => {
  heedServer(new Date().toUTCString())
  vi.useRealTimers()
})

test.each([
  ['a day behind', '2026-03-01T12:00:00Z', 'Mon, 02 Mar 2026 12:00:00 GMT', '2026-03-02T12:00:00.000Z'],
  ['an hour ahead', '2026-03-01T12:00:00Z', 'Sun, 01 Mar 2026 11:00:00 GMT', '2026-03-01T11:00:00.000Z'],
  ['right', '2026-03-01T12:00:00Z', 'Sun, 01 Mar 2026 12:00:02 GMT', '2026-03-01T12:00:00.000Z'],
])('a browser whose clock is %s', (_name, here, date, now) => {
  vi.useFakeTimers({ now: Date.parse(here) })
  heedServer(date)
  expect(new Date(serverNow()).toISOString()).toBe(now)
})

test('an answer without a date changes nothing', () => {
  vi.useFakeTimers({ now: 0 })
  heedServer('Thu, 01 Jan 1970 01:00:00 GMT')
  for (const none of [null, '', 'soon']) heedServer(none)
  expect(serverNow()).toBe(3_600_000)
})
