import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import * as audit from '../audit/audit.schema.ts'
import * as bot from '../bots/content/bot.schema.ts'
import * as introspection from '../bots/access/introspect.schema.ts'
import * as me from '../people/me/me.schema.ts'
import * as member from '../people/member/member.schema.ts'
import * as version from '../bots/version/version.schema.ts'
import * as workspace from '../people/workspace/workspace.schema.ts'
import { compareShapes, operationShapes, printedShape } from './contract-compare.ts'
import type { CompareRules, JsonSchema, Located, OpenApiDocument, OperationShapes } from './contract-compare.ts'
import { isBoundedJson } from './shapes.schema.ts'

const contract: OpenApiDocument = JSON.parse(
  readFileSync(new URL('../../reference/admin-api.openapi.json', import.meta.url), 'utf8'),
)

const schemas: Record<string, unknown> = {
  ...me,
  ...workspace,
  ...member,
  ...bot,
  ...version,
  ...audit,
  ...introspection,
}

const OPERATIONS = `
  getAccount updateAccount deleteAccount setAccountPreference getAccountPreference introspect
  listPersonalAccessTokens createPersonalAccessToken deletePersonalAccessToken
  createWorkspace listWorkspaces getWorkspace updateWorkspace deleteWorkspace getPublicWorkspace listPublicWorkspaces
  checkHandleAvailability setWorkspacePreference getWorkspacePreference getAuditRecords
  listWorkspaceMembers getWorkspaceMember createWorkspaceMember updateWorkspaceMember deleteWorkspaceMember
  createBot listBots getBot updateBot deleteBot transferBot rotateBotSigningSecrets getBotJson publishFromBotJson
  listBotApiKeys createBotApiKey deleteBotApiKey getBotAllowlist updateBotAllowlist
  listBotVersions createBotVersion getBotVersion deployBotVersion
`
  .trim()
  .split(/\s+/)

/** Where we take more than the contract. Everything else must be equal, and answers are the contract's alone. */
const BEYOND: Record<string, { input?: string[]; wider?: string[] }> = {
  // tokens with scopes, a workspace they are bound to and an expiry
  createPersonalAccessToken: { input: ['scopes', 'boundWorkspaceId', 'expiresAt'] },
  // finding bots by name, type and state, and in the order of their names
  listBots: { input: ['search', 'type', 'deployed'], wider: ['sortField'] },
  // a token has to name the person whom it deletes
  deleteAccount: { input: ['confirmEmail'] },
  // notes for the history, and deployments that refuse when somebody else was faster
  createBotVersion: { input: ['note'] },
  // a workspace of an account other than one's own
  createWorkspace: { input: ['accountId'] },
  deployBotVersion: { input: ['expectedCurrentVersionId', 'note'] },
}

/** The workspace header is in no contract declaration of these, yet nothing else names the workspace (reference 1.2). */
const HEADER_ONLY = ['setWorkspacePreference', 'getWorkspacePreference']
const ANSWERS_WITH_BOT = ['createBot', 'getBot', 'updateBot']

/** The contract's input with the fields that the REST endpoint makes of headers. */
function withHeaderFields(operationId: string, shapes: OperationShapes): Located {
  const { properties, required = [] } = shapes.input.schema
  const isScoped = shapes.headers['x-workspace-id'] === 'required' || HEADER_ONLY.includes(operationId)
  const namesBot = shapes.path.startsWith('/v1/admin/bots/')
  const schema: JsonSchema = {
    type: 'object',
    properties: {
      ...properties,
      ...(isScoped && { workspaceId: { type: 'string' } }),
      ...(ANSWERS_WITH_BOT.includes(operationId) && { multipleIntegrations: { type: 'boolean' } }),
    },
    required: isScoped && !namesBot ? [...required, 'workspaceId'] : required,
  }
  return { schema, document: contract }
}

function printed(name: string, io: 'input' | 'output'): Located {
  const schema = schemas[name]
  if (!(schema instanceof z.ZodType)) throw new Error(`no schema is exported as ${name}`)
  return printedShape(schema, io)
}

function inputRules(operationId: string, theirs: Located): CompareRules {
  // The contract lets a page be empty or negative.
  const tighter = theirs.schema.properties?.['pageSize'] ? ['pageSize.minimum'] : []
  const { input = [], wider = [] } = BEYOND[operationId] ?? {}
  return { io: 'input', extra: input, tighter, wider }
}

