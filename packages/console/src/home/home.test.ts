import { expect, it, vi } from 'vitest'

// home.ts also names queries; what is tested here needs no connection.
vi.mock('../session/trpc.ts', () => ({ client: {}, trpc: {} }))
const { barsOf, concernsOf } = await import('./home.ts')

const hour = 3_600_000
const from = Date.parse('2026-11-22T13:00:00Z')
const record = (at: number) => ({
  id: String(at),
  recordedAt: new Date(at).toISOString(),
  userId: null,
  resourceId: null,
  action: 'UNKNOWN' as const,
  operation: 'bot.update',
})

it('counts the day by hour and loses nothing of it', () => {
  const records = [
    record(from),
    record(from + hour - 1),
    record(from + hour),
    record(from + 24 * hour - 1),
    record(from + 24 * hour),
  ]
  const bars = barsOf({ records, from })
  expect(bars.map(({ count }) => count)).toEqual([2, 1, ...Array.from({ length: 21 }, () => 0), 1])
})

it('puts what ends first on top, and leaves out what does not end soon', () => {
  const now = Date.parse('2026-11-23T12:00:00Z')
  const at = (days: number): string => new Date(now + days * 24 * hour).toISOString()
  const token = (id: string, expiresAt?: string) => ({
    id,
    note: id,
    createdAt: at(-1),
    ...(expiresAt && { expiresAt }),
  })
  const tokens = [token('soon', at(3)), token('later', at(15)), token('never'), token('gone', at(-1))]
  const invitation = (id: string, days: number) => ({
    id,
    memberId: id,
    email: `${id}@example.org`,
    role: 'viewer' as const,
    createdAt: at(-9),
    expiresAt: at(days),
    expired: days < 0,
  })
  const found = concernsOf({ tokens, invitations: [invitation('open', 5), invitation('over', -2)] }, now)
  expect(found.map(({ id, kind }) => [id, kind])).toEqual([
    ['over', 'expired invitation'],
    ['soon', 'token'],
    ['open', 'invitation'],
  ])
})
