import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatJson, readJson } from './json-text.ts'
import { checkJson } from './use-json.ts'

function faultOf(text: string): string {
  const { fault } = readJson(text)
  return fault ? `${fault.line}:${fault.column} ${fault.message}` : 'none'
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

describe('reading JSON', () => {
  test('reads what the engine reads', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), fc.integer({ min: 0, max: 4 }), (value, space) => {
        const text = JSON.stringify(value, null, space)
        const read = readJson(text)
        expect(read.fault).toBe(null)
        if (read.fault === null) expect(JSON.stringify(read.value)).toBe(JSON.stringify(JSON.parse(text)))
      }),
    )
  })

  const signs = '{ } [ ] , : " \\ n 1 . - e t r u f a l s \n'.split(' ').concat(' ', 'true', 'null', '"a"')

  test('refuses what the engine refuses, and takes nothing more', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...signs) }), (text) => {
        const { fault } = readJson(text)
        // Names that come twice are JSON all the same, and refused here on purpose.
        const refused = fault !== null && !fault.message.endsWith('appears twice.')
        expect({ text, refused }).toEqual({ text, refused: !isJson(text) })
      }),
      { numRuns: 3000 },
    )
    expect(isJson('{"a": 1}')).toBe(true)
  })

  test('says what is wrong and where', () => {
    expect(faultOf('')).toBe('1:1 This is empty. An empty object is {}.')
    expect(faultOf('{\n  "a": 1,\n}')).toBe('2:9 There is a comma before }. Remove it.')
    expect(faultOf('{\n  "a": 1\n  "b": 2\n}')).toBe('3:3 A comma or } is missing here.')
    expect(faultOf("{\n  'a': 1\n}")).toBe('2:3 Names must be in double quotes.')
    expect(faultOf('{"a": yes}')).toBe('1:7 yes is not a JSON value. Strings must be in double quotes.')
    expect(faultOf('{"a" 1}')).toBe('1:6 A colon is missing after "a".')
    expect(faultOf('[1, 2')).toBe('1:1 This [ is not closed.')
    expect(faultOf('{"a": 1, "a": 2}')).toBe('1:10 "a" appears twice.')
    expect(faultOf('{} x')).toBe('1:4 There is something after the end of the JSON.')
  })

  test('survives depth', () => {
    expect(faultOf('['.repeat(100_000))).toContain('nested too deeply')
  })

  test('keeps the name __proto__ as a name', () => {
    const read = readJson('{"__proto__": {"x": 1}}')
    expect(read.fault).toBe(null)
    if (read.fault === null) expect(Object.getPrototypeOf(read.value)).toBe(Object.prototype)
  })

  test('knows where values stand; what is missing stands at its holder', () => {
    const read = readJson(formatJson({ a: 1, hours: { open: '9', days: [1, 2] } }))
    if (read.fault) throw new Error(read.fault.message)
    expect(read.positionOf(['hours', 'open'])).toEqual({ line: 4, column: 5 })
    expect(read.positionOf(['hours', 'days', 1]).line).toBe(7)
    expect(read.positionOf(['hours', 'close'])).toEqual(read.positionOf(['hours']))
    expect(read.positionOf([])).toEqual({ line: 1, column: 1 })
  })
})

describe('data against a schema', () => {
  const schema = {
    type: 'object',
    properties: { greeting: { type: 'string', minLength: 2 }, retries: { type: 'integer', maximum: 10 } },
    required: ['greeting'],
    additionalProperties: false,
  }
  const problem = (data: object) => checkJson(formatJson(data), { schema }).problems[0]

  test('fits', () => {
    expect(problem({ greeting: 'Hello', retries: 3 })).toBeUndefined()
    expect(checkJson('{"anything": 1}', { schema: {} }).problems).toEqual([])
    expect(checkJson('{"anything": 1}', { schema: undefined }).problems).toEqual([])
  })

  test('says what does not fit where it stands', () => {
    expect(problem({ retries: 3 })).toMatchObject({ line: 1, path: 'greeting', message: 'is required.' })
    expect(problem({ greeting: 5 })).toMatchObject({ line: 2, message: 'must be a string.' })
    expect(problem({ greeting: 'Hello', more: true })).toMatchObject({ line: 3, message: 'is not allowed here.' })
    const { problems, value } = checkJson('{\n  "greeting": "Hello",\n  "retries": "3"\n}', { schema })
    expect(value).toEqual({ greeting: 'Hello', retries: '3' })
    expect(problems).toEqual([{ line: 3, column: 3, path: 'retries', message: 'must be a whole number.' }])
    expect(checkJson('[]', { schema }).problems[0]?.message).toBe('It has to be an object: { … }.')
  })

  test('a broken schema is told at the schema', () => {
    const broken = { properties: { a: { $ref: '#/nowhere' } } }
    expect(checkJson('{"a": 1}', { schema: broken }).problems).toEqual([])
    expect(checkJson(formatJson(broken), 'a schema').problems).toMatchObject([{ line: 4, path: 'properties.a.$ref' }])
    expect(checkJson(formatJson(schema), 'a schema').problems).toEqual([])
  })
})
