/*
 * Schemas and data made to take long. As JSON, none of them is larger than somebody may send; how long they take is
 * measured in bench/.
 */

const times = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, at) => make(at))

const named = (count: number, make: (index: number) => unknown): Record<string, unknown> =>
  Object.fromEntries(times(count, (index) => [`p${index}`, make(index)]))

function nested(depth: number, wrap: (inner: unknown) => unknown, core: unknown): unknown {
  let value = core
  for (let level = 0; level < depth; level++) value = wrap(value)
  return value
}

const tree = (depth: number, keyword: string): unknown =>
  depth === 0 ? { type: 'string' } : { [keyword]: [tree(depth - 1, keyword), tree(depth - 1, keyword)] }

/** Each schema refers to the next twice, so that plain following doubles at each step. */
const doubling = (keyword: string, last: unknown): Record<string, unknown> => ({
  definitions: Object.fromEntries(
    times(40, (at) => {
      const next = { $ref: `#/definitions/d${at + 1}` }
      return [`d${at}`, at === 39 ? last : { [keyword]: [next, next] }]
    }),
  ),
  $ref: '#/definitions/d0',
})

const later = { $schema: 'https://json-schema.org/draft/2020-12/schema' }
const text = (pattern: string): object => ({ items: { pattern } })
const formats = ['uri', 'iri', 'email', 'idn-email', 'hostname', 'uri-template', 'duration']

export interface Hostile {
  name: string
  schema: unknown
  data: unknown
}

const hostile = (name: string, schema: unknown, data: unknown): Hostile => ({ name, schema, data })

export const hostileCases: readonly Hostile[] = [
  hostile(
    'required × items',
    { items: { required: times(3000, (at) => `p${at}`), properties: named(3000, () => ({})) } },
    times(6000, () => ({})),
  ),
  hostile(
    'anyOf of required × items',
    { items: { anyOf: times(100, (at) => ({ required: [`p${at}`] })) } },
    times(6000, () => ({})),
  ),
  hostile(
    'oneOf × items',
    { items: { oneOf: times(1000, (at) => ({ properties: { p: { const: at } } })) } },
    times(1000, () => ({ p: -1 })),
  ),
  hostile('anyOf pyramid', tree(11, 'anyOf'), 1),
  hostile('allOf pyramid', tree(11, 'allOf'), ''),
  hostile('$ref bomb of anyOf', doubling('anyOf', { type: 'string' }), 1),
  hostile('$ref bomb of allOf', doubling('allOf', {}), 1),
  hostile('$ref to itself', { $ref: '#' }, 1),
  hostile(
    '$ref chain',
    {
      definitions: Object.fromEntries(
        times(2500, (at) => [`d${at}`, at === 2499 ? {} : { $ref: `#/definitions/d${at + 1}` }]),
      ),
      $ref: '#/definitions/d0',
    },
    1,
  ),
  hostile(
    'uniqueItems of numbers',
    { uniqueItems: true },
    times(100_000, (at) => at),
  ),
  hostile(
    'uniqueItems of objects',
    { uniqueItems: true },
    times(20_000, (at) => ({ a: at, b: [at] })),
  ),
  hostile(
    'uniqueItems at every level',
    nested(90, (items) => ({ uniqueItems: true, items }), {}),
    nested(
      90,
      (inner) => [inner],
      times(2000, (at) => at),
    ),
  ),
  hostile('pattern that goes back', text('^(a+)+$'), [`${'a'.repeat(20_000)}!`]),
  hostile('pattern of stars', text('(?:(?:a*)*)*b'), ['a'.repeat(20_000)]),
  hostile('pattern of counts', text('(?:a{0,60}){0,60}b'), ['a'.repeat(20_000)]),
  hostile('pattern that is large', text('(?:(?:a{1000}){1000}){1000}'), ['a']),
  hostile('pattern of nothing', text('(?:(?:(?:){1000}){1000}){1000}'), ['a']),
  hostile('pattern that looks ahead', text('(?:(?=.*b).)*c'), ['a'.repeat(20_000)]),
  hostile('pattern that looks ahead deeply', text('(?=.*(?=.*(?=.*b)))x'), ['a'.repeat(20_000)]),
  hostile(
    'patterns × names',
    { patternProperties: Object.fromEntries(times(2000, (at) => [`^(?:a|b)*c${at}`, {}])) },
    Object.fromEntries(times(1000, (at) => [`ababababab${at}`, 1])),
  ),
  hostile(
    'propertyNames × alternatives',
    { items: { propertyNames: { anyOf: times(500, (at) => ({ pattern: `^a+${at}$` })) } } },
    times(100, () => named(50, () => 1)),
  ),
  hostile(
    'enum × array',
    { items: { enum: times(5000, (at) => `value${at}`) } },
    times(6000, () => 'value4999'),
  ),
  hostile(
    'enum of objects × array',
    { items: { enum: times(2000, (a) => ({ a })) } },
    times(6000, (at) => ({ a: at % 2000 })),
  ),
  hostile('const × large data', { anyOf: times(3000, (x) => ({ const: { x } })) }, { a: times(5000, (at) => at) }),
  hostile('long text × lengths', { items: { anyOf: times(4000, () => ({ minLength: 1e9 })) } }, ['x'.repeat(200_000)]),
  hostile('one very long text', { items: { minLength: 1, maxLength: 5 } }, ['x'.repeat(5_000_000)]),
  hostile(
    'multipleOf of far exponents',
    { items: { multipleOf: 1e-320 } },
    times(20_000, () => 1.7e308),
  ),
  hostile(
    'formats × texts',
    { items: { anyOf: formats.map((format) => ({ format })) } },
    times(3000, () => `!${'a.'.repeat(10)}`),
  ),
  hostile('format of a long text', { items: { format: 'uri' } }, [`http://${'a@'.repeat(50_000)}`]),
  hostile(
    'contains in contains',
    { contains: { contains: { contains: { const: 1 } } } },
    times(100, () => times(100, () => times(10, () => 0))),
  ),
  hostile(
    'dependentRequired × items',
    { items: { dependentRequired: named(2000, () => ['x']) } },
    times(5000, () => ({})),
  ),
  hostile(
    'unevaluated × allOf',
    {
      ...later,
      items: { allOf: times(50, () => ({ properties: named(50, () => true) })), unevaluatedProperties: false },
    },
    times(400, () => named(50, () => 1)),
  ),
  hostile(
    'data nested deeply',
    {},
    nested(50_000, (inner) => [inner], 1),
  ),
  hostile(
    'both nested',
    nested(60, (items) => ({ allOf: [{ items }] }), {}),
    nested(60, (inner) => [inner], 1),
  ),
  hostile('empty schemas', { allOf: times(33_000, () => ({})) }, 1),
  hostile('empty schemas, 2020-12', { ...later, allOf: times(33_000, () => ({})) }, 1),
  hostile('many properties', { properties: named(11_000, () => ({})) }, {}),
  hostile('many patterns', { allOf: times(3500, (at) => ({ pattern: `(a|b)*c{9}${at}` })) }, 'a'),
  hostile('many references', { allOf: times(7000, () => ({ $ref: '#/allOf/1' })) }, 1),
  hostile('many names', { allOf: times(4000, (at) => ({ $id: `http://x.y/${at}` })) }, 1),
  hostile('long required', { required: times(16_000, (at) => `p${at}`) }, {}),
]
