import { describe, expect, test } from 'vitest'
import { condition, formatRows, rows } from './cases.testing.ts'
import { formatNames } from './values/format.ts'
import { checkData, checkSchema } from './index.ts'

describe('every keyword', () => {
  test.each(rows)('%s %j', (_, schema, valid, invalid) => {
    expect(checkSchema(schema)).toBeNull()
    for (const data of valid) expect({ data, fault: checkData(schema, data) }).toEqual({ data, fault: null })
    for (const data of invalid)
      expect({ data, fault: checkData(schema, data) }).toMatchObject({ fault: { kind: 'data' } })
  })

  test.each(formatRows)('format %s', (format, valid, invalid) => {
    const schema = { format }
    for (const data of [...valid, 1, null, {}])
      expect({ data, fault: checkData(schema, data) }).toEqual({ data, fault: null })
    for (const data of invalid)
      expect({ data, fault: checkData(schema, data) }).toMatchObject({ fault: { kind: 'data' } })
    for (const data of invalid) expect(checkData(schema, data, { formats: false })).toBeNull()
  })

  test('every format is in the table', () => {
    expect(formatRows.map(([format]) => format).toSorted()).toEqual(Object.keys(formatNames).toSorted())
  })

  test('what stands beside a keyword nobody knows is checked all the same', () => {
    for (const noise of [
      { 'x-zui': {} },
      { nullable: true },
      { $ref: '#/definitions/a', definitions: { a: {} } },
      { unheardOf: [{}] },
    ])
      expect(checkData({ properties: { a: { type: 'string' }, b: noise } }, { a: 1 })).toMatchObject({ path: ['a'] })
  })
})

describe('what is told', () => {
  test.each([
    [{ required: ['a'] }, {}, ['a'], 'is required'],
    [
      { properties: { a: { items: { type: ['string', 'null'] } } } },
      { a: ['x', 1] },
      ['a', 1],
      'must be a string or null',
    ],
    [{ additionalProperties: false }, { 'a.b': 1 }, ['a.b'], 'is not allowed here'],
    [{ enum: ['a', 1, null] }, 'b', [], 'must be one of "a", 1, null'],
    [{ const: 'a' }, 'b', [], 'must be "a"'],
    [{ multipleOf: 0.01 }, 0.001, [], 'must be a multiple of 0.01'],
    [{ minLength: 1 }, '', [], 'must have at least 1 character'],
    [{ minProperties: 2 }, {}, [], 'must have at least 2 properties'],
    [{ pattern: '^a$' }, 'b', [], 'must match the pattern ^a$'],
    [{ format: 'date' }, 'b', [], 'must be a date, such as 2026-01-31'],
    [{ uniqueItems: true }, [1, 2, 1], [2], 'must not be the same as item 1: items must be unique'],
    [
      { propertyNames: { maxLength: 1 } },
      { ab: 1 },
      ['ab'],
      'has a name that is not allowed: it must have at most 1 character',
    ],
    [{ dependentRequired: { a: ['b'] } }, { a: 1 }, ['b'], 'is required when "a" is present'],
    [{ anyOf: [{ type: 'string' }, { type: 'null' }] }, 1, [], 'must be a string or null'],
    [{ anyOf: [{ type: 'string', minLength: 2 }, { type: 'null' }] }, 'a', [], 'must have at least 2 characters'],
    [{ anyOf: [{ properties: { a: { type: 'string' } } }, { type: 'null' }] }, { a: 1 }, ['a'], 'must be a string'],
    [{ oneOf: ['a', 'b'].map((t) => ({ properties: { t: { const: t } } })) }, { t: 'c' }, ['t'], 'must be "a" or "b"'],
    [
      { oneOf: [{ required: ['a'] }, { required: ['b'] }] },
      {},
      [],
      'must match one of the 2 alternatives in the schema',
    ],
    [
      { anyOf: [{ minLength: 2 }, { pattern: 'b' }] },
      'a',
      [],
      'must have at least 2 characters, or must match the pattern b',
    ],
    [{ oneOf: [{}, {}] }, 1, [], 'must match exactly one of the 2 alternatives, but matches several'],
    [condition([{ type: 'string' }, { minLength: 2 }]), 'a', [], 'must have at least 2 characters'],
  ])('%j', (schema, data, path, message) => {
    expect(checkData(schema, data)).toEqual({ kind: 'data', path, message })
  })
})

describe('what is no schema', () => {
  test.each([
    [{ type: 'text' }, ['type']],
    [{ type: [] }, ['type']],
    [{ properties: [] }, ['properties']],
    [{ properties: { a: 'string' } }, ['properties', 'a']],
    [{ properties: { a: { properties: { b: { type: 7 } } } } }, ['properties', 'a', 'properties', 'b', 'type']],
    [{ required: true }, ['required']],
    [{ required: ['a', 'a'] }, ['required', 1]],
    [{ enum: 'a' }, ['enum']],
    [{ items: 3 }, ['items']],
    [{ anyOf: [] }, ['anyOf']],
    [{ allOf: [{ type: 'x' }] }, ['allOf', 0, 'type']],
    [{ additionalProperties: 'no' }, ['additionalProperties']],
    [{ minLength: -1 }, ['minLength']],
    [{ multipleOf: 0 }, ['multipleOf']],
    [{ dependentRequired: { a: 'b' } }, ['dependentRequired', 'a']],
    [{ $schema: 'https://json-schema.org/draft/2020-12/schema', items: [{}] }, ['items']],
    [{ properties: { a: { pattern: '(' } } }, ['properties', 'a', 'pattern']],
    [{ properties: { a: { pattern: String.raw`(a)\1` } } }, ['properties', 'a', 'pattern']],
    [{ patternProperties: { '[': {} } }, ['patternProperties', '[']],
    [{ items: { $ref: '#/definitions/none' } }, ['items', '$ref']],
    [{ items: { $ref: 'https://example.com/other.json' } }, ['items', '$ref']],
    [3, []],
    [null, []],
  ])('%j', (broken, path) => {
    expect(checkSchema(broken)).toMatchObject({ kind: 'schema', path })
  })
})
