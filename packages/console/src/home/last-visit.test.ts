import { expect, it } from 'vitest'
import { visitAt } from './last-visit.ts'

const now = Date.parse('2026-11-23T12:00:00.000Z')
const before = (minutes: number): string => new Date(now - minutes * 60_000).toISOString()

it('begins a visit where the one before ended, and goes on with it after a short absence', () => {
  expect(visitAt(null, now).since).toBeNull()
  expect(visitAt(` ${before(5)}`, now).since).toBeNull()
  expect(visitAt(`${before(600)} ${before(5)}`, now).since).toBe(before(600))
  expect(visitAt(`${before(600)} ${before(31)}`, now).since).toBe(before(31))
  expect(visitAt('what an older console wrote', now)).toEqual({ since: null, seen: new Date(now).toISOString() })
})
