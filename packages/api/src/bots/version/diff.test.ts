import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { diffJson } from './json-diff.ts'
import { countLineChanges } from './line-diff.ts'
import type { DocumentChange } from './version.schema.ts'

const bytes = (text: string): Uint8Array => Buffer.from(text)

/** Does to a value what the changes say. */
function patched(value: unknown, changes: readonly DocumentChange[]): unknown {
  const root = { value: structuredClone(value) }
  for (const { path, kind, after } of changes) {
    let holder = root as Record<string, unknown>
    const steps = ['value', ...path]
    const last = steps.pop() ?? ''
    for (const step of steps) holder = holder[step] as Record<string, unknown>
    if (kind === 'removed' && Array.isArray(holder)) holder.length = Math.min(holder.length, Number(last))
    else if (kind === 'removed') delete holder[last]
    else holder[last] = structuredClone(after)
  }
  return root.value
}

describe('the diff of JSON', () => {
  test('names what was added, removed and changed', () => {
    expect(diffJson({ a: 1, b: { 'x.y': [1, 2] }, c: null }, { b: { 'x.y': [1, 3, 4] }, c: {}, d: true })).toEqual({
      changes: [
        { path: ['a'], kind: 'removed', before: 1 },
        { path: ['b', 'x.y', '1'], kind: 'changed', before: 2, after: 3 },
        { path: ['b', 'x.y', '2'], kind: 'added', after: 4 },
        { path: ['c'], kind: 'changed', before: null, after: {} },
        { path: ['d'], kind: 'added', after: true },
      ],
      truncated: false,
    })
    expect(diffJson({ a: [1] }, { a: { 0: 1 } }).changes).toHaveLength(1)
  })

  test('says everything, and nothing of equal values', () => {
    const json = fc.jsonValue({ maxDepth: 4 }).filter((value) => !JSON.stringify(value).includes('__proto__'))
    fc.assert(
      fc.property(json, json, (a, b) => {
        const [before, after] = [a, b].map((value) => JSON.parse(JSON.stringify(value)) as unknown)
        expect(patched(before, diffJson(before, after).changes)).toEqual(after)
        expect(diffJson(before, structuredClone(before)).changes).toEqual([])
      }),
    )
  })

  test('is cut to its limits and says so', () => {
    const many = Object.fromEntries(Array.from({ length: 50 }, (_, n) => [`k${n}`, n]))
    const cut = diffJson({}, many, { count: 10, characters: 10_000 })
    expect(cut.changes).toHaveLength(10)
    expect(cut.truncated).toBe(true)
    expect(diffJson({}, { small: 1, large: 'x'.repeat(100), next: 2 }, { count: 10, characters: 60 })).toEqual({
      changes: [
        { path: ['small'], kind: 'added', after: 1 },
        { path: ['large'], kind: 'added' },
        { path: ['next'], kind: 'added', after: 2 },
      ],
      truncated: true,
    })
  })
})

describe('the count of changed lines', () => {
  test.each([
    ['', '', 0, 0],
    ['a\nb\n', 'a\nb', 0, 0],
    ['a\nb\nc', 'c\nb\na', 0, 0],
    ['a\na\na', 'a\nb', 1, 2],
    ['', 'a\n\nb', 3, 0],
  ])('%j to %j', async (before, after, added, removed) => {
    expect(await countLineChanges(bytes(before), bytes(after))).toEqual({ added, removed })
  })

  test('does not mind where slices end', async () => {
    const lines = Array.from({ length: 200_000 }, (_, n) => `line ${n} ü😀`)
    const changed = lines.with(100, 'new').with(150_000, 'newer')
    expect(await countLineChanges(bytes(lines.join('\n')), bytes(changed.join('\n')))).toEqual({ added: 2, removed: 2 })
  })

  test('gives up on too many different lines', async () => {
    const lines = Array.from({ length: 500_001 }, (_, n) => n.toString(36)).join('\n')
    expect(await countLineChanges(bytes(lines), bytes(''))).toBe(null)
  })
})
