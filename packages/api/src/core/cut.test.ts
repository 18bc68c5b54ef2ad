import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cutJson, cutText } from './cut.ts'

test('a text is cut between characters and says so', () => {
  expect(cutText('abc', 3)).toBe('abc')
  expect(cutText('abcd', 3)).toBe('abc…')
  expect(cutText('ab😀', 3)).toBe('ab…')
  expect(cutText('ab😀d', 4)).toBe('ab😀…')
})

test('whatever JSON there is, what is left of it is small and well-formed', () => {
  const bounds = { text: 8, items: 3, depth: 3 }
  const json = fc.jsonValue({ maxDepth: 5, stringUnit: 'binary' })
  fc.assert(
    fc.property(json, (value) => {
      const text = JSON.stringify(cutJson(value, bounds))
      // 3 × 3 × 3 entries, each a key and a value of eight units, escaped six letters a unit at most.
      expect(text.length).toBeLessThan(27 * 2 * 70)
      expect(cutJson(JSON.parse(text), { text: 9, items: 3, depth: 3 })).toEqual(JSON.parse(text))
    }),
  )
})
