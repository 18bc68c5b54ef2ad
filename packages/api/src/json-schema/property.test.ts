import { runs } from '@steward/db/testing'
import { Ajv } from 'ajv'
import { Ajv2020 } from 'ajv/dist/2020.js'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkData, checkSchema } from './index.ts'

const name = fc.constantFrom('a', 'b', 'ab', 'c')
const scalar = fc.constantFrom<unknown>('', 'a', 'ab', '💩', 0, 1, 2, 2.5, -3, true, false, null)
const { data } = fc.letrec<{ data: unknown }>((tie) => ({
  data: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    scalar,
    fc.array(tie('data'), { maxLength: 4 }),
    fc.dictionary(name, tie('data'), { maxKeys: 3, noNullPrototype: true }),
  ),
}))

type Schema = Record<string, unknown> | boolean
const optional = { requiredKeys: [] }
const small = fc.integer({ min: 0, max: 3 })
const type = fc.constantFrom('string', 'number', 'integer', 'boolean', 'object', 'array', 'null')
/** Ajv takes an empty array for `contains: false`. */
const contains = fc.record({ type })
const pattern = fc.constantFrom('^a', 'b$', '^(?:a|b)*$', '.')

/** Schemas in the keywords that both drafts share, and those that only one has. */
function schemas(own: (schema: fc.Arbitrary<Schema>) => fc.Arbitrary<object>): fc.Arbitrary<Schema> {
  return fc.letrec<{ schema: Schema }>((tie) => {
    const schema = tie('schema')
    const list = fc.array(schema, { minLength: 1, maxLength: 3 })
    const map = fc.dictionary(name, schema, { maxKeys: 3, noNullPrototype: true })
    const patternMap = fc.dictionary(pattern, schema, { maxKeys: 2, noNullPrototype: true })
    const names = fc.uniqueArray(name, { maxLength: 2 })
    return {
      schema: fc.oneof(
        { maxDepth: 4, depthSize: 'medium', withCrossShrink: true },
        fc.boolean(),
        fc.record({ type: fc.oneof(type, fc.uniqueArray(type, { minLength: 1, maxLength: 3 })) }),
        fc.record({
          enum: fc.uniqueArray(data, { minLength: 1, maxLength: 3, selector: (value) => JSON.stringify(value) }),
        }),
        fc.record({ const: data }),
        fc.record({ minimum: small, exclusiveMaximum: small, multipleOf: fc.constantFrom(1, 2, 0.5) }, optional),
        fc.record({ minLength: small, maxLength: small, pattern }, optional),
        fc.record({ minItems: small, maxItems: small, uniqueItems: fc.boolean(), contains }, optional),
        fc.record({ required: names, minProperties: small, maxProperties: small, propertyNames: schema }, optional),
        fc.record({ properties: map, patternProperties: patternMap, additionalProperties: schema }, optional),
        fc.record({ allOf: list, anyOf: list, oneOf: list, not: schema }, optional),
        fc.tuple(schema, schema, schema).map((three) => conditional(three)),
        fc.constant({ $ref: '#/definitions/shared' }),
        own(schema),
      ) as fc.Arbitrary<Schema>,
    }
  }).schema
}

const conditional = (schemaOf: readonly Schema[]): Record<string, Schema> =>
  Object.fromEntries(['if', 'then', 'else'].map((keyword, index) => [keyword, schemaOf[index]!]))

const draft7 = schemas((schema) =>
  fc.record(
    {
      items: fc.oneof(schema, fc.array(schema, { minLength: 1, maxLength: 2 })),
      additionalItems: schema,
      dependencies: fc.dictionary(name, fc.oneof(schema, fc.uniqueArray(name)), { maxKeys: 2, noNullPrototype: true }),
    },
    optional,
  ),
)

