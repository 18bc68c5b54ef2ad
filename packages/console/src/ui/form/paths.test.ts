import fc from 'fast-check'
import { expect, it } from 'vitest'
import { changed, hasPlace, namesIn, pathOf, same, valueAt, withValue, withoutBlanks } from './paths.ts'

const segment = fc.stringMatching(/^[a-z]{1,6}$/)

it('reads back what it set, and leaves the rest alone', () => {
  fc.assert(
    fc.property(fc.array(segment, { minLength: 1, maxLength: 3 }), fc.jsonValue(), (parts, value) => {
      const beside = { BESIDE: { kept: true } }
      const next = withValue(beside, parts.join('.'), value)
      expect(valueAt(next, parts.join('.'))).toEqual(value)
      expect(next.BESIDE).toBe(beside.BESIDE)
      expect(beside).toEqual({ BESIDE: { kept: true } })
    }),
  )
})

it('leads through any names, and through lists', () => {
  fc.assert(
    fc.property(fc.array(fc.string(), { minLength: 1, maxLength: 4 }), (names) => {
      expect(namesIn(pathOf(names))).toEqual(names)
      expect(valueAt(withValue({}, pathOf(names), 1), pathOf(names))).toBe(1)
      expect(hasPlace(withValue({}, pathOf(names), undefined), pathOf(names))).toBe(true)
    }),
  )
  expect(withValue({ list: ['a', 'b'] }, 'list.1', 'c')).toEqual({ list: ['a', 'c'] })
  expect([hasPlace({ a: {} }, 'a.b'), hasPlace({ a: 1 }, 'a.b'), valueAt({}, 'constructor')]).toEqual([
    false,
    false,
    undefined,
  ])
})

it('compares by value, in whatever order names come, and tells what differs', () => {
  expect(same({ a: 1, b: undefined }, { a: 1 })).toBe(true)
  expect(same({ a: 1, b: 2 }, { b: 2, a: 1 })).toBe(true)
  expect([same([1, 2], [2, 1]), same([], {}), same(null, {}), same(Number.NaN, Number.NaN)]).toEqual([
    false,
    false,
    false,
    true,
  ])
  expect(changed({ a: 1, b: { c: 1 } }, { a: 1, b: { c: 2 } })).toEqual({ b: { c: 2 } })
})

it('compares by value and drops blanks', () => {
  expect([same({ a: [1] }, { a: [1] }), same({ a: 1 }, { a: 2 })]).toEqual([true, false])
  expect(withoutBlanks({ a: '', b: undefined, c: 0, d: null })).toEqual({ c: 0, d: null })
})
