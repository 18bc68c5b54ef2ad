import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  defaultColumns,
  movedColumn,
  parseColumns,
  readViews,
  searchOf,
  viewOf,
  withColumns,
  withView,
  withoutView,
} from './view.ts'

const columns = [{ id: 'name' }, { id: 'type' }, { id: 'tags' }, { id: 'state' }, { id: 'id', hidden: true as const }]
const ids = columns.map(({ id }) => id)

describe('views', () => {
  it('are what lasts of an address, alike in whatever order', () => {
    const search = { tag: ['b=2', 'a=1'], sort: 'name.asc', q: 'x y', inspect: 'bot_1', do: 'create', about: 'v' }
    expect(viewOf(search)).toBe('q=x+y&sort=name.asc&tag=a%3D1&tag=b%3D2')
    expect(viewOf({ q: 'x y', tag: ['a=1', 'b=2'], sort: 'name.asc' })).toBe(viewOf(search))
    expect(viewOf({ inspect: 'bot_1' })).toBe('')
  })

  it('give back the address that they were made of', () => {
    const value = fc.string({ minLength: 1, unit: 'grapheme' }).filter((text) => text.isWellFormed())
    const key = fc.constantFrom('q', 'sort', 'cols', 'tag', 'type')
    fc.assert(
      fc.property(fc.dictionary(key, fc.oneof(value, fc.array(value, { minLength: 2 }))), (search) => {
        const again = searchOf({ name: 'any', search: viewOf(search) })
        expect(viewOf(again)).toBe(viewOf(search))
        expect(Object.keys(again).toSorted()).toEqual(Object.keys(search).toSorted())
      }),
    )
  })

  it('are read without what is none', () => {
    const good = { name: 'Mine', search: 'q=x' }
    expect(readViews([good, null, { name: 'a' }, { name: '', search: '' }, 7, { ...good, more: 1 }])).toEqual([
      good,
      good,
    ])
    for (const bad of [undefined, null, {}, 'x']) expect(readViews(bad)).toEqual([])
  })

  it('have each name once', () => {
    const views = withView(withView([], { name: 'b', search: '1' }), { name: 'a', search: '2' })
    expect(withView(views, { name: 'b', search: '3' })).toEqual([
      { name: 'a', search: '2' },
      { name: 'b', search: '3' },
    ])
    expect(withoutView(views, 'a')).toEqual([{ name: 'b', search: '1' }])
  })
})

describe('columns', () => {
  it('are known ones in the order of the address, the first always among them', () => {
    expect(parseColumns('state,name,state,other', columns)).toEqual(['state', 'name'])
    expect(parseColumns('tags', columns)).toEqual(['name', 'tags'])
    for (const nothing of ['', 'other', null, undefined]) expect(parseColumns(nothing, columns)).toBe(null)
    expect(defaultColumns(columns)).toEqual(['name', 'type', 'tags', 'state'])
  })

  it('move among each other, never before the first', () => {
    expect(movedColumn(['name', 'type', 'tags'], 'type', 1)).toEqual(['name', 'tags', 'type'])
    expect(movedColumn(['name', 'type', 'tags'], 'tags', -1)).toEqual(['name', 'tags', 'type'])
    for (const [id, by] of [
      ['type', -1],
      ['tags', 1],
      ['name', 1],
      ['state', -1],
    ] as const)
      expect(movedColumn(['name', 'type', 'tags'], id, by)).toEqual(['name', 'type', 'tags'])
  })

  it('come and go where they belong, and leave the others in their places', () => {
    expect(withColumns(['name', 'tags'], new Set(['name', 'type', 'tags']), columns)).toEqual(['name', 'type', 'tags'])
    expect(withColumns(['state', 'name'], new Set(['state', 'name', 'type']), columns)).toEqual([
      'state',
      'name',
      'type',
    ])
    fc.assert(
      fc.property(fc.shuffledSubarray(ids), fc.subarray(ids), (shown, wanted) => {
        const next = withColumns(shown, new Set(wanted), columns)
        expect(next.toSorted()).toEqual(wanted.toSorted())
        const kept = shown.filter((id) => wanted.includes(id))
        expect(next.filter((id) => kept.includes(id))).toEqual(kept)
      }),
    )
  })
})