const draft2020 = schemas((schema) => {
  const own = {
    dependentRequired: fc.dictionary(name, fc.uniqueArray(name), { maxKeys: 2, noNullPrototype: true }),
    dependentSchemas: fc.dictionary(name, schema, { maxKeys: 2, noNullPrototype: true }),
    allOf: fc.array(schema, { minLength: 1, maxLength: 2 }),
    unevaluatedProperties: schema,
  }
  const prefixItems = fc.array(schema, { minLength: 1, maxLength: 2 })
  // Ajv takes an empty array where `contains` stands beside `prefixItems`.
  return fc.oneof(
    fc.record({ prefixItems, items: schema, ...own }, optional),
    fc.record({ contains, minContains: small, ...own }, optional),
  )
})

const plain = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T

/** Null where the other one breaks down: Ajv writes code that names what is not there, for a few schemas with `unevaluatedProperties`. */
function opinion(ask: () => boolean): boolean | null {
  try {
    return ask()
  } catch (error) {
    if (error instanceof ReferenceError) return null
    throw error
  }
}

describe('as another validator has it', () => {
  const shared = { type: ['string', 'number', 'object'], maxLength: 1, maximum: 2 }

  test.each([
    ['draft 7', draft7, new Ajv({ strict: false, logger: false }), {}],
    [
      '2020-12',
      draft2020,
      new Ajv2020({ strict: false, logger: false }),
      { $schema: 'https://json-schema.org/draft/2020-12/schema' },
    ],
  ] as const)('%s', (_, schema, ajv, dialect) => {
    const seen = { fits: 0, refused: 0 }
    fc.assert(
      fc.property(schema, data, (inner, value) => {
        const whole = plain({ ...dialect, properties: { value: inner }, definitions: { shared } })
        const given = { value: plain(value) }
        const fits = opinion(() => ajv.validate(whole, given))
        fc.pre(fits !== null)
        const fault = checkData(whole, given)
        expect(checkSchema(whole)).toBeNull()
        expect({ fits: fault === null, kind: fault?.kind ?? 'data' }).toEqual({ fits, kind: 'data' })
        seen[fits ? 'fits' : 'refused']++
      }),
      { numRuns: runs(1500, 0.2) },
    )
    expect(Math.min(seen.fits, seen.refused)).toBeGreaterThan(runs(150, 0.2))
  })
})

describe('whatever comes', () => {
  const keywords = `$ref $id $anchor $dynamicRef $dynamicAnchor $schema $defs type enum items prefixItems contains
    properties patternProperties required dependencies allOf anyOf not if then pattern format multipleOf minLength
    unevaluatedProperties uniqueItems`.split(/\s+/)
  const keyword = fc.constantFrom(...keywords)
  const { anything } = fc.letrec<{ anything: unknown }>((tie) => ({
    anything: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom<unknown>(
        '#',
        '#/$defs/x',
        '#a',
        'http://[',
        '%',
        '(',
        'date',
        'string',
        -1,
        0,
        1e308,
        true,
        null,
      ),
      fc.array(tie('anything'), { maxLength: 3 }),
      fc.dictionary(keyword, tie('anything'), { maxKeys: 4 }),
    ),
  }))

  test('never throws', () => {
    fc.assert(
      fc.property(anything, anything, (schema, value) => {
        expect(() => [checkSchema(schema), checkData(schema, value)]).not.toThrow()
      }),
      { numRuns: runs(3000, 0.2) },
    )
  })

  test('what is a schema can be checked against', () => {
    fc.assert(
      fc.property(anything, anything, (schema, value) => {
        fc.pre(checkSchema(schema) === null)
        expect(checkData(schema, value)?.kind ?? 'data').not.toBe('schema')
      }),
      { numRuns: runs(1000, 0.2) },
    )
  })

  test('more budget changes no answer, it only gives one', () => {
    fc.assert(
      fc.property(draft7, data, fc.nat(3000), fc.nat(3000), (schema, value, less, more) => {
        const whole = { properties: { value: schema }, definitions: { shared: {} } }
        const first = checkData(whole, { value }, { budget: less })
        const second = checkData(whole, { value }, { budget: less + more })
        if (first?.kind !== 'work') expect(second).toEqual(first)
        expect(checkData(whole, { value }, { budget: less })).toEqual(first)
      }),
      { numRuns: runs(1000, 0.2) },
    )
  })
})
