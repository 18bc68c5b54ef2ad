import type { DBAdapter } from 'better-auth/types'
import { expect, test } from 'vitest'
import { withBuffer } from './buffered-adapter.ts'
import { UnitOfWork } from './unit-of-work.ts'

const person = { id: 'ada', userId: 'ada', email: 'ada@example.com' }

/** An adapter over one row of everything, that must not be written through. */
function fixture() {
  const written: string[] = []
  const write = (name: string) => async () => {
    written.push(name)
    return null
  }
  const changing = ['create', 'update', 'updateMany', 'delete', 'deleteMany', 'consumeOne', 'incrementOne']
  const stored = {
    ...Object.fromEntries(changing.map((name) => [name, write(name)])),
    findOne: async () => person,
    findMany: async () => [person],
    count: async () => 1,
  } as unknown as DBAdapter
  const work = new UnitOfWork()
  let ids = 0
  return {
    written,
    work,
    adapter: withBuffer(stored, { work: () => work, id: () => `id_${++ids}`, factorAsked: async () => {} }),
  }
}

const where = [{ field: 'id', value: 'ada' }] as never

test.each<[string, (adapter: DBAdapter) => Promise<unknown>]>([
  ['a new person', (a) => a.create({ model: 'user', data: person })],
  ['another email', (a) => a.update({ model: 'user', where, update: { email: 'eve@example.com' } })],
  ['a deleted person', (a) => a.delete({ model: 'user', where })],
  ['many passwords', async (a) => a.updateMany({ model: 'account', where, update: { password: 'x' } })],
  ['all ways to sign in', (a) => a.deleteMany({ model: 'account', where })],
  ['sessions of everybody', (a) => a.deleteMany({ model: 'session', where: [] })],
  ['a session written anew', (a) => a.update({ model: 'session', where, update: { expiresAt: new Date(0) } })],
  ['a consumed session', (a) => a.consumeOne({ model: 'session', where })],
  ['a counted person', (a) => a.incrementOne({ model: 'user', where, increment: { logins: 1 } })],
  ['a row of a plugin', (a) => a.create({ model: 'passkey', data: { userId: 'ada' } })],
])('the library cannot change what has no name in the trail: %s', async (_what, change) => {
  const { adapter, work, written } = fixture()
  await expect(change(adapter)).rejects.toThrow(/nobody has said how that is recorded/)
  expect({ written, empty: work.isEmpty }).toEqual({ written: [], empty: true })
})

test('what is named is collected and not written', async () => {
  const { adapter, work, written } = fixture()
  await adapter.update({ model: 'account', where, update: { password: 'hash' } })
  await adapter.delete({ model: 'twoFactor', where })
  await adapter.update({ model: 'account', where, update: { accessToken: null, scope: 'openid' } })
  expect([work.has('password changed'), work.has('factor removed'), work.has('method added')]).toEqual([
    true,
    true,
    false,
  ])
  expect(work.userId).toBe('ada')
  await adapter.create({ model: 'session', data: { userId: 'eve', token: 't' } })
  expect(() => work.userId).toThrow('One request changes one person.')
  expect(written).toEqual([])
})

test('counters of wrong codes and steps of a sign-in are written at once', async () => {
  const { adapter, work, written } = fixture()
  await adapter.create({ model: 'verification', data: { identifier: 'i', value: 'v' } })
  await adapter.consumeOne({ model: 'verification', where })
  await adapter.incrementOne({ model: 'twoFactor', where, increment: { failedVerificationCount: 1 } })
  await adapter.update({ model: 'twoFactor', where, update: { failedVerificationCount: 0, lockedUntil: null } })
  expect(written).toEqual(['create', 'consumeOne', 'incrementOne', 'update'])
  expect(work.isEmpty).toBe(true)
})
