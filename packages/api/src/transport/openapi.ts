import type { AnyTRPCRouter } from '@trpc/server'
import { z } from 'zod'
import type { JsonSchema } from '../core/contract-compare.ts'
import { errorStatus } from '../core/errors.ts'
import type { Field, Route } from './rest.ts'
import { routesOf } from './rest.ts'

interface Schemas {
  [name: string]: JsonSchema
}

/**
 * The OpenAPI 3.1 document of the router's REST operations, printed from the same schemas that check the calls.
 * Query maps are sent as `name.key=value`, which no OpenAPI style can say; `x-encoding: dots` says it, as in the
 * contract.
 * @param shapes answers' shapes with the names they shall have in the document.
 */
export function printOpenApi(router: AnyTRPCRouter, shapes: Readonly<Record<string, z.ZodType>> = {}): object {
  const named = registryOf(shapes)
  const schemas: Schemas = { Error: errorSchema }
  const paths: Record<string, Record<string, object>> = {}
  for (const route of routesOf(router)) {
    const item = (paths[route.path] ??= {})
    item[route.method.toLowerCase()] = operationOf(route, printAnswer(route, named, schemas))
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Steward admin API', version: '1.105.0', license: { name: 'MIT', identifier: 'MIT' } },
    security: [{ BearerAuth: [] }],
    paths,
    components: {
      schemas,
      responses: {
        Error: {
          description: 'Every failure. `type` decides the status.',
          content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
        },
      },
      securitySchemes: { BearerAuth: { type: 'http', scheme: 'bearer' } },
    },
  }
}

const errorSchema: JsonSchema = {
  type: 'object',
  required: ['id', 'code', 'type', 'message', 'metadata'],
  properties: {
    id: { type: 'string' },
    code: { type: 'integer', enum: [...new Set(Object.values(errorStatus))] },
    type: { type: 'string', enum: Object.keys(errorStatus) },
    message: { type: 'string' },
    metadata: { type: 'object' },
  },
  oneOf: Object.entries(errorStatus).map(([type, code]) => ({
    properties: { type: { const: type }, code: { const: code } },
  })),
}

type Names = z.core.$ZodRegistry<{ id: string }>

function registryOf(shapes: Readonly<Record<string, z.ZodType>>): Names {
  const registry = z.registry<{ id: string }>()
  for (const [id, shape] of Object.entries(shapes)) registry.add(shape, { id })
  return registry
}

/** The answer's schema; the named shapes in it move to `schemas`. */
function printAnswer(route: Route, names: Names, schemas: Schemas): JsonSchema {
  const printed = z.toJSONSchema(route.served.meta.output, {
    io: 'output',
    unrepresentable: 'any',
    metadata: names,
    override({ zodSchema, jsonSchema }) {
      Object.assign(jsonSchema, z.globalRegistry.get(zodSchema))
      // Answers may gain fields, and clients must bear it.
      if (jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties
    },
  })
  const { $defs, $schema: _dialect, ...schema } = relocated(printed)
  Object.assign(schemas, $defs)
  return schema
}

/** A copy whose references point into the document's components; ids inside schemas would start new documents. */
function relocated(schema: object): JsonSchema & { $schema?: string } {
  return JSON.parse(JSON.stringify(schema), (key, value: unknown) => {
    if (key === '$ref' && typeof value === 'string') return value.replace('#/$defs/', '#/components/schemas/')
    return value
  }) as JsonSchema
}

function operationOf(route: Route, schema: JsonSchema): object {
  const body = route.fields.filter(({ from }) => from.place === 'body')
  return {
    operationId: route.operationId,
    tags: [route.served.path.split('.')[0]],
    parameters: parametersOf(route),
    ...(body.length > 0 && { requestBody: requestBody(body) }),
    responses: {
      200: { description: 'OK', content: { 'application/json': { schema } } },
      default: { $ref: '#/components/responses/Error' },
    },
  }
}

function parametersOf({ fields, path }: Route): object[] {
  const parameters: object[] = []
  for (const { name, from, kind, schema, required } of fields) {
    if (from.place === 'path') parameters.push({ name, in: 'path', required: true, schema })
    if (from.place === 'header' && kind.is !== 'boolean')
      parameters.push({ name: from.header, in: 'header', required, schema: { type: 'string' } })
    if (from.place !== 'query') continue
    const encoding =
      kind.is === 'list' ? { style: 'form', explode: true } : kind.is === 'map' ? { 'x-encoding': 'dots' } : {}
    parameters.push({ name, in: 'query', required, schema, ...encoding })
  }
  // The contract lets clients send it everywhere; only answers with a bot's integrations differ by it.
  if (path.startsWith('/v1/admin/'))
    parameters.push({ name: 'x-multiple-integrations', in: 'header', required: false, schema: { type: 'string' } })
  return parameters
}

function requestBody(fields: Field[]): object {
  const required = fields.filter((field) => field.required).map(({ name }) => name)
  const properties = Object.fromEntries(fields.map(({ name, schema }) => [name, schema]))
  const schema = { type: 'object', properties, ...(required.length > 0 && { required }) }
  return { required: required.length > 0, content: { 'application/json': { schema } } }
}