describe('the shapes of the contract', () => {
  test.each(OPERATIONS)('%s: input', (operationId) => {
    const theirs = withHeaderFields(operationId, operationShapes(contract, operationId))
    const ours = printed(`${operationId}Input`, 'input')
    expect(compareShapes(ours, theirs, inputRules(operationId, theirs))).toEqual([])
  })

  test.each(OPERATIONS)('%s: output', (operationId) => {
    const theirs = operationShapes(contract, operationId).output
    const ours = printed(`${operationId}Output`, 'output')
    expect(compareShapes(ours, theirs, { io: 'output' })).toEqual([])
  })

  test('no operation is listed twice', () => {
    expect(new Set(OPERATIONS).size).toBe(43)
    expect(OPERATIONS).toHaveLength(43)
  })
})

describe('the comparison itself', () => {
  const theirs = located({
    type: 'object',
    required: ['id'],
    properties: {
      id: { type: 'string', maxLength: 5 },
      kind: { type: 'string', enum: ['a', 'b'] },
      at: { type: ['string', 'null'], format: 'date-time' },
      map: { type: 'object', additionalProperties: { type: 'object', properties: { n: { type: 'number' } } } },
      list: { type: 'array', items: { type: 'boolean' }, maxItems: 2 },
    },
  })
  const same = {
    id: z.string().max(5),
    kind: z.enum(['b', 'a']).optional(),
    at: z.string().meta({ format: 'date-time' }).nullable().optional(),
    map: z.record(z.string(), z.object({ n: z.number().optional() })).optional(),
    list: z.array(z.boolean()).max(2).optional(),
  }

  const mutations: [string, z.ZodType, string][] = [
    ['a missing field', z.object(same).omit({ kind: true }), 'kind: missing here'],
    ['an extra field', z.object({ ...same, more: z.string().optional() }), 'more: not in the contract'],
    ['an optional field required', z.object({ ...same, kind: z.enum(['a', 'b']) }), 'kind: required'],
    ['a required field optional', z.object({ ...same, id: z.string().max(5).optional() }), 'id: required'],
    ['another type', z.object({ ...same, id: z.number() }), 'id: type'],
    ['another length', z.object({ ...same, id: z.string().max(6) }), 'id: maxLength'],
    ['no length', z.object({ ...same, id: z.string() }), 'id: maxLength'],
    ['another enum', z.object({ ...same, kind: z.enum(['a']).optional() }), 'kind: enum'],
    ['no null', z.object({ ...same, at: z.string().meta({ format: 'date-time' }).optional() }), 'at: nullable'],
    ['no format', z.object({ ...same, at: z.string().nullable().optional() }), 'at: format'],
    ['an added pattern', z.object({ ...same, id: z.string().max(5).regex(/^x/) }), 'id: pattern'],
    ['a map for an object', z.object({ ...same, map: z.object({}).optional() }), 'map: type'],
    [
      'another map value',
      z.object({ ...same, map: z.record(z.string(), z.object({})).optional() }),
      'map.*.n: missing',
    ],
    ['another item', z.object({ ...same, list: z.array(z.string()).max(2).optional() }), 'list[]: type'],
  ]

  test('finds nothing between equal shapes in different spelling', () => {
    expect(compareShapes(print(z.object(same)), theirs, { io: 'input' })).toEqual([])
  })

  test.each(mutations)('finds %s', (_name, schema, difference) => {
    const found = compareShapes(print(schema), theirs, { io: 'input' })
    expect(found).toHaveLength(1)
    expect(found[0]).toContain(difference)
  })

  test('lets a listed extra pass only while it is there and optional', () => {
    const rules: CompareRules = { io: 'input', extra: ['more'] }
    const optional = z.object({ ...same, more: z.string().optional() })
    expect(compareShapes(print(optional), theirs, rules)).toEqual([])
    expect(compareShapes(print(z.object({ ...same, more: z.string() })), theirs, rules)).toHaveLength(1)
    expect(compareShapes(print(z.object(same)), theirs, rules)).toHaveLength(1)
  })

  test('lets a listed enum take more, never less or other values', () => {
    const rules: CompareRules = { io: 'input', wider: ['kind'] }
    const found = (kinds: string[], given = rules) =>
      compareShapes(print(z.object({ ...same, kind: z.enum(kinds).optional() })), theirs, given).length
    expect(found(['a', 'b', 'c'])).toBe(0)
    expect(found(['a', 'b', 'c'], { io: 'input' })).toBe(1)
    // The difference, and a rule that nothing needed.
    expect(found(['a', 'c', 'd'])).toBe(2)
    expect(found(['a', 'b'])).toBe(1)
  })

  test('refuses operations that are not in the document', () => {
    expect(() => operationShapes(contract, 'getNothing')).toThrow('getNothing')
  })

  function print(schema: z.ZodType): Located {
    return printedShape(schema, 'input')
  }

  function located(schema: JsonSchema): Located {
    return { schema, document: schema }
  }
})

