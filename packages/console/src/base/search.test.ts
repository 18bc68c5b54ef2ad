import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { defineSearch, parseSearch, printSearch, textOf } from './search.ts'

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

  it('fit the schema of their page, or are as if they were not there', () => {
    const read = defineSearch({ q: 'text', tag: 'texts', do: ['create', 'leave'] })
    expect(read(parseSearch('q=a&q=b&tag=x&do=create'))).toEqual({ q: 'a', tag: 'x', do: 'create' })
    expect(read(parseSearch('tag=x&tag=y&do=fly&other=1'))).toEqual({ tag: ['x', 'y'], do: undefined })
    expect('do' in read({ do: 'fly' })).toBe(true)
    expect(read({ q: 7, tag: [{}], do: null })).toEqual({})
    // @ts-expect-error a dialog that there is not
    expect(read({}).do === 'fly').toBe(false)
  })
})
