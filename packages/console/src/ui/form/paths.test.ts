import fc from 'fast-check'
import { expect, it } from 'vitest'
import { same, valueAt, withValue, withoutBlanks } from './paths.ts'

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

it('compares by value and drops blanks', () => {
  expect([same({ a: [1] }, { a: [1] }), same({ a: 1 }, { a: 2 })]).toEqual([true, false])
  expect(withoutBlanks({ a: '', b: undefined, c: 0, d: null })).toEqual({ c: 0, d: null })
})
