import { runs } from '@steward/db/testing'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Budget } from '../values/budget.ts'
import { Pattern, PatternFault } from './pattern.ts'

const isIn = (source: string, text: string): boolean => new Pattern(source).isIn(text, new Budget(1e9))

function native(source: string): RegExp | null {
  try {
    return new RegExp(source, 'u')
  } catch {
    try {
      return new RegExp(source)
    } catch {
      return null
    }
  }
}

const letter = fc.constantFrom('a', 'b', 'A', '1', '_', '-', ' ', '\n', 'é', '💩', '\u2028')
const atoms = String.raw`a b é 💩 . \d \D \w \W \s \S \n \x61 \u0061 \u{61} \- [ab] [^a] [a-c1] [\d-] [\]a] [^] [] \p{L}
  \p{Script=Latin} \ud83d\udca9 \cJ ^ $ \b \B - \/ \. { } ] \0 \101 \a \c \k`.split(/\s+/)
const atom = fc.constantFrom(...atoms)
const quantifier = fc.constantFrom(
  '',
  '',
  '',
  '*',
  '+',
  '?',
  '*?',
  '+?',
  '??',
  '{2}',
  '{1,}',
  '{0,2}',
  '{2,3}?',
  '{,2}',
)
const { expression } = fc.letrec<{ expression: string; part: string }>((tie) => ({
  part: fc.oneof(
    { maxDepth: 4 },
    atom,
    fc
      .tuple(
        fc.constantFrom('(', '(?:', '(?=', '(?!', '(?<=', '(?<!', '(?<n>', '(?i:', '(?s-i:', '(?m:'),
        tie('expression'),
      )
      .map(([open, inside]) => `${open}${inside})`),
  ),
  expression: fc
    .array(
      fc.array(
        fc.tuple(tie('part'), quantifier).map((two) => two.join('')),
        { maxLength: 4 },
      ),
      {
        minLength: 1,
        maxLength: 2,
      },
    )
    .map((options) => options.map((parts) => parts.join('')).join('|')),
}))

describe('patterns', () => {
  test('find what the engine finds', () => {
    const numRuns = runs(6000, 0.25)
    const seen = { found: 0, not: 0, refused: 0 }
    fc.assert(
      fc.property(expression, fc.string({ unit: letter, maxLength: 8 }), (source, text) => {
        const expected = native(source)
        if (!expected) {
          expect(() => new Pattern(source)).toThrow(PatternFault)
          seen.refused++
          return
        }
        const found = expected.test(text)
        expect({ source, text, found: isIn(source, text) }).toEqual({ source, text, found })
        seen[found ? 'found' : 'not']++
      }),
      { numRuns },
    )
    expect(Math.min(seen.found, seen.not, seen.refused)).toBeGreaterThan(numRuns / 20)
  })

  test('a part is found as often as it must be, and no more often than it may', () => {
    for (let least = 0; least <= 3; least++)
      for (const most of [least, least + 1, least + 2, '']) {
        const source = `^(?:ab){${least},${most}}$`
        for (let times = 0; times <= 8; times++) {
          const text = 'ab'.repeat(times)
          expect({ source, text, found: isIn(source, text) }).toEqual({
            source,
            text,
            found: native(source)?.test(text),
          })
        }
      }
  })

  test('work is at most pattern times text, and counted', () => {
    const hard: [source: string, text: string][] = [
      ['^(a+)+$', `${'a'.repeat(2000)}!`],
      ['(?:(?:a*)*)*b', 'a'.repeat(2000)],
      ['^(?:a|a)*$', `${'a'.repeat(2000)}!`],
      ['(?:a?){30}a{30}$', `${'a'.repeat(2000)}!`],
    ]
    for (const [source, text] of hard) {
      const pattern = new Pattern(source)
      const budget = new Budget(1e9)
      expect(pattern.isIn(text, budget)).toBe(false)
      expect(1e9 - budget.left).toBeLessThan(3 * (pattern.size + 4) * text.length)
      expect(() => pattern.isIn(text, new Budget(text.length))).toThrow('')
    }
  })

  test.each([
    ['(a)\\1', 'refers back'],
    ['(?<n>a)\\k<n>', 'refers back'],
    ['(?:a{5000}){5000}', 'too large'],
    ['(?:(?:(?:){1000}){1000}){1000}', 'too large'],
    [`${'('.repeat(101)}a${')'.repeat(101)}`, 'nested deeper'],
    ['a'.repeat(4001), '4000 characters'],
    ['(', 'not a regular expression'],
  ])('%s is refused', (source, why) => {
    expect(() => new Pattern(source)).toThrow(why)
  })
})
