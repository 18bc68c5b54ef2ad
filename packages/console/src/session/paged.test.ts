import { describe, expect, it } from 'vitest'
import { mapRows, sharedPages } from './paged.ts'

const pages = (...rows: string[][]) => ({
  pages: rows.map((names) => ({ rows: names.map((name) => ({ name })), nextToken: null })),
  pageParams: rows.map(() => null),
})

describe('pages of a list', () => {
  it('stay the same objects where nothing changed', () => {
    const before = pages(['a', 'b'], ['c'])
    expect(sharedPages(before, pages(['a', 'b'], ['c']))).toBe(before)
    const now = sharedPages(before, pages(['a', 'x'], ['c'], ['d'])) as typeof before
    expect(now).toEqual(pages(['a', 'x'], ['c'], ['d']))
    expect(now.pages[0]?.rows[0]).toBe(before.pages[0]?.rows[0])
    expect(now.pages[1]).toBe(before.pages[1])
    expect(sharedPages(before, pages(['a', 'b']))).toEqual(pages(['a', 'b']))
  })

  it('are taken as they come where there were none', () => {
    const now = pages(['a'])
    expect(sharedPages(undefined, now)).toBe(now)
    const rows = [{ name: 'a' }]
    expect(sharedPages([{ name: 'a' }], rows)).toBe(rows)
  })

  it('are changed page by page', () => {
    const change = mapRows<{ name: string }>((rows) => rows.filter(({ name }) => name !== 'b'))
    expect(change(pages(['a', 'b'], ['c']))).toEqual(pages(['a'], ['c']))
    expect(change({ bots: [] })).toEqual({ bots: [] })
  })
})
