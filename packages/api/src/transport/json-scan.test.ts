import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Shape } from './json-scan.ts'
import { scanJson } from './json-scan.ts'

const scan = (text: string, shape: Shape, most = Number.POSITIVE_INFINITY) => scanJson(Buffer.from(text), shape, most)

/** What should be left of a value, and how many values are declared in it. */
function declared(value: unknown, shape: Shape): { left: unknown; values: number } {
  if (value === null || typeof value !== 'object') return { left: value, values: 1 }
  const parts = Object.entries(value).map(([key, child]) => {
    const of =
      typeof shape !== 'object'
        ? shape
        : Array.isArray(value)
          ? 'items' in shape && shape.items
          : 'keys' in shape && (Object.hasOwn(shape.keys, key) ? (shape.keys[key] ?? shape.rest) : shape.rest)
    const isFree = typeof shape === 'object' && Array.isArray(value) !== 'items' in shape
    return { key, of: isFree ? true : of, child: child as unknown }
  })
  const kept = parts.filter(({ of }) => of !== false).map(({ key, of, child }) => [key, declared(child, of)] as const)
  const values = kept.reduce((sum, [, part]) => sum + part.values, 1)
  const left = kept.map(([key, part]) => [key, part.left] as const)
  if (Array.isArray(value)) return { left: left.map(([, item]) => item), values }
  return { left: Object.fromEntries(parts.length > kept.length ? [...left, ['', 0]] : left), values }
}

const { shape } = fc.letrec<{ shape: Shape }>((tie) => ({
  shape: fc.oneof(
    { maxDepth: 3 },
    fc.constant(true),
    fc.record({ items: tie('shape').map((of) => of || true) }),
    fc.record({
      keys: fc.dictionary(fc.constantFrom('a', 'b', 'ü', 'c"'), tie('shape'), { noNullPrototype: true }),
      rest: fc.oneof(fc.constant(false), tie('shape')),
    }),
  ),
}))

const json = fc.json({ maxDepth: 5 }).filter((text) => !text.includes('__proto__') && !text.includes('"":'))
const keyed = fc
  .object({ key: fc.constantFrom('a', 'b', 'ü', 'c"', 'd'), maxDepth: 4, withNullPrototype: false })
  .map((value) => JSON.stringify(value, null, 1))

describe('a pass over JSON', () => {
  it('keeps what is declared, counts it, and leaves the rest out', () => {
    fc.assert(
      fc.property(fc.oneof(json, keyed), shape, (text, of) => {
        const value: unknown = JSON.parse(text)
        const wanted = declared(value, of)
        const scanned = scan(text, of)
        if ('refused' in scanned) throw new Error(scanned.refused)
        expect(JSON.parse(Buffer.from(scanned.bytes).toString())).toEqual(wanted.left)
        expect(scanned.values).toBe(wanted.values)
        expect(scan(text, of, wanted.values)).not.toHaveProperty('refused')
        expect(wanted.values === 1 || 'refused' in scan(text, of, wanted.values - 1)).toBe(true)
      }),
      { numRuns: 1000 },
    )
  })

  it('looks for no field under a name that is longer than any', () => {
    const [longest, tooLong] = ['a'.repeat(600), 'a'.repeat(601)]
    const of: Shape = { keys: { [longest]: true, [tooLong]: true }, rest: false }
    const kept = (text: string) => {
      const scanned = scan(text, of)
      return 'refused' in scanned ? scanned.refused : Object.keys(JSON.parse(Buffer.from(scanned.bytes).toString()))
    }
    expect(kept(`{"${longest}":1}`)).toEqual([longest])
    expect(kept(`{"${tooLong}":1}`)).toEqual([''])
  })

  it('never makes sound JSON of what is not, and always ends', () => {
    const noise = fc.string({ unit: fc.constantFrom(...'[]{},:"\\ 1atü'.split('')), maxLength: 12 })
    const parses = (text: string | null): boolean => {
      try {
        return text !== null && JSON.parse(text) !== undefined
      } catch {
        return false
      }
    }
    fc.assert(
      fc.property(noise, shape, (text, of) => {
        const scanned = scan(text, of)
        const kept = 'refused' in scanned ? null : Buffer.from(scanned.bytes).toString()
        // Of what is cut out, only brackets and strings are looked at.
        const agrees = kept === text ? parses(kept) === parses(text) : !parses(text) || parses(kept)
        expect([text, agrees]).toEqual([text, true])
      }),
      { numRuns: 5000 },
    )
  })

  it('takes escaped names for what they say', () => {
    const scanned = scan('{"\\u0063ode":[1],"x":[[[[2]]]], "c\\u006fde" : 3}', { keys: { code: true }, rest: false })
    expect('bytes' in scanned && JSON.parse(Buffer.from(scanned.bytes).toString())).toEqual({ code: 3, '': 0 })
  })

  it('refuses too many values and too much depth before anything is made of them', () => {
    expect(scan(`[${'[],'.repeat(20)}[]]`, true, 21)).toEqual({ refused: 'values' })
    expect(scan('['.repeat(1001) + ']'.repeat(1001), true)).toEqual({ refused: 'values' })
    expect(scan(`{"a":${'['.repeat(1001)}${']'.repeat(1001)}}`, { keys: {}, rest: false })).toEqual({
      refused: 'values',
    })
    expect(scan('{"a":[}]', { keys: {}, rest: false })).toEqual({ refused: 'syntax' })
  })
})
