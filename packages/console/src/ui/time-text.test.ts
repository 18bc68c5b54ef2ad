import { expect, it } from 'vitest'
import { bytes, count, relativeTime, utcTime } from './time-text.ts'

const now = Date.parse('2026-11-23T12:00:00Z')

it.each([
  [0, 'just now'],
  [-59, 'just now'],
  [-180, '3m ago'],
  [-3600, '1h ago'],
  [-86_400, 'yesterday'],
  [4 * 86_400, 'in 4d'],
  [-800 * 86_400, '2y ago'],
])('%i seconds from now is %s', (seconds, text) => {
  expect(relativeTime(now + seconds * 1000, now)).toBe(text)
})

it('says exactly when, and how many', () => {
  expect(utcTime(now)).toBe('2026-11-23 12:00:00 UTC')
  expect([count(1, ['bot', 'bots']), count(12_400, ['bot', 'bots'])]).toEqual(['1 bot', '12,400 bots'])
  expect([bytes(812), bytes(9_512_345), bytes(64_000)]).toEqual(['812 B', '9.5 MB', '64 kB'])
})
