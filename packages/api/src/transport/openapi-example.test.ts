import { expect, test } from 'vitest'
import { exampleOf } from './openapi-example.ts'

const made = (schema: Parameters<typeof exampleOf>[0], samples = {}) => exampleOf(schema, { samples, schemas: {} })

test.each([
  [{ type: 'integer' }, 1],
  [{ type: 'integer', minimum: 0 }, 1],
  [{ type: 'number', minimum: 5 }, 5],
  [{ type: 'boolean' }, false],
  [{ type: ['null', 'boolean'] }, false],
  [{ type: 'array' }, []],
  [{ type: 'array', items: { type: 'boolean' } }, [false]],
  [{ const: 'a' }, 'a'],
  [{ type: 'string', default: 'b' }, 'b'],
  [{ enum: ['c', 'd'] }, 'c'],
  [{ anyOf: [{ type: 'null' }, { const: 1 }] }, 1],
  [{ oneOf: [{ type: 'null' }, { const: 2 }] }, 2],
  [{ type: 'object', properties: { n: { type: 'integer' } } }, { n: 1 }],
] as const)('an example of %j', (schema, example) => {
  expect(made(schema as never)).toEqual(example)
})

test('a sample stands for a name, and before that for a name in its field', () => {
  const schema = { type: 'object', properties: { bot: { type: 'object', properties: { label: { type: 'string' } } } } }
  expect(made(schema, { label: 'any' })).toEqual({ bot: { label: 'any' } })
  expect(made(schema, { label: 'any', 'bot.label': 'its own' })).toEqual({ bot: { label: 'its own' } })
  expect(() => made(schema)).toThrow('There is no sample for "bot.label".')
})
