import { expect, it } from 'vitest'
import { type Rule, mayOf } from './rights.ts'

const rule = (
  permission: string,
  scope: Rule['scope'],
  roles: Rule['roles'],
  ownRoles: Rule['ownRoles'] = [],
): Rule => ({
  permission,
  scope,
  roles,
  ownRoles,
  key: null,
  botKeys: false,
})
const rules = [
  rule('bot.create', 'workspace', ['developer', 'owner']),
  rule('bot.delete', 'bot', ['owner'], ['developer']),
  rule('account.list', 'self', []),
]

it('reads the table like the server does', () => {
  const [developer, viewer, nobody] = [mayOf(rules, 'developer'), mayOf(rules, 'viewer'), mayOf(rules, null)]
  expect([developer('bot.create'), viewer('bot.create'), nobody('bot.create')]).toEqual([true, false, false])
  expect([
    developer('bot.delete'),
    developer('bot.delete', { own: true }),
    viewer('bot.delete', { own: true }),
  ]).toEqual([false, true, false])
  expect(nobody('account.list')).toBe(true)
  // @ts-expect-error a typo does not compile
  expect(developer('bot.fly')).toBe(false)
})
