import { SchemaDocument } from './document.ts'

/*
 * The meta-schemas of draft 7 and 2020-12, under their own addresses. The vocabularies of 2020-12 are put together in one
 * document, and draft 7 also says what the later keywords look like that are understood there. `format` is left out:
 * patterns and references are tried instead.
 */

const schema = { $ref: '#' }
const schemaArray = { type: 'array', minItems: 1, items: schema }
const schemaMap = { type: 'object', additionalProperties: schema }
const count = { type: 'integer', minimum: 0 }
const number = { type: 'number' }
const text = { type: 'string' }
const flag = { type: 'boolean' }
const names = { type: 'array', items: text, uniqueItems: true }
const simpleTypes = { enum: ['array', 'boolean', 'integer', 'null', 'number', 'object', 'string'] }
const anchor = { type: 'string', pattern: '^[A-Za-z_][-A-Za-z0-9._]*$' }

const definitions = {
  schemaArray,
  nonNegativeInteger: count,
  nonNegativeIntegerDefault0: count,
  simpleTypes,
  stringArray: names,
}

const properties = {
  $schema: text,
  $id: text,
  $ref: text,
  $anchor: anchor,
  $dynamicRef: text,
  $dynamicAnchor: anchor,
  $comment: text,
  $defs: schemaMap,
  definitions: schemaMap,
  title: text,
  description: text,
  default: true,
  deprecated: flag,
  readOnly: flag,
  writeOnly: flag,
  examples: { type: 'array' },
  type: { anyOf: [simpleTypes, { type: 'array', items: simpleTypes, minItems: 1, uniqueItems: true }] },
  const: true,
  enum: { type: 'array' },
  multipleOf: { type: 'number', exclusiveMinimum: 0 },
  maximum: number,
  exclusiveMaximum: number,
  minimum: number,
  exclusiveMinimum: number,
  maxLength: count,
  minLength: count,
  pattern: text,
  format: text,
  contentEncoding: text,
  contentMediaType: text,
  contentSchema: schema,
  prefixItems: schemaArray,
  items: schema,
  contains: schema,
  maxItems: count,
  minItems: count,
  uniqueItems: flag,
  maxContains: count,
  minContains: count,
  unevaluatedItems: schema,
  properties: schemaMap,
  patternProperties: schemaMap,
  additionalProperties: schema,
  propertyNames: schema,
  maxProperties: count,
  minProperties: count,
  required: names,
  dependencies: { type: 'object', additionalProperties: { anyOf: [schema, names] } },
  dependentRequired: { type: 'object', additionalProperties: names },
  dependentSchemas: schemaMap,
  unevaluatedProperties: schema,
  ...Object.fromEntries(['if', 'then', 'else'].map((keyword) => [keyword, schema])),
  allOf: schemaArray,
  anyOf: schemaArray,
  oneOf: schemaArray,
  not: schema,
}

const type = ['object', 'boolean']
const draft7 = 'http://json-schema.org/draft-07/schema'
const draft2020 = 'https://json-schema.org/draft/2020-12/schema'

export const metaSchemas = {
  'draft-07': new SchemaDocument(
    {
      $id: draft7,
      type,
      definitions,
      properties: { ...properties, items: { anyOf: [schema, schemaArray] }, additionalItems: schema },
    },
    'draft-07',
  ),
  '2020-12': new SchemaDocument(
    {
      $id: draft2020,
      $dynamicAnchor: 'meta',
      type,
      $defs: definitions,
      properties: { ...properties, $id: { type: 'string', pattern: '^[^#]*#?$' } },
    },
    '2020-12',
  ),
}

/** The meta-schema at an address without fragment. */
export function metaSchemaAt(uri: string): SchemaDocument | undefined {
  if (uri === draft7) return metaSchemas['draft-07']
  return uri === draft2020 ? metaSchemas['2020-12'] : undefined
}
