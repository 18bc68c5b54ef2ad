import { describe, expect, test } from 'vitest'
import { matches, rolesGivenBy, stateOf, whyNotChange, whyNotRemove } from './member-rules.ts'

const reader = (role: Parameters<typeof rolesGivenBy>[0], may = true) => ({
  role,
  userId: 'me',
  mayChange: may,
  mayRemove: may,
})

describe('roles', () => {
  test('nobody gives ownership, or a role above their own', () => {
    expect(rolesGivenBy('owner')).toEqual(['administrator', 'manager', 'developer', 'billing', 'viewer'])
    expect(rolesGivenBy('manager')).toEqual(['manager', 'developer', 'billing', 'viewer'])
    expect(rolesGivenBy('viewer')).toEqual(['billing', 'viewer'])
  })

  test('a change is refused for oneself, the owner, those above, and without the right', () => {
    expect(whyNotChange({ role: 'viewer', userId: 'other' }, reader('administrator'))).toBeNull()
    expect(whyNotChange({ role: 'viewer' }, reader('administrator'))).toBeNull()
    expect(whyNotChange({ role: 'administrator', userId: 'me' }, reader('administrator'))).toMatch(/own role/)
    expect(whyNotChange({ role: 'owner', userId: 'other' }, reader('administrator'))).toMatch(/Transfer ownership/)
    expect(whyNotChange({ role: 'administrator', userId: 'other' }, reader('manager'))).toMatch(/higher role/)
    expect(whyNotChange({ role: 'viewer', userId: 'other' }, reader('viewer', false))).toMatch(/administrators/)
  })

  test('everybody but the owner leaves; others are removed with the right only', () => {
    expect(whyNotRemove({ role: 'viewer', userId: 'me' }, reader('viewer', false))).toBeNull()
    expect(whyNotRemove({ role: 'owner', userId: 'me' }, reader('owner'))).toMatch(/Transfer ownership first/)
    expect(whyNotRemove({ role: 'viewer', userId: 'other' }, reader('developer', false))).toMatch(/administrators/)
    expect(whyNotRemove({ role: 'administrator', userId: 'other' }, reader('administrator'))).toBeNull()
  })
})

const invitation = {
  id: 'i',
  memberId: 'm',
  email: 'a@example.org',
  role: 'viewer',
  createdAt: '',
  expiresAt: '',
  expired: true,
} as const

test('an invitation that ended is told from one that waits, where it can be seen', () => {
  expect(stateOf({ userId: 'u', invitation: undefined })).toBe('joined')
  expect(stateOf({ invitation })).toBe('expired')
  expect(stateOf({ invitation: { ...invitation, expired: false } })).toBe('invited')
  expect(stateOf({ invitation: undefined })).toBe('invited')
})

test('finds by name or address, whatever the case', () => {
  const grace = { displayName: 'Grace Hopper', email: 'navy@example.org' }
  expect(matches(grace, ' hopp ')).toBe(true)
  expect(matches(grace, 'NAVY')).toBe(true)
  expect(matches({ email: 'navy@example.org' }, 'grace')).toBe(false)
})
