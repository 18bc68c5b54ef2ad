import fc from 'fast-check'
import type { JsonSchema } from '@steward/api/testing'
import type { Encode } from './ask.testing.ts'

/** Stands for JSON that no JavaScript value prints as; `encodeHostile` puts it in. */
const raw: Record<string, string> = {
  '@@deep list@@': `${'['.repeat(3000)}${']'.repeat(3000)}`,
  '@@deep object@@': `${'{"a":'.repeat(3000)}1${'}'.repeat(3000)}`,
  '@@infinite@@': '1e999',
  '@@long number@@': '9'.repeat(400),
  '@@negative zero@@': '-0',
}

export const encodeHostile: Encode = (value) => {
  let text = JSON.stringify(value) ?? 'null'
  for (const [mark, json] of Object.entries(raw)) text = text.replaceAll(JSON.stringify(mark), json)
  return text
}

export const hostileText: readonly string[] = [
  '',
  ' ',
  'x'.repeat(300),
  'x'.repeat(5000),
  'é'.repeat(70_000),
  '\0',
  'a\0b',
  '\ud800',
  '\udfff tail',
  '\u202eesrever',
  '\ufeff',
  'ａ'.normalize('NFD'),
  '__proto__',
  'constructor',
  'hasOwnProperty',
  "' or '1'='1",
  '"; delete from member; --',
  "') union all select 1,2,3 --",
  '%',
  '_%\\',
  '$1',
  '?',
  '{{7*7}}',
  '${7*7}',
  '../../../../etc/passwd',
  '%00',
  '\r\nx-injected: 1',
  'null',
  'NaN',
  '-1',
  '2026-02-30T25:61:61Z',
  '+275760-09-13T00:00:00.001Z',
  '0001-01-01T00:00:00Z',
  'bp_pat_',
  'wkspace_00000000000000000000000000',
  'bot_ZZZZZZZZZZZZZZZZZZZZZZZZZZ',
  '00000000-0000-0000-0000-000000000000',
  ...Object.keys(raw),
]

const hostileNumbers = [0, -0, -1, 1, 0.1, 5.005, 101, 2 ** 31, -(2 ** 31) - 1, 2 ** 53, 1e15, 1e308, 5e-324]

const hostileStructures: readonly string[] = [
  '{"__proto__":{"polluted":true}}',
  '{"constructor":{"prototype":{"polluted":true}}}',
  '{"toString":1,"length":-1,"then":{}}',
  '{"":{"":""}}',
  '[[[[[[[[[[]]]]]]]]]]',
  '[null,null]',
  '{"$ref":"#/$defs/x"}',
]

/** Values that no field expects, or that look right and are not. */
const hostile: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(null, true, false, [], {}, ...hostileText, ...hostileNumbers),
  fc.constantFrom(...hostileStructures).map((json): unknown => JSON.parse(json)),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.jsonValue({ maxDepth: 3 }),
)

/** Page tokens that can be read, of other lists or of none. */
const pageToken = fc
  .oneof(
    fc.tuple(fc.constantFrom(...hostileText), fc.string(), fc.stringMatching(/^[0-9a-f]{12}$/)),
    fc.jsonValue({ maxDepth: 2 }),
  )
  .map((parts) => Buffer.from(JSON.stringify(parts)).toString('base64url'))

/** Values by a JSON Schema: right ones mostly, and hostile ones at every depth. */
export function fromSchema(schema: JsonSchema, root: JsonSchema, depth = 4): fc.Arbitrary<unknown> {
  if (depth === 0) return fc.constant({})
  const right = byType(schema, root, depth)
  // Deep down fewer are wrong: else hardly an input would get past its schema.
  return fc.oneof({ arbitrary: right, weight: depth === 4 ? 5 : 15 }, { arbitrary: hostile, weight: 1 })
}

function byType(schema: JsonSchema, root: JsonSchema, depth: number): fc.Arbitrary<unknown> {
  const name = schema.$ref?.startsWith('#/$defs/') ? schema.$ref.slice('#/$defs/'.length) : undefined
  const target = name === undefined ? undefined : root.$defs?.[name]
  if (target) return fromSchema(target, root, depth - 1)
  const branches = schema.anyOf ?? schema.oneOf
  if (branches) return fc.oneof(...branches.map((branch) => byType(branch, root, depth)))
  if (schema.enum) return fc.constantFrom(...schema.enum)
  const [type] = [schema.type ?? []].flat()
  if (type === 'boolean') return fc.boolean()
  if (type === 'null') return fc.constant(null)
  if (type === 'integer') return fc.oneof(fc.integer({ min: -5, max: 800 }), fc.constantFrom(...hostileNumbers))
  if (type === 'number') return fc.oneof(fc.double({ min: -10, max: 1100, noNaN: true }), fc.maxSafeInteger())
  if (type === 'array') return fc.array(fromSchema(schema.items ?? {}, root, depth - 1), { maxLength: 4 })
  if (type === 'object') return objectOf(schema, root, depth)
  if (type === 'string') return textOf(schema)
  return fc.jsonValue({ maxDepth: 3 })
}

