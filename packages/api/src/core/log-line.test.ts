import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createCleaner } from './log-line.ts'

const known = 'sw0rd-fish/+="\\'
const clean = createCleaner([known, encodeURIComponent(known)])
const lineOf = (fields: object, message = 'Said.'): string => JSON.stringify({ ...clean(fields, message) })

const letters = (some: string) => fc.constantFrom(...some.split(''))

/** What must never be read in a line, with what it stands among. `*` is the part that opens something. */
const secrets = fc.oneof(
  fc.constantFrom(known, encodeURIComponent(known)).map((part) => ({ text: part, part })),
  fc
    .tuple(
      fc.constantFrom('bp_pat_', 'bp_bak_', 'bp_iak_', 'stw_inv_', 'stw_set_'),
      fc.string({ unit: letters('aZ09x'), minLength: 30, maxLength: 60 }),
    )
    .map(([prefix, part]) => ({ text: `${prefix}${part}`, part })),
  fc
    .tuple(fc.constantFrom('Bearer', 'bearer', 'Basic'), fc.string({ unit: letters('aZ09.~'), minLength: 20 }))
    .map(([scheme, part]) => ({ text: `${scheme} ${part}`, part })),
  fc
    .string({ unit: letters('qQ7!'), minLength: 12, maxLength: 40 })
    .map((part) => ({ text: `postgres://steward:${part}@db.example.org/steward`, part })),
)

/** Text in front of a secret: of any length around those at which something is cut. */
const before = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.integer({ min: 380, max: 1100 }).map((length) => 'lorem-ipsum '.repeat(100).slice(0, length)),
  fc.integer({ min: 600, max: 1000 }).map((length) => '"'.repeat(length)),
)

/** Ways for a text to get into a line. */
const places: ((text: string) => object)[] = [
  (text) => ({ note: text }),
  (text) => ({ [text]: 1 }),
  (text) => ({ a: { b: [{ c: text }] } }),
  (text) => ({ err: new Error(text) }),
  (text) => ({ err: new Error('x', { cause: new TypeError(text, { cause: text }) }) }),
  (text) => ({ err: Object.assign(new Error('x'), { stack: text }) }),
  (text) => ({ at: { toJSON: () => text } }),
]

describe('a line of the log', () => {
  test('never holds a secret, wherever it stands and wherever the text is cut', () => {
    fc.assert(
      fc.property(fc.constantFrom(...places), before, secrets, before, (place, head, { text, part }, tail) => {
        for (const line of [lineOf(place(`${head} ${text} ${tail}`)), lineOf({}, `${head} ${text} ${tail}`)]) {
          expect(line).not.toContain(part)
          // Nor a piece that would be worth something.
          expect(line).not.toContain(part.slice(0, 12))
        }
      }),
      { numRuns: 2000 },
    )
  })

  test('hides what a secret’s name stands over, whatever it is', () => {
    const fields = { passwords: ['one'], clientSecret: 'two', Cookie: { a: 'three' }, tokens: 3, credential: null }
    expect(clean({ deep: fields }, '').fields).toEqual({
      deep: { passwords: '[hidden]', clientSecret: '[hidden]', Cookie: '[hidden]', tokens: 3, credential: null },
    })
  })

  test('is well-formed and below 2 KB with its level and time, whatever it is made of', () => {
    const anything = fc.dictionary(
      fc.string({ unit: 'binary', maxLength: 300 }),
      fc.oneof(
        fc.jsonValue({ maxDepth: 6, stringUnit: 'binary' }),
        fc.string({ unit: 'binary', maxLength: 3000 }),
        fc.string({ maxLength: 3000 }).map((text) => new Error(text, { cause: new Error(text) })),
        fc.bigInt(),
        fc.date({ noInvalidDate: true }),
      ),
      { maxKeys: 60 },
    )
    fc.assert(
      fc.property(anything, fc.string({ unit: 'binary', maxLength: 3000 }), (fields, message) => {
        const { fields: some, message: said } = clean(fields, message)
        const line = JSON.stringify({ level: 'error', time: '2026-11-30T00:00:00.000Z', ...some, msg: said })
        expect(Buffer.byteLength(line)).toBeLessThanOrEqual(2048)
        expect(line.isWellFormed()).toBe(true)
      }),
      { numRuns: 500 },
    )
  })

  test('says the beginning of what is long, and the causes before the stack', () => {
    const err = new Error('outer', { cause: Object.assign(new Error('inner'), { code: '57P01' }) })
    const { fields, message } = clean({ err, bot: 'bot_01', list: Array(1000).fill('x') }, `begins ${'y'.repeat(5000)}`)
    expect(message).toMatch(/^begins y{600,700}…$/)
    expect(fields).toMatchObject({
      bot: 'bot_01',
      err: { message: 'outer', cause: { message: 'inner', code: '57P01' } },
    })
    expect(JSON.stringify(fields)).toContain('log-line.test.ts')
    expect((fields['list'] as unknown[]).length).toBeLessThanOrEqual(40)
  })

  test('says the words of an error that has no stack', () => {
    const bare = Object.assign(new Error('bare'), { stack: undefined })
    expect(clean({ err: bare }, '').fields).toEqual({ err: { type: 'Error', message: 'bare' } })
  })

  test('costs the same for a text of a thousand and of ten million letters', () => {
    // What made the former expressions take seconds at 64 KB each. The cap is two hundred times what it takes now.
    const bad = ['a', '"', 'Bearer ', '://:', 'bp_pat_', '"password', 'x://a:', ' '].map((part) =>
      part.repeat(10_000_000 / part.length),
    )
    const began = process.cpuUsage()
    for (let round = 0; round < 20; round++)
      for (const text of bad) lineOf({ [text]: text, err: new Error(text) }, text)
    const { user, system } = process.cpuUsage(began)
    expect((user + system) / 1000).toBeLessThan(5000)
  })
})
