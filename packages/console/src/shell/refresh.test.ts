import type { ChangeType } from '@steward/api'
import { expect, test } from 'vitest'
import { refreshOf } from './refresh.ts'

test('each kind of change reads what shows it, and always the audit trail', () => {
  const keys = (...types: ChangeType[]): string => JSON.stringify(refreshOf({ all: false, types: new Set(types) }, 'w'))
  expect(keys()).toContain('"audit"')
  expect(keys()).not.toContain('"bot"')
  expect(keys('bot')).toMatch(/"bot".*"version".*"workspace","get"/)
  expect(keys('botKey')).not.toContain('"version"')
  expect(keys('member')).toContain('"member"')
  expect(keys('transfer')).toContain('"account"')
  expect(refreshOf({ all: true, types: new Set() }, 'w')).toEqual([{}])
})