describe('what the contract cannot say', () => {
  const address = { id: 'bot_01ARZ3NDEKTSV4RRFFQ69G5FAV' }

  test('undeclared nested keys are dropped, nulls that delete are kept', () => {
    const plugin = { id: 'p', name: 'x', implementation: { type: 'Buffer', data: [1, 2] } }
    const sent = {
      ...address,
      plugins: { p: plugin, gone: null },
      actions: { 'p#act': null },
      tags: { a: null, b: '' },
      subscriptions: { events: null },
      unknown: 1,
    }
    expect(bot.updateBotInput.parse(sent)).toEqual({
      ...address,
      plugins: { p: { id: 'p' }, gone: null },
      actions: { 'p#act': null },
      tags: { a: null, b: '' },
      subscriptions: { events: null },
    })
  })

  test('null is refused where nothing can be deleted', () => {
    for (const field of ['name', 'medias', 'code', 'layers', 'configuration', 'secrets', 'integrations']) {
      const refused = bot.updateBotInput.safeParse({ ...address, [field]: null }).error
      expect(refused?.issues.map((issue) => issue.path)).toEqual([[field]])
    }
    expect(bot.createBotInput.safeParse({ workspaceId: 'w', tags: { a: null } }).success).toBe(false)
    expect(bot.createBotInput.safeParse({ workspaceId: 'w', url: null }).success).toBe(false)
  })

  test('prototype keys never matter', () => {
    const tags: unknown = JSON.parse('{"__proto__":"x","constructor":"y","a.b":"z"}')
    const parsed = bot.updateBotInput.parse({ ...address, tags }).tags ?? {}
    expect(Object.keys(parsed)).toEqual(['constructor', 'a.b'])
    expect(Object.getPrototypeOf(parsed)).toBe(Object.prototype)
    const value: unknown = JSON.parse('{"deep":[{"__proto__":{"admin":true}}]}')
    expect(me.setAccountPreferenceInput.safeParse({ key: 'k', value }).success).toBe(false)
  })

  test('free JSON is bounded in depth', () => {
    const nested = (levels: number): unknown => (levels === 0 ? 'leaf' : [nested(levels - 1)])
    expect(isBoundedJson(nested(100))).toBe(true)
    expect(isBoundedJson(nested(101))).toBe(false)
    for (const value of ['\ud83d', '\ude00 x', Infinity, Number.NaN, { 'k\ud83d': 1 }, [['\ud83d']]])
      expect(isBoundedJson({ value })).toBe(false)
    expect(isBoundedJson({ '😀': ['😀', -0.5] })).toBe(true)
    const bomb: unknown = JSON.parse('['.repeat(100_000) + ']'.repeat(100_000))
    expect(me.setAccountPreferenceInput.safeParse({ key: 'k', value: bomb }).success).toBe(false)
    expect(me.setAccountPreferenceInput.parse({ key: 'k', value: null })).toEqual({ key: 'k', value: null })
  })

  test.each(['a\0b', '\uD800'])('text that an engine cannot keep is refused: %j', (name) => {
    expect(workspace.createWorkspaceInput.safeParse({ name }).success).toBe(false)
    expect(bot.getBotInput.safeParse({ id: name }).success).toBe(false)
    expect(bot.updateBotInput.safeParse({ ...address, tags: { [name]: 'x' } }).success).toBe(false)
  })

  test('text of a definition and code are stored as they are, so they are whole', () => {
    const broken = 'a\ud83d'
    for (const part of [
      { code: broken },
      { events: { e: { schema: {}, title: broken } } },
      { actions: { a: { input: { schema: {} }, output: { schema: {} }, attributes: { [broken]: 'x' } } } },
      { medias: [{ url: broken, name: 'n' }] },
    ]) {
      expect([part, bot.createBotInput.safeParse({ workspaceId: 'w', ...part }).success]).toEqual([part, false])
      expect([part, bot.updateBotInput.safeParse({ ...address, ...part }).success]).toEqual([part, false])
      expect([part, bot.publishFromBotJsonInput.safeParse({ ...address, botJson: part }).success]).toEqual([
        part,
        false,
      ])
    }
  })

  test('schemas stay strict: text is no number and no boolean', () => {
    expect(bot.listBotsInput.safeParse({ workspaceId: 'w', dev: 'false' }).success).toBe(false)
    expect(bot.listBotsInput.safeParse({ workspaceId: 'w', pageSize: '10' }).success).toBe(false)
    expect(bot.listBotsInput.safeParse({ workspaceId: 'w', pageSize: 0 }).success).toBe(false)
    expect(bot.listBotsInput.parse({ workspaceId: 'w', nextToken: '', pageSize: 5000 }).pageSize).toBe(5000)
  })
})
