import { entries, type Hostile } from './hostile.testing.ts'
import type { TestServer } from './test-server.testing.ts'

/** Puts a configuration with its schema; both are JSON text, so that any can be sent. */
async function configure({ ask, botId }: TestServer, schema: string, data: string) {
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
    send: (testServer) =>
      configure(
        testServer,
        `{"type":"object","properties":{"l":{"items":{"required":[${names}]}}}}`,
        `{"l":${list(6000, '{}')}}`,
      ),
    answers: refused,
  },
  {
    name: 'required names with properties for each',
    send: (testServer) =>
      configure(
        testServer,
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
    send: (testServer) => configure(testServer, `{"properties":{"t":{"pattern":"${pattern}"}}}`, `{"t":"${text}!"}`),
    answers: ['200', ...refused],
  })),
  {
    name: 'a pattern for the names of properties',
    send: (testServer) =>
      configure(testServer, '{"patternProperties":{"(a+)+$":{"type":"string"}}}', `{"${'a'.repeat(300)}!":1}`),
    answers: ['200', ...refused],
  },
  {
    name: 'four hundred patterns times two thousand names',
    send: (testServer) =>
      configure(testServer, `{"patternProperties":${entries(400, '{"type":"string"}', '^a*b?')}}`, entries(2000, '1')),
    answers: ['200', ...refused],
  },
  {
    name: 'alternatives within alternatives',
    send: (testServer) =>
      configure(
        testServer,
        nested(12, '{"anyOf":[{"type":"string"},{"items":', '},{"type":"number"}]}', '{"type":"null"}'),
        nested(9, '[', ']', '{}').replace(/^(.*)$/, '{"d":$1}'),
      ),
    answers: ['200', ...refused],
  },
  {
    name: 'each alternative leads to the same two again',
    send: (testServer) =>
      configure(
        testServer,
        '{"$defs":{"a":{"anyOf":[{"properties":{"x":{"$ref":"#/$defs/a"}},"required":["q"]},{"properties":{"x":{"$ref":"#/$defs/a"}},"required":["r"]}]}},"$ref":"#/$defs/a"}',
        nested(60, '{"x":', '}', '{}'),
      ),
    answers: ['200', ...refused],
  },
  {
    name: 'references in a circle',
    send: (testServer) =>
      configure(testServer, '{"$defs":{"a":{"$ref":"#/$defs/b"},"b":{"$ref":"#/$defs/a"}},"$ref":"#/$defs/a"}', '{}'),
    answers: ['200', ...refused],
  },
  {
    name: 'a reference to another place',
    send: (testServer) => configure(testServer, '{"$ref":"http://169.254.169.254/latest/meta-data"}', '{}'),
    answers: refused,
  },
  {
    name: 'two thousand large items that must differ',
    send: (testServer) =>
      configure(testServer, '{"properties":{"l":{"uniqueItems":true}}}', `{"l":${list(2000, '[[1,2],[3]]')}}`),
    answers: refused,
  },
  {
    name: 'contains and one-of over many items',
    send: (testServer) =>
      configure(
        testServer,
        `{"properties":{"l":{"contains":{"oneOf":${list(300, '{"const":2}')}}}}}`,
        `{"l":${list(5000, '1')}}`,
      ),
    answers: refused,
  },
  {
    name: 'a schema of a thousand levels',
    send: (testServer) => configure(testServer, nested(1000, '{"not":', '}', '{}'), '{}'),
    answers: refused,
  },
  {
    name: 'what is not evaluated, over everything',
    send: (testServer) =>
      configure(
        testServer,
        `{"allOf":${list(300, '{"properties":{"a":true}}')},"unevaluatedProperties":false}`,
        entries(1500, '1'),
      ),
    answers: refused,
  },
]
