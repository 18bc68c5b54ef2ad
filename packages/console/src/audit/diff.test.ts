import { describe, expect, test } from 'vitest'
import { changesOf, valueText } from './diff.ts'

const said = (before: unknown, after: unknown) => changesOf(before, after).map(({ path, kind }) => `${path} ${kind}`)

describe('before and after', () => {
  test('a creation is all added, a deletion all removed', () => {
    expect(said(null, { name: 'Greeter', tags: { env: 'prod' } })).toEqual(['name added', 'tags.env added'])
    expect(said({ name: 'Greeter' }, null)).toEqual(['name removed'])
    expect(said(undefined, null)).toEqual([])
  })

  test('goes into objects and keeps both values', () => {
    expect(changesOf({ tags: { env: 'test', team: 'a' } }, { tags: { env: 'prod', team: 'a', tier: '1' } })).toEqual([
      { path: 'tags.env', kind: 'changed', before: 'test', after: 'prod' },
      { path: 'tags.team', kind: 'same', before: 'a', after: 'a' },
      { path: 'tags.tier', kind: 'added', before: undefined, after: '1' },
    ])
  })

  test('a field told of before only is noted, within an object it was removed', () => {
    expect(said({ role: 'viewer', userId: 'u' }, { role: 'manager' })).toEqual(['role changed', 'userId noted'])
    expect(said({ tags: { env: 'x', team: 'a' } }, { tags: { team: 'a' } })).toEqual([
      'tags.env removed',
      'tags.team same',
    ])
  })

  test('lists are compared whole, objects whatever the order of their keys', () => {
    expect(said({ users: ['a'] }, { users: ['a', 'b'] })).toEqual(['users changed'])
    expect(said({ list: [{ a: 1, b: 2 }] }, { list: [{ b: 2, a: 1 }] })).toEqual(['list same'])
  })

  test('an object that became empty, and null that became a text, are changes', () => {
    expect(said({ tags: {} }, { tags: {} })).toEqual(['tags same'])
    expect(said({ tags: { env: 'x' } }, { tags: {} })).toEqual(['tags.env removed'])
    expect(said({ userId: null }, { userId: 'u' })).toEqual(['userId changed'])
  })

  test('what is no object is one change', () => {
    expect(said('a', 'b')).toEqual([' changed'])
  })
})

test('values are told apart as they are read', () => {
  expect(valueText('')).toBe('empty text')
  expect(valueText(null)).toBe('null')
  expect(valueText(false)).toBe('false')
  expect(valueText(['a'])).toBe('[\n  "a"\n]')
})
