import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { caretAfter } from './json-editor.tsx'
import { formatJson } from './json-text.ts'
import { mergeJson, mergeJsonField } from './merge-json.ts'

const text = (value: object): string => formatJson(value)

describe('two texts of JSON that were one', () => {
  const base = text({ greeting: 'Hi', open: { from: 9, to: 17 }, 'a.b': 1 })

  it('come together where different values were changed', () => {
    const mine = '{"greeting":"Hello","open":{"from":9,"to":17},"a.b":1}'
    const theirs = text({ greeting: 'Hi', open: { from: 8, to: 17 }, 'a.b': 1, more: true })
    const both = text({ greeting: 'Hello', open: { from: 8, to: 17 }, 'a.b': 1, more: true })
    expect(mergeJson(base, mine, theirs)).toEqual({ text: both, clashes: [] })
    expect(mergeJsonField(base, mine, theirs)).toBe(both)
  })

  it('wait for a choice, value by value, where the same was changed', () => {
    const mine = text({ greeting: 'Mine', open: { from: 7, to: 17 }, 'a.b': 2 })
    const theirs = text({ greeting: 'Theirs', open: { from: 8, to: 18 }, 'a.b': 3 })
    expect(mergeJsonField(base, mine, theirs)).toBeUndefined()
    expect(mergeJson(base, mine, theirs)?.clashes.map(({ path }) => path)).toEqual(['greeting', 'open.from', 'a~1b'])
    const chosen = { greeting: 'mine', 'open.from': 'theirs', 'a~1b': 'theirs' } as const
    expect(mergeJson(base, mine, theirs, chosen)).toEqual({
      text: text({ greeting: 'Mine', open: { from: 8, to: 18 }, 'a.b': 3 }),
      clashes: [],
    })
  })

  it('cannot while one of them is broken', () => {
    expect(mergeJson(base, '{', base)).toBeNull()
    expect(mergeJsonField(base, '[]', base)).toBeUndefined()
  })
})

test('a caret stays in front of the text that it stood at', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), fc.string(), fc.nat(), (before, put, after, place) => {
      const old = before + after
      const at = before.length + (place % (after.length + 1))
      const next = before + put + after
      expect(next.slice(caretAfter(old, next, at)).endsWith(old.slice(at))).toBe(true)
      expect(caretAfter(old, next, at)).toBeLessThanOrEqual(next.length)
    }),
  )
  expect(caretAfter('ab', 'xab', 1)).toBe(2)
  expect(caretAfter('ab', 'abx', 1)).toBe(1)
})
