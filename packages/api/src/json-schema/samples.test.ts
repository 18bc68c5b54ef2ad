import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { checkData, checkSchema } from './index.ts'

/*
 * One object as the official SDK prints it: `current` and `legacy` by what its CLI calls, `openApi` in the dialect of
 * OpenAPI 3.0. Printed by @bpinternal/zui 2.1.1 (toJSONSchema, toJSONSchemaLegacy with jsonSchema7 and openApi3).
 */
const samples = JSON.parse(readFileSync(join(import.meta.dirname, 'sdk-samples.json'), 'utf8')) as Record<
  string,
  object
>

const good = {
  contact: { email: 'ann@example.com', website: 'https://example.com', token: 'tok-12345', callback: null },
  mode: null,
  tags: ['a'],
  limits: { day: 10 },
  key: 1,
  trigger: { kind: 'cron', expression: '0 3 * * *' },
  since: '2026-01-31T12:30:00Z',
  extra: [{}],
  pair: ['a', 1],
  open: { more: 1 },
  both: { a: 'a', b: 1 },
  note: null,
  dry: null,
}

const bad: readonly [change: object, path: string][] = [
  [{ contact: { ...good.contact, email: 'ann' } }, 'contact.email'],
  [{ contact: { ...good.contact, email: `a@${'a-a.'.repeat(500)}` } }, 'contact.email'],
  [{ contact: { ...good.contact, website: 'example' } }, 'contact.website'],
  [{ contact: { ...good.contact, token: 'TOK-12345' } }, 'contact.token'],
  [{ contact: { ...good.contact, callback: 'x' } }, 'contact.callback'],
  [{ contact: { email: 'ann@example.com', callback: null } }, 'contact.token'],
  [{ retries: 11 }, 'retries'],
  [{ retries: 1.5 }, 'retries'],
  [{ mode: 'slow' }, 'mode'],
  [{ tags: [] }, 'tags'],
  [{ tags: ['a', 'x'.repeat(21)] }, 'tags.1'],
  [{ limits: { day: '10' } }, 'limits.day'],
  [{ key: true }, 'key'],
  [{ trigger: { kind: 'cron', expression: '* * * * *' } }, 'trigger.expression'],
  [{ trigger: { kind: 'other' } }, 'trigger.kind'],
  [{ since: 'yesterday' }, 'since'],
  [{ pair: [1, 1] }, 'pair.0'],
  [{ both: { a: 'a' } }, 'both.b'],
  [{ address: '1.2.3' }, 'address'],
  [{ unknown: 1 }, 'unknown'],
]

describe.each(Object.entries(samples))('what the official SDK prints: %s', (_, schema) => {
  test('is taken', () => {
    expect(checkSchema(schema)).toBeNull()
    expect(checkData(schema, good)).toBeNull()
    const others = { mode: 'fast', key: 'k', trigger: { kind: 'event', names: ['a'] }, address: '10.0.0.1' }
    expect(checkData(schema, { ...good, ...others })).toBeNull()
  })

  test.each(bad)('%j is refused', (change, path) => {
    expect(checkData(schema, { ...good, ...change })).toMatchObject({ kind: 'data' })
    expect(checkData(schema, { ...good, ...change })?.path.join('.')).toBe(path)
  })
})
