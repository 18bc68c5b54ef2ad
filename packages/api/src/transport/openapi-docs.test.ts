import { Ajv2020 } from 'ajv/dist/2020.js'
import formats from 'ajv-formats'
import { describe, expect, it } from 'vitest'
import type { JsonSchema } from '../core/contract-compare.ts'
import { commonFields } from '../core/procedure/docs.ts'
import { appRouter, areas } from '../root.ts'
import * as schemas from '../schema.ts'
import { printOpenApi } from './openapi.ts'
import { proceduresOf } from './procedures.ts'
import { routesOf } from './rest.ts'
import { namedShapes } from './shapes.ts'

interface Media {
  schema: JsonSchema
  example: unknown
}
interface Parameter {
  name: string
  in: string
  required: boolean
  description: string
  schema: JsonSchema
  example: unknown
}
interface Operation {
  operationId: string
  tags: string[]
  summary: string
  description: string
  parameters: Parameter[]
  requestBody?: { content: Record<string, Media> }
  responses: Record<string, { $ref?: string; content?: Record<string, Media> }>
}
interface Document {
  tags: { name: string; description: string }[]
  'x-tagGroups': { name: string; tags: string[] }[]
  servers: { url: string }[]
  paths: Record<string, Record<string, Operation>>
  components: {
    schemas: Record<string, JsonSchema>
    responses: Record<string, { content: Record<string, Media> }>
  }
}

const publicUrl = 'https://steward.example.org'
const document = printOpenApi(appRouter, {
  publicUrl,
  permissions: areas.permissions,
  shapes: namedShapes(schemas),
}) as Document
const operations = Object.values(document.paths).flatMap((item) => Object.values(item))
const named = operations.map((operation) => [operation.operationId, operation] as const)
const procedures = [...proceduresOf(appRouter).values()]
const routes = routesOf(appRouter)

const ajv = new Ajv2020({ strict: false, allErrors: true })
formats.default(ajv)
ajv.addSchema({ $id: 'https://steward.example.org/openapi', components: document.components })

/** What is wrong with a value, judged by a schema of the document; undeclared properties are wrong too. */
function faultsOf(schema: JsonSchema, value: unknown): string {
  const text = JSON.stringify(closed(schema)).replaceAll(
    '"#/components/',
    '"https://steward.example.org/openapi#/components/',
  )
  const validate = ajv.compile(JSON.parse(text) as object)
  return validate(value) ? '' : ajv.errorsText(validate.errors)
}

function closed(schema: JsonSchema): JsonSchema {
  if (!schema.properties || schema.additionalProperties !== undefined) return schema
  return { ...schema, additionalProperties: false }
}

describe('the document', () => {
  it('has every procedure, each operation once', () => {
    expect(procedures.filter(({ meta }) => meta.rest.length === 0).map(({ path }) => path)).toEqual([])
    expect(operations).toHaveLength(routes.length)
    expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(routes.length)
  })

  it('answers all of a procedure’s output somewhere', () => {
    // Versions are listed whole, page by page, by `version.history`.
    const narrow = procedures.filter(({ meta }) => meta.rest.every(({ answer }) => answer))
    expect(narrow.map(({ path }) => path)).toEqual(['version.list'])
  })

  it('has one server, and tags that belong to areas', () => {
    expect(document.servers).toEqual([{ url: publicUrl }])
    const tags = document.tags.map(({ name }) => name)
    expect(document['x-tagGroups'].flatMap((group) => group.tags).toSorted()).toEqual(tags.toSorted())
    expect([...new Set(operations.flatMap((operation) => operation.tags))].toSorted()).toEqual(tags.toSorted())
    expect(document['x-tagGroups'].map(({ name }) => name).toSorted()).toEqual(['Audit', 'Bots', 'Metering', 'People'])
  })

  it('keeps to REST: what reads is GET, paths are nouns in the plural or belong to one thing', () => {
    const ours = routes.filter(({ path }) => path.startsWith('/v1/steward/'))
    for (const { method, served, fields } of ours) {
      if (served.type !== 'mutation') expect([served.path, method]).toEqual([served.path, 'GET'])
      else expect([served.path, method]).not.toEqual([served.path, 'GET'])
      // Not every client and proxy sends a body with DELETE.
      if (method === 'DELETE') expect(fields.filter(({ from }) => from.place === 'body')).toEqual([])
    }
  })

  it('describes fields that exist', () => {
    for (const { path, meta } of procedures) {
      const { docs } = meta
      const shared = procedures.filter((one) => one.meta.docs.tag.name === docs.tag.name)
      const known = new Set(shared.flatMap((one) => fieldNames(one.path)))
      expect([path, Object.keys(docs.fields).filter((name) => !known.has(name))]).toEqual([path, []])
      const sent = Object.keys(docs.example.input ?? {})
      expect([path, sent.filter((name) => !fieldNames(path).includes(name))]).toEqual([path, []])
    }
    expect(
      Object.keys(commonFields).every((name) => operations.some((one) => one.parameters.some((p) => p.name === name))),
    ).toBe(true)
  })
})

