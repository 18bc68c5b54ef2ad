import { Ajv } from 'ajv'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../core/shapes.schema.ts'
import { dataFault, schemaFault } from './json-schema.ts'

const name = fc.constantFrom('a', 'b', 'pattern')
const scalar = fc.constantFrom<unknown>('x', 'y', 1, 2.5, -3, true, null)
const { schema } = fc.letrec<{ schema: JsonObject; list: JsonObject }>((tie) => ({
  schema: fc.oneof(
    { maxDepth: 3 },
    fc.constant({}),
    fc.record({ type: fc.constantFrom('string', 'number', 'integer', 'boolean', 'null') }),
    fc.record({ enum: fc.uniqueArray(scalar, { minLength: 1 }) }),
    fc.record({ type: fc.constant(['string', 'null']) }),
    fc.record({ type: fc.constant('number'), minimum: fc.constant(0) }),
    fc.record({ type: fc.constant('string'), minLength: fc.constant(2), default: fc.constantFrom('xx', 'yy') }),
    fc.record({ type: fc.constant('array'), items: tie('schema'), maxItems: fc.constant(2) }),
    fc.record({ anyOf: fc.array(tie('schema'), { minLength: 1, maxLength: 2 }) }),
    fc.record({ allOf: fc.array(tie('schema'), { minLength: 1, maxLength: 2 }) }),
    fc.record(
      {
        type: fc.constant('object'),
        properties: fc.dictionary(name, tie('schema')),
        required: fc.uniqueArray(name),
        additionalProperties: fc.constantFrom<unknown>(true, false, { type: 'string' }),
      },
      { requiredKeys: ['type'] },
    ),
  ),
  list: fc.constant({}),
}))
const { data } = fc.letrec<{ data: unknown }>((tie) => ({
  data: fc.oneof({ maxDepth: 3 }, scalar, fc.array(tie('data'), { maxLength: 3 }), fc.dictionary(name, tie('data'))),
}))

describe('the check of data against a schema', () => {
  test('never refuses what Ajv takes', () => {
    const ajv = new Ajv({ strict: false })
    const seen = { fits: 0, refused: 0 }
    fc.assert(
      fc.property(schema, fc.dictionary(name, data, { noNullPrototype: true }), (inner, value) => {
        const whole = { type: 'object', ...JSON.parse(JSON.stringify(inner)) } as JsonObject
        const given = JSON.parse(JSON.stringify(value)) as JsonObject
        const fits = ajv.validate(whole, given)
        const fault = dataFault(whole, given)
        expect(fits && fault !== null).toBe(false)
        seen.fits += fits ? 1 : 0
        seen.refused += fault === null ? 0 : 1
      }),
      { numRuns: 2000 },
    )
    expect(Math.min(seen.fits, seen.refused)).toBeGreaterThan(200)
  })

  test('does not try endless alternatives', () => {
    const branches = (count: number) => ({
      properties: { a: { anyOf: Array.from({ length: count }, () => ({ type: 'array', items: { type: 'string' } })) } },
    })
    const numbers = (length: number) => ({ a: Array.from({ length }, () => 1) })
    expect(dataFault(branches(2), numbers(3))).toContain('"a"')
    // Trying them all takes gigabytes.
    expect(dataFault(branches(2200), numbers(10_000))).toBeNull()
  })

  test('refuses what does not fit and says where', () => {
    const object = { type: 'object', properties: { port: { type: 'integer', minimum: 1 } }, required: ['port'] }
    expect(dataFault(object, { port: 80 })).toBeNull()
    expect(dataFault(object, { port: '80' })).toContain('"port"')
    expect(dataFault(object, {})).toContain('"port"')
    expect(dataFault({ properties: { port: { type: 'integer' } } }, { port: 'x' })).toContain('"port"')
    expect(dataFault({ type: 'object', properties: {}, additionalProperties: false }, { extra: 1 })).not.toBeNull()
  })

  test('leaves alone what it cannot or should not check', () => {
    for (const open of [
      { properties: { a: { $ref: '#' } } },
      { if: {}, else: {} },
      { properties: { a: { type: 'string', pattern: '^(a+)+$' } } },
      { patternProperties: { '^a': {} }, additionalProperties: false },
    ])
      expect(dataFault(open, { a: `${'a'.repeat(40)}!` })).toBeNull()
    expect(dataFault({ properties: { a: { allOf: [{ default: 'x' }, { default: 'y' }] } } }, {})).toBeNull()
  })
})

describe('the form of a schema', () => {
  test('takes schemas with vendor keywords', () => {
    const nested = { type: ['string', 'null'], 'x-zui': { hidden: true }, examples: ['a'] }
    expect(
      schemaFault({
        $schema: 'http://json-schema.org/draft-07/schema#',
        type: 'object',
        properties: { type: nested, items: { type: 'array', items: [nested, true] } },
        required: ['type'],
        additionalProperties: false,
        anyOf: [{ not: {} }],
      }),
    ).toBeNull()
  })

  test.each([
    [{ type: 'text' }, 'schema.type'],
    [{ type: [] }, 'schema.type'],
    [{ properties: [] }, 'schema.properties'],
    [{ properties: { a: 'string' } }, 'schema.properties.a'],
    [{ properties: { a: { properties: { b: { type: 7 } } } } }, 'schema.properties.a.properties.b.type'],
    [{ required: true }, 'schema.required'],
    [{ enum: 'a' }, 'schema.enum'],
    [{ items: 3 }, 'schema.items'],
    [{ anyOf: [] }, 'schema.anyOf'],
    [{ allOf: [{ type: 'x' }] }, 'schema.allOf.0.type'],
    [{ additionalProperties: 'no' }, 'schema.additionalProperties'],
  ])('refuses %j', (broken, path) => {
    expect(schemaFault(broken)).toContain(path)
  })
})
