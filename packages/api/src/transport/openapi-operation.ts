import type { Areas } from '../core/area.ts'
import type { Rule } from '../core/access/rule.ts'
import { z } from 'zod'
import type { JsonSchema } from '../core/contract-compare.ts'
import type { Docs } from '../core/procedure/docs.ts'
import { commonFields } from '../core/procedure/docs.ts'
import { exampleOf } from './openapi-example.ts'
import { failuresOf } from './openapi-errors.ts'
import { whoMay } from './openapi-words.ts'
import type { Field, Route } from './rest.ts'

export type Names = z.core.$ZodRegistry<{ id: string }>
export type Schemas = Record<string, JsonSchema>

/** The shapes with a name, and where those that are used go. */
export interface Components {
  names: Names
  schemas: Schemas
  /** Who may call what. */
  permissions: Areas['permissions']
}

/** One operation of the document. Schemas that have a name move to the components. */
export function operationOf(route: Route, components: Components): object {
  const { served, operationId } = route
  const { docs, permission } = served.meta
  const rule = components.permissions[permission]
  const body = route.fields.filter(({ from }) => from.place === 'body')
  return {
    operationId,
    tags: [docs.tag.name],
    summary: docs.summary,
    description: [docs.description, ...narrowed(route), whoMay(permission, rule)].join('\n\n'),
    ...(rule.scope === 'anyone' && { security: [] }),
    'x-permission': permission,
    parameters: parametersOf(route, components),
    ...(body.length > 0 && { requestBody: requestBody(body, { docs, components }) }),
    responses: { 200: success(route, components), ...failuresOf(statusesOf(route, rule)) },
  }
}

/** Where the contract's operation answers less than ours, it says where the rest is. */
function narrowed({ answer, served }: Route): string[] {
  const whole = served.meta.rest.find((one) => !one.answer)
  if (!answer || !whole) return []
  return [`Returns only what is in the contract; \`${whole.method} ${whole.path}\` returns everything.`]
}

function statusesOf({ served, fields }: Route, { scope, key }: Rule): ReadonlySet<number> {
  const names = (place: Field['from']['place']): boolean => fields.some(({ from }) => from.place === place)
  const isAbout = scope !== 'anyone' && scope !== 'any' && scope !== 'self'
  const statuses = [401, 429, 500, 504]
  if (fields.length > 0) statuses.push(400)
  if (isAbout || key !== null) statuses.push(403)
  if (isAbout || names('path')) statuses.push(404)
  if (served.type === 'mutation') statuses.push(409)
  if (names('body')) statuses.push(413, 415)
  return new Set(statuses)
}

function success(route: Route, components: Components): object {
  const { docs } = route.served.meta
  const schema = printAnswer(route, components)
  const example = docs.example.output ?? exampleOf(schema, { samples: docs.samples, schemas: components.schemas })
  if (route.served.type !== 'subscription')
    return { description: 'OK', content: { 'application/json': { schema, example } } }
  return {
    description: 'Events as they happen. The schema describes the `data` of each.',
    content: { 'text/event-stream': { schema, example } },
  }
}

/** The answer's schema; the named shapes in it move to the components. */
function printAnswer({ answer, served }: Route, { names, schemas }: Components): JsonSchema {
  const printed = z.toJSONSchema(answer ?? served.meta.output, {
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
    if (key === 'maximum' && value === Number.MAX_SAFE_INTEGER) return undefined
    if (key === 'minimum' && value === Number.MIN_SAFE_INTEGER) return undefined
    return value
  }) as JsonSchema
}

interface Told {
  docs: Docs
  components: Components
}

const wordsFor = (docs: Docs, name: string): string | undefined => docs.fields[name] ?? commonFields[name]

function sampleFor(field: Field, { docs, components }: Told): unknown {
  const given = docs.example.input?.[field.name]
  if (given !== undefined) return given
  const schema = { type: 'object', properties: { [field.name]: field.schema } }
  const made = exampleOf(schema, { samples: docs.samples, schemas: components.schemas })
  return (made as Record<string, unknown>)[field.name]
}

function parametersOf(route: Route, components: Components): object[] {
  const { docs } = route.served.meta
  const parameters: object[] = []
  for (const field of route.fields) {
    const { name, from, kind, required } = field
    const description = wordsFor(docs, name)
    const schema = relocated(field.schema)
    const told = (): object => ({ description, schema, example: sampleFor(field, { docs, components }) })
    if (from.place === 'path') parameters.push({ name, in: 'path', required: true, ...told() })
    if (from.place === 'header' && kind.is !== 'boolean')
      parameters.push({ name: from.header, in: 'header', required, ...told(), schema: { type: 'string' } })
    if (from.place !== 'query') continue
    const encoding =
      kind.is === 'list' ? { style: 'form', explode: true } : kind.is === 'map' ? { 'x-encoding': 'dots' } : {}
    parameters.push({ name, in: 'query', required, ...told(), ...encoding })
  }
  // The contract lets clients send it everywhere; only answers with a bot's integrations differ by it.
  if (route.path.startsWith('/v1/admin/'))
    parameters.push({
      name: 'x-multiple-integrations',
      in: 'header',
      required: false,
      description: 'In responses with a bot, `true` keys its integrations by their alias.',
      schema: { type: 'string' },
      example: 'true',
    })
  return parameters
}

function requestBody(fields: Field[], { docs, components }: Told): object {
  const required = fields.filter((field) => field.required).map(({ name }) => name)
  const properties = Object.fromEntries(
    fields.map(({ name, schema }) => [name, { ...relocated(schema), description: wordsFor(docs, name) }]),
  )
  const schema = { type: 'object', properties, ...(required.length > 0 && { required }) }
  // A made example has what must be there; where nothing must, all there is.
  const shown = docs.example.input
    ? fields.filter(({ name }) => docs.example.input?.[name] !== undefined)
    : fields.filter((field) => field.required || required.length === 0)
  const example = Object.fromEntries(shown.map((field) => [field.name, sampleFor(field, { docs, components })]))
  return { required: required.length > 0, content: { 'application/json': { schema, example } } }
}
