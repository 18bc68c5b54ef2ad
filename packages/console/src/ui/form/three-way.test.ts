import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { same } from './paths.ts'
import { threeWay } from './three-way.ts'

const leaf = fc.oneof(fc.string({ maxLength: 3 }), fc.integer({ min: 0, max: 3 }), fc.boolean(), fc.constant(null))
const values = fc.dictionary(
  fc.constantFrom('a', 'b', 'c.d', '~'),
  fc.oneof(leaf, fc.array(leaf, { maxLength: 2 }), fc.dictionary(fc.constantFrom('x', 'y'), leaf)),
)

describe('what two made of the same beginning', () => {
  it('is theirs where I did nothing, mine where they did nothing, and one where both did the same', () => {
    fc.assert(
      fc.property(values, values, (before, after) => {
        for (const [mine, theirs] of [
          [before, after],
          [after, before],
          [after, after],
        ] as const) {
          const { merged, clashes } = threeWay(before, mine, theirs)
          expect([same(merged, after), clashes]).toEqual([true, []])
        }
      }),
    )
  })

  it('clashes in the same places from both sides, and nowhere else is anything lost', () => {
    fc.assert(
      fc.property(values, values, values, (base, mine, theirs) => {
        const here = threeWay(base, mine, theirs)
        const there = threeWay(base, theirs, mine)
        expect(here.clashes.map(({ path }) => path).toSorted()).toEqual(
          there.clashes.map(({ path }) => path).toSorted(),
        )
        if (here.clashes.length === 0) expect(same(here.merged, there.merged)).toBe(true)
        // What is merged clashes in nothing new: it can be followed again.
        const again = threeWay(here.base, here.merged, theirs)
        expect(again.clashes.map(({ path }) => path)).toEqual(here.clashes.map(({ path }) => path))
        expect(same(again.merged, here.merged)).toBe(true)
      }),
    )
  })

  it('is told by field: texts and lists as a whole, objects by their names', () => {
    const base = { name: 'A', tags: ['x'], address: { city: 'Oslo', line: '1' } }
    const mine = { ...base, name: 'B', tags: ['x', 'y'], address: { city: 'Bergen', line: '1' } }
    const theirs = { ...base, name: 'C', tags: ['z'], address: { city: 'Oslo', line: '2' } }
    expect(threeWay(base, mine, theirs)).toEqual({
      merged: { name: 'B', tags: ['x', 'y'], address: { city: 'Bergen', line: '2' } },
      base: { name: 'A', tags: ['x'], address: { city: 'Oslo', line: '2' } },
      clashes: [
        { path: 'name', base: 'A', mine: 'B', theirs: 'C' },
        { path: 'tags', base: ['x'], mine: ['x', 'y'], theirs: ['z'] },
      ],
    })
  })

  it('knows what was removed from what was never there', () => {
    expect(threeWay({ a: 1, b: 1 }, { a: 1, b: 2 }, { b: 1 })).toMatchObject({ merged: { b: 2 }, clashes: [] })
    expect(threeWay({ a: 1 }, {}, { a: 2 }).clashes).toEqual([{ path: 'a', base: 1, mine: undefined, theirs: 2 }])
  })
})
