import { Ajv2020 } from 'ajv/dist/2020.js'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { CompareRules, OpenApiDocument, Operation, Root } from '../core/contract-compare.ts'
import { compareShapes, operationShapes } from '../core/contract-compare.ts'
import { errorStatus } from '../core/errors.ts'
import { appRouter, areas } from '../root.ts'
import * as schemas from '../schema.ts'
import { printOpenApi } from './openapi.ts'
import { routesOf } from './rest.ts'
import { namedShapes } from './shapes.ts'

const contract = JSON.parse(
  readFileSync(new URL('../../reference/admin-api.openapi.json', import.meta.url), 'utf8'),
) as OpenApiDocument
const ours = printOpenApi(appRouter, {
  permissions: areas.permissions,
  publicUrl: 'https://steward.example.org',
  shapes: namedShapes(schemas),
}) as OpenApiDocument
/** What goes beyond the contract has routes of its own under /v1/steward. */
const operations = routesOf(appRouter)
  .filter(({ path }) => path.startsWith('/v1/admin/'))
  .map(({ operationId }) => operationId)

/** Where we take more than the contract; everything else must be equal. Answers are the contract's and nothing more. */
const beyond: Record<string, { input?: string[]; wider?: string[] }> = {
  deleteAccount: { input: ['confirmEmail'] },
  createWorkspace: { input: ['accountId'] },
  listBots: { input: ['search', 'type', 'deployed'], wider: ['sortField'] },
  getAuditRecords: { input: ['action', 'from', 'until', 'userId'] },
  createPersonalAccessToken: { input: ['scopes', 'boundWorkspaceId', 'expiresAt'] },
  createBotVersion: { input: ['note'] },
  deployBotVersion: { input: ['expectedCurrentVersionId', 'note'] },
}

/** The contract declares no workspace header for these, yet only the header can name the workspace (reference 1.2). */
const headerOnly = new Set(['setWorkspacePreference', 'getWorkspacePreference'])

interface Parameter {
  name: string
  in: string
  required: boolean
  style: string | undefined
  explode: boolean | undefined
  encoding: string | undefined
}

/** Parameters by place and name, without their shapes. */
function parametersOf(document: OpenApiDocument, operationId: string): Record<string, Parameter> {
  const { method, path } = operationShapes(document, operationId)
  const operation = document.paths[path]?.[method as 'get'] as Operation
  const listed = (operation.parameters ?? []).map((parameter) => resolve(parameter, document))
  const told = listed.map((parameter) => ({
    name: parameter['name'] as string,
    in: parameter['in'] as string,
    required: (parameter['required'] as boolean | undefined) ?? false,
    style: parameter['style'] as string | undefined,
    explode: parameter['explode'] as boolean | undefined,
    encoding: parameter['x-encoding'] as string | undefined,
  }))
  return Object.fromEntries(told.map((parameter) => [`${parameter.in} ${parameter.name}`, parameter]))
}

function resolve(parameter: object, document: Root): Record<string, unknown> {
  const { $ref } = parameter as { $ref?: string }
  const target = $ref ? document.components?.parameters?.[$ref.replace('#/components/parameters/', '')] : parameter
  return { ...target }
}

const header = 'header x-workspace-id'

describe('the printed OpenAPI document', () => {
  it('has every contract operation of this storey, and nothing that is not in the contract', () => {
    expect(operations).toHaveLength(47)
    for (const operationId of operations) expect(() => operationShapes(contract, operationId)).not.toThrow()
  })

  it.each(operations)('%s: method, path and parameters', (operationId) => {
    const [mine, theirs] = [operationShapes(ours, operationId), operationShapes(contract, operationId)]
    expect([mine.method, mine.path]).toEqual([theirs.method, theirs.path])
    const wanted = parametersOf(contract, operationId)
    const printed = parametersOf(ours, operationId)
    // Where the bot is named by the path we need no header; the contract's clients send it anyway.
    if (printed[header] && wanted[header]) printed[header].required = wanted[header].required
    if (headerOnly.has(operationId)) {
      expect(printed[header]).toMatchObject({ required: true })
      delete printed[header]
    }
    for (const name of beyond[operationId]?.input ?? []) {
      const added = printed[`query ${name}`]
      if (!added) continue
      expect([added.required, wanted[`query ${name}`]]).toEqual([false, undefined])
      delete printed[`query ${name}`]
    }
    expect(printed).toEqual(wanted)
  })

  it.each(operations)('%s: shapes', (operationId) => {
    const [mine, theirs] = [operationShapes(ours, operationId), operationShapes(contract, operationId)]
    const extra = beyond[operationId]
    const tighter = theirs.input.schema.properties?.['pageSize'] ? ['pageSize.minimum'] : []
    const input: CompareRules = {
      io: 'input',
      extra: extra?.input ?? [],
      tighter,
      wider: extra?.wider ?? [],
    }
    expect(compareShapes(mine.input, theirs.input, input)).toEqual([])
    expect(compareShapes(mine.output, theirs.output, { io: 'output' })).toEqual([])
  })

  it.each(operations)('%s: every failure is the envelope', (operationId) => {
    const { method, path } = operationShapes(ours, operationId)
    expect(ours.paths[path]?.[method as 'get']?.responses['default']).toEqual({ $ref: '#/components/responses/Error' })
  })

  it('describes the envelope as the contract does', () => {
    const ajv = new Ajv2020({ strict: false, validateFormats: false })
    const [mine, theirs] = [ours.components?.schemas?.['Error'], contract.components?.schemas?.['ApiError']]
    const check = [mine, theirs].map((schema) => ajv.compile(schema as object))
    const judged = (value: object) => check.map((validate) => validate(value))
    for (const [type, code] of Object.entries(errorStatus)) {
      const envelope = { id: 'err_1', code, type, message: 'why', metadata: {} }
      expect([type, judged(envelope)]).toEqual([type, [true, true]])
      expect(judged({ ...envelope, code: code + 1 })).toEqual([false, false])
      expect(judged({ ...envelope, type: 'Other' })).toEqual([false, false])
      expect(judged({ ...envelope, message: undefined })).toEqual([false, false])
    }
  })

  it('is whole: every reference leads somewhere and every schema is one', () => {
    const text = JSON.stringify(ours)
    const refs = [...text.matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)].map(([, name]) => name ?? '')
    const known = Object.keys(ours.components?.schemas ?? {})
    expect(refs.length).toBeGreaterThan(20)
    expect(refs.filter((name) => !known.includes(name))).toEqual([])
    expect(text).not.toContain('#/$defs/')
    const ajv = new Ajv2020({ strict: false, validateFormats: false })
    for (const schema of Object.values(ours.components?.schemas ?? {}))
      expect(ajv.validateSchema(schema as object)).toBe(true)
    expect(Object.keys(ours.components?.schemas ?? {})).toEqual(expect.arrayContaining(['Bot', 'Workspace', 'Error']))
  })
})