function fieldNames(path: string): string[] {
  return routes.find(({ served }) => served.path === path)?.fields.map(({ name }) => name) ?? []
}

describe('every operation', () => {
  it.each(named)('%s: is told in words', (_, { summary, description, parameters, requestBody }) => {
    expect(summary).toMatch(/^[A-Z].{3,60}[^.]$/)
    expect(description).toMatch(/^[A-Z][^]*\.\n\n[^]*Permission `/)
    const body = requestBody?.content['application/json']?.schema.properties ?? {}
    const fields = Object.entries(body as Record<string, { description?: string }>)
    for (const one of [...parameters, ...fields.map(([name, field]) => ({ name, ...field }))])
      expect(one).toEqual(expect.objectContaining({ description: expect.stringMatching(/^[A-Z`0-9“].*\.$/) }))
  })

  it.each(named)('%s: tells how it fails', (_, { responses }) => {
    const refs = Object.values(responses).flatMap(({ $ref }) =>
      $ref ? [$ref.replace('#/components/responses/', '')] : [],
    )
    expect(refs.length).toBeGreaterThan(4)
    expect(refs.filter((name) => !Object.hasOwn(document.components.responses, name))).toEqual([])
    expect(Object.keys(responses)).toEqual(expect.arrayContaining(['200', '401', '429', '500', '504', 'default']))
  })

  it.each([
    ['getSetupStatus', '401 429 500 504'],
    ['getAccount', '401 403 429 500 504'],
    ['listWorkspaces', '400 401 403 429 500 504'],
    ['getBot', '400 401 403 404 429 500 504'],
    ['checkHandleAvailability', '400 401 403 413 415 429 500 504'],
    ['signOutEverywhere', '400 401 403 409 429 500 504'],
    ['claimInstallation', '400 401 409 413 415 429 500 504'],
    ['deleteBot', '400 401 403 404 409 429 500 504'],
    ['updateBot', '400 401 403 404 409 413 415 429 500 504'],
  ])('%s fails in these ways: %s', (operationId, statuses) => {
    const { responses } = operations.find((one) => one.operationId === operationId) ?? { responses: {} }
    const failures = Object.keys(responses).filter((name) => /^[45]/.test(name))
    expect(failures.join(' ')).toBe(statuses)
  })

  it.each(named)('%s: its examples are what their schemas say', (operationId, operation) => {
    for (const { name, schema, example } of operation.parameters)
      expect([name, faultsOf(schema, example)]).toEqual([name, ''])
    for (const { schema, example } of Object.values(operation.requestBody?.content ?? {}))
      expect(faultsOf(schema, example)).toBe('')
    const answers = Object.values(operation.responses['200']?.content ?? {})
    expect(answers).toHaveLength(1)
    for (const { schema, example } of answers)
      expect([operationId, faultsOf(schema, example)]).toEqual([operationId, ''])
  })

  it.each(routes.map((route) => [route.operationId, route] as const))(
    '%s: takes its own example, and gives what it shows',
    (operationId, { served, answer, fields }) => {
      const operation = operations.find((one) => one.operationId === operationId)
      const sent: Record<string, unknown> = {
        ...(operation?.requestBody?.content['application/json']?.example as object | undefined),
      }
      for (const { name, from, kind } of fields) {
        const place = from.place === 'header' ? from.header : name
        const parameter = operation?.parameters.find((one) => one.name === place)
        if (parameter && kind.is !== 'boolean') sent[name] = parameter.example
      }
      expect(served.meta.input.safeParse(sent)).toMatchObject({ success: true })
      const media = Object.values(operation?.responses['200']?.content ?? {})[0]
      const shown = (answer ?? served.meta.output).safeParse(media?.example)
      expect(shown).toMatchObject({ success: true, data: media?.example })
    },
  )

  it('the examples of failures are failures', () => {
    const { Error: envelope } = document.components.schemas
    const told = Object.entries(document.components.responses).filter(([name]) => name !== 'Error')
    expect(told.length).toBeGreaterThan(8)
    for (const [name, { content }] of told)
      expect([name, faultsOf(envelope ?? {}, content['application/json']?.example)]).toEqual([name, ''])
  })
})
