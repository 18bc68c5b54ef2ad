import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseSearch, printSearch, withCondition } from '../../base/search.ts'
import { conditionsOf, defineFilters, isComplete, momentOf, parseSort, printSort, splitPair } from './conditions.ts'

const filters = defineFilters({
  q: { kind: 'text', label: 'Name' },
  type: {
    kind: 'choice',
    label: 'Type',
    options: [
      { value: 'adk', label: 'ADK' },
      { value: 'desk', label: 'Desk' },
    ],
  },
  tag: { kind: 'pair', label: 'Tag' },
  from: { kind: 'date', label: 'From' },
})

const word = fc.string({ minLength: 1, unit: 'grapheme' }).filter((text) => text.isWellFormed())
const key = word.filter((text) => !text.includes('='))
const conditions = fc.record(
  {
    q: word.filter((text) => text.trim() !== ''),
    type: fc.constantFrom('adk', 'desk'),
    tag: fc.uniqueArray(
      fc.tuple(key, word).map(([name, value]) => `${name}=${value}`),
      { minLength: 1, maxLength: 4 },
    ),
    from: fc
      .date({ min: new Date('1970-01-01T00:00:00Z'), max: new Date('9999-12-31T00:00:00Z'), noInvalidDate: true })
      .map((date) => date.toISOString().slice(0, 10)),
  },
  { requiredKeys: [], noNullPrototype: true },
)

describe('conditions of a list', () => {
  it('survive the address', () => {
    fc.assert(
      fc.property(conditions, (given) => {
        expect(conditionsOf(filters, parseSearch(printSearch(given).slice(1)))).toEqual(given)
      }),
    )
  })

  it('that are not complete or not known do not count', () => {
    const search = { q: ' ', type: 'robot', tag: ['=x', 'env=', 'plain'], from: '2026-02-30', other: 'x' }
    expect(conditionsOf(filters, search)).toEqual({ tag: ['env='] })
    expect(isComplete(filters.from, '2026-11-23')).toBe(true)
  })

  it('are set and removed without touching others', () => {
    const search: Record<string, unknown> = { sort: 'a.asc', tag: ['a=1', 'b=2'] }
    expect(withCondition(search, 'tag', ['a=1'])).toEqual({ sort: 'a.asc', tag: ['a=1'] })
    expect(withCondition(search, 'tag', [])).toEqual({ sort: 'a.asc' })
    expect(withCondition(search, 'q', 'x')).toEqual({ ...search, q: 'x' })
  })

  it('divide a pair at its first sign', () => {
    fc.assert(
      fc.property(key, fc.string(), (name, value) => {
        expect(splitPair(`${name}=${value}`)).toEqual([name, value])
      }),
    )
  })

  it('name whole days', () => {
    const [start, end] = [momentOf('2026-03-29', 'start'), momentOf('2026-03-29', 'end')]
    expect(new Date(start).getHours()).toBe(0)
    expect(new Date(end).getHours()).toBe(23)
    expect(start < end).toBe(true)
  })
})

describe('sorting', () => {
  it('comes back, and only for known columns', () => {
    for (const by of ['createdAt', 'a.b'])
      for (const direction of ['asc', 'desc'] as const)
        expect(parseSort(printSort({ by, direction }), ['createdAt', 'a.b'])).toEqual({ by, direction })
    for (const bad of ['createdAt', 'createdAt.up', 'secret.asc', '', undefined, ['createdAt.asc']])
      expect(parseSort(bad, ['createdAt'])).toBeNull()
  })
})
