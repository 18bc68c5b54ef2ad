import { describe, expect, test } from 'vitest'
import type { Rule } from '../../session/rights.ts'
import { allowance, groupRules, permissionLabel, ruleMatches, stepsOf } from './permission-labels.ts'

const rule = (permission: string, more: Partial<Rule> = {}): Rule => ({
  permission,
  scope: 'workspace',
  roles: ['owner', 'administrator'],
  ownRoles: [],
  key: 'member:write',
  botKeys: false,
  ...more,
})
const botDelete = rule('bot.delete', { scope: 'bot', ownRoles: ['developer'], key: 'bot:write' })

describe('words', () => {
  test('spells out a path and its part', () => {
    expect(permissionLabel('bot.updateAllowlist')).toBe('Update allowlist')
    expect(permissionLabel('workspace.update#spendingLimit')).toBe('Update: spending limit')
    expect(permissionLabel('member.delete#others')).toBe('Delete: others')
  })

  test('finds by every word, wherever it stands', () => {
    const one = rule('bot.updateAllowlist', { key: 'bot:write' })
    expect(ruleMatches(one, 'allowlist bots')).toBe(true)
    expect(ruleMatches(one, 'bot:write')).toBe(true)
    expect(ruleMatches(one, 'allowlist member')).toBe(false)
  })
})

describe('the table', () => {
  test('groups by concept; what roles do not decide comes last', () => {
    const me = rule('me.get', { scope: 'self', roles: [] })
    const groups = groupRules([me, rule('member.create'), botDelete, rule('member.list')])
    expect(groups.map(({ concept, rules }) => [concept, rules.length])).toEqual([
      ['member', 2],
      ['bot', 1],
      ['me', 1],
    ])
  })

  test('says yes, own, no, or that roles do not decide', () => {
    expect(allowance(botDelete, 'owner')).toBe('yes')
    expect(allowance(botDelete, 'developer')).toBe('own')
    expect(allowance(botDelete, 'viewer')).toBe('no')
    expect(allowance(rule('me.get', { scope: 'self', roles: [] }), 'owner')).toBeNull()
  })
})

describe('the steps to an answer', () => {
  const states = (steps: ReturnType<typeof stepsOf>) => steps.map(({ id, state }) => `${id} ${state}`)

  test('stops at the rule that decided', () => {
    expect(
      states(stepsOf({ rule: rule('member.create'), decidedBy: 'notAMember', allowed: false }, { bot: false })),
    ).toEqual(['notAMember denied', 'role left'])
  })

  test('asks about the bot only when there is one', () => {
    expect(states(stepsOf({ rule: botDelete, decidedBy: 'role', allowed: false }, { bot: false }))).toEqual([
      'notAMember passed',
      'role denied',
    ])
    expect(states(stepsOf({ rule: botDelete, decidedBy: 'allowlist', allowed: false }, { bot: true }))).toEqual([
      'notAMember passed',
      'allowlist denied',
      'role left',
      'creator left',
    ])
  })

  test('a creator is asked about after the role said no', () => {
    expect(states(stepsOf({ rule: botDelete, decidedBy: 'creator', allowed: true }, { bot: true }))).toEqual([
      'notAMember passed',
      'allowlist passed',
      'role missed',
      'creator allowed',
    ])
    expect(states(stepsOf({ rule: botDelete, decidedBy: 'role', allowed: false }, { bot: true })).slice(2)).toEqual([
      'role denied',
      'creator missed',
    ])
  })

  test('a token comes before the person', () => {
    expect(
      states(stepsOf({ rule: rule('member.create'), decidedBy: 'keyScope', allowed: false }, { bot: false })),
    ).toEqual(['keyScope denied', 'notAMember left', 'role left'])
  })
})
