import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseSearch, printSearch, textOf } from './search.ts'

const name = fc.string({ minLength: 1, unit: 'grapheme' }).filter((text) => text !== '__proto__' && text.isWellFormed())
const text = fc.string({ unit: 'grapheme' }).filter((value) => value.isWellFormed())
const value = fc.oneof(text, fc.array(text, { minLength: 2, maxLength: 4 }))

describe('search parameters', () => {
  it('come back as they were written', () => {
    fc.assert(
      fc.property(fc.dictionary(name, value, { noNullPrototype: true }), (search) => {
        expect(parseSearch(printSearch(search).slice(1))).toEqual(search)
      }),
    )
  })

  it('read like words', () => {
    expect(printSearch({ tag: ['env=prod', 'team=a'], sort: 'createdAt.desc', none: undefined, empty: [] })).toBe(
      '?tag=env%3Dprod&tag=team%3Da&sort=createdAt.desc',
    )
    expect(parseSearch('code=007&flag=true')).toEqual({ code: '007', flag: 'true' })
  })

  it('take the first of several texts and no empty one', () => {
    expect([textOf({ a: ['x', 'y'] }, 'a'), textOf({ a: '' }, 'a'), textOf({}, 'a')]).toEqual([
      'x',
      undefined,
      undefined,
    ])
  })
})