function textOf(schema: JsonSchema): fc.Arbitrary<unknown> {
  const { pattern, format } = schema as { pattern?: string; format?: string }
  if (format === 'email')
    return fc.oneof(
      fc.emailAddress({ size: '+1' }),
      fc.stringMatching(/^[A-Za-z0-9]{1,40}(\+[a-z]{1,5})?@[a-z]{1,9}\.(com|org)$/),
    )
  if (format === 'date-time')
    return fc.date({ noInvalidDate: true, min: new Date(0), max: new Date('2199-12-31') }).map((at) => at.toISOString())
  if (pattern !== undefined && !pattern.includes('(?')) return fc.stringMatching(new RegExp(pattern))
  return fc.oneof(fc.string({ unit: 'grapheme', maxLength: 60 }), fc.string({ minLength: 12, maxLength: 40 }))
}

const key = fc.oneof(fc.constantFrom(...hostileText), fc.stringMatching(/^[a-zA-Z]{1,20}$/))

function objectOf(schema: JsonSchema, root: JsonSchema, depth: number): fc.Arbitrary<unknown> {
  const { properties = {}, additionalProperties } = schema
  const known = Object.entries(properties).map(
    ([name, property]) =>
      [name, name === 'nextToken' ? fc.oneof(pageToken, hostile) : fromSchema(property, root, depth - 1)] as const,
  )
  if (known.length > 0) return fc.record(Object.fromEntries(known), { requiredKeys: [] })
  const value = typeof additionalProperties === 'object' ? additionalProperties : {}
  return fc.array(fc.tuple(key, fromSchema(value, root, depth - 1)), { maxLength: 4 }).map(objectOfEntries)
}

/** Keeps `__proto__` a key like any other, as JSON does. */
function objectOfEntries(entries: [string, unknown][]): object {
  const made = {}
  for (const [name, value] of entries)
    Object.defineProperty(made, name, { value, enumerable: true, configurable: true, writable: true })
  return made
}

const isAddress = (name: string): boolean => /^id$|Id$|^secret$/.test(name)

/** How a valid input is changed before it is sent. */
export interface Mutation {
  /** Values that may take the tenant of the input's own. */
  drawn: unknown
  /** Picks which of the drawn fields do. */
  picks: number[]
  /** Fields that go missing, by position. */
  missing: number[]
  /** Fields that nobody asked for. */
  extra: [string, unknown][]
  /** Lets ids be exchanged too; else what the input is about stays, so that the verb is reached. */
  straying: boolean
  /** Sends what was drawn alone. */
  alone: boolean
}

export function mutationsOf(schema: JsonSchema): fc.Arbitrary<Mutation> {
  return fc.record({
    drawn: fromSchema(schema, schema),
    picks: fc.array(fc.nat(50), { minLength: 1, maxLength: 3 }),
    missing: fc.oneof(
      { arbitrary: fc.constant<number[]>([]), weight: 4 },
      { arbitrary: fc.array(fc.nat(9)), weight: 1 },
    ),
    extra: fc.oneof(
      { arbitrary: fc.constant<[string, unknown][]>([]), weight: 3 },
      { arbitrary: fc.array(fc.tuple(key, hostile), { maxLength: 2 }), weight: 1 },
    ),
    straying: fc.integer({ min: 0, max: 3 }).map((die) => die === 0),
    alone: fc.integer({ min: 0, max: 9 }).map((die) => die === 0),
  })
}

export function applyMutation(valid: Record<string, unknown>, mutation: Mutation): unknown {
  const { drawn, picks, missing, extra, straying, alone } = mutation
  if (alone || drawn === null || typeof drawn !== 'object' || Array.isArray(drawn)) return drawn
  const fields = Object.entries(drawn).filter(([name]) => straying || !isAddress(name))
  const taken = picks.flatMap((pick) => (fields.length > 0 ? [fields[pick % fields.length] ?? ['', null]] : []))
  const lost = new Set(missing.map((tenant) => Object.keys(valid)[tenant]))
  const kept = Object.entries(valid).filter(([name]) => !lost.has(name))
  return objectOfEntries([...kept, ...taken, ...extra] as [string, unknown][])
}
