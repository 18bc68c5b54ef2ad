import { entries, type Hostile } from './hostile.testing.ts'
import type { Stand } from './stand.testing.ts'

/** Puts a configuration with its schema; both are JSON text, so that any can be sent. */
async function configure({ ask, botId }: Stand, schema: string, data: string) {
  const body = `{"configuration":{"schema":${schema},"data":${data}}}`
  return [await ask({ method: 'PUT', path: `/v1/admin/bots/${botId}`, body })]
}

const list = (count: number, item: string): string => `[${Array.from({ length: count }, () => item).join(',')}]`
const nested = (depth: number, open: string, end: string, middle: string): string =>
  open.repeat(depth) + middle + end.repeat(depth)

const refused = ['400 InvalidDataFormat', '400 InvalidJsonSchema', '400 InvalidPayload', '413 LimitExceeded']
const names = Array.from({ length: 3000 }, (_, i) => `"field${i}"`).join(',')

/** Schemas and data of which the product, not the sum, is large. */
export const schemas: readonly Hostile[] = [
  {
    name: 'three thousand required names times six thousand empty items',
    send: (stand) =>
      configure(
        stand,
        `{"type":"object","properties":{"l":{"items":{"required":[${names}]}}}}`,
        `{"l":${list(6000, '{}')}}`,
      ),
    answers: refused,
  },
  {
    name: 'required names with properties for each',
    send: (stand) =>
      configure(
        stand,
        `{"properties":{"l":{"items":{"required":[${names}],"properties":${entries(2000, '{}', 'field')}}}}}`,
        `{"l":${list(6000, '{}')}}`,
      ),
    answers: refused,
  },
  ...[
    ['(a+)+$', 'a'.repeat(5000)],
    ['^(a|aa)+$', 'a'.repeat(5000)],
    ['(x+x+)+y', 'x'.repeat(5000)],
    ['^(([a-z])+.)+[A-Z]([a-z])+$', 'a'.repeat(5000)],
    ['(?=(a+))a*b\\\\1', 'a'.repeat(5000)],
    ['a{1000}{1000}{1000}', 'a'.repeat(5000)],
  ].map(([pattern, text]): Hostile => ({
    name: `the pattern ${pattern}`,
    send: (stand) => configure(stand, `{"properties":{"t":{"pattern":"${pattern}"}}}`, `{"t":"${text}!"}`),
    answers: ['200', ...refused],
  })),
  {
    name: 'a pattern for the names of properties',
    send: (stand) =>
      configure(stand, '{"patternProperties":{"(a+)+$":{"type":"string"}}}', `{"${'a'.repeat(300)}!":1}`),
    answers: ['200', ...refused],
  },
  {
    name: 'four hundred patterns times two thousand names',
    send: (stand) =>
      configure(stand, `{"patternProperties":${entries(400, '{"type":"string"}', '^a*b?')}}`, entries(2000, '1')),
    answers: ['200', ...refused],
  },
  {
    name: 'alternatives within alternatives',
    send: (stand) =>
      configure(
        stand,
        nested(12, '{"anyOf":[{"type":"string"},{"items":', '},{"type":"number"}]}', '{"type":"null"}'),
        nested(9, '[', ']', '{}').replace(/^(.*)$/, '{"d":$1}'),
      ),
    answers: ['200', ...refused],
  },
  {
    name: 'each alternative leads to the same two again',
    send: (stand) =>
      configure(
        stand,
        '{"$defs":{"a":{"anyOf":[{"properties":{"x":{"$ref":"#/$defs/a"}},"required":["q"]},{"properties":{"x":{"$ref":"#/$defs/a"}},"required":["r"]}]}},"$ref":"#/$defs/a"}',
        nested(60, '{"x":', '}', '{}'),
      ),
    answers: ['200', ...refused],
  },
  {
    name: 'references in a circle',
    send: (stand) =>
      configure(stand, '{"$defs":{"a":{"$ref":"#/$defs/b"},"b":{"$ref":"#/$defs/a"}},"$ref":"#/$defs/a"}', '{}'),
    answers: ['200', ...refused],
  },
  {
    name: 'a reference to another place',
    send: (stand) => configure(stand, '{"$ref":"http://169.254.169.254/latest/meta-data"}', '{}'),
    answers: refused,
  },
  {
    name: 'two thousand large items that must differ',
    send: (stand) =>
      configure(stand, '{"properties":{"l":{"uniqueItems":true}}}', `{"l":${list(2000, '[[1,2],[3]]')}}`),
    answers: refused,
  },
  {
    name: 'contains and one-of over many items',
    send: (stand) =>
      configure(
        stand,
        `{"properties":{"l":{"contains":{"oneOf":${list(300, '{"const":2}')}}}}}`,
        `{"l":${list(5000, '1')}}`,
      ),
    answers: refused,
  },
  {
    name: 'a schema of a thousand levels',
    send: (stand) => configure(stand, nested(1000, '{"not":', '}', '{}'), '{}'),
    answers: refused,
  },
  {
    name: 'what is not evaluated, over everything',
    send: (stand) =>
      configure(
        stand,
        `{"allOf":${list(300, '{"properties":{"a":true}}')},"unevaluatedProperties":false}`,
        entries(1500, '1'),
      ),
    answers: refused,
  },
]
