import type { AnyTRPCRouter } from '@trpc/server'
import { plainBody } from '../core/body-limits.ts'
import type { Actor } from '../core/context.ts'
import type { JsonSchema } from '../core/contract-compare.ts'
import { ApiError } from '../core/errors.ts'
import { limitsFor, parseBody, readBytes } from './body.ts'
import type { Call, Endpoint, HttpDeps } from './call.ts'
import { admit, answer, contextOf, failure, failureOf } from './call.ts'
import type { Kind } from './fields.ts'
import { fromQuery, fromText, kindOf, printInput } from './fields.ts'
import type { Outgoing } from './incoming.ts'
import { sendsJson } from './incoming.ts'
import { streamEvents } from './rest-events.ts'
import { shapeOf } from './json-shape.ts'
import type { Rest } from '../core/procedure/trpc.ts'
import type { Served } from './procedures.ts'
import { proceduresOf } from './procedures.ts'
import { parseQuery } from './query.ts'
import { isParameter, routeTable } from './routes.ts'

/** Fields that come from a header wherever the path does not name them (reference 1.2); never from query or body. */
export const headerFields: Readonly<Record<string, string>> = {
  workspaceId: 'x-workspace-id',
  lastEventId: 'last-event-id',
  multipleIntegrations: 'x-multiple-integrations',
}

/** Where a field of the procedure's input comes from. */
export interface Field {
  name: string
  kind: Kind
  schema: JsonSchema
  required: boolean
  /** `path` with the segment's position. */
  from: { place: 'path'; segment: number } | { place: 'header'; header: string } | { place: 'query' | 'body' }
}

export interface Route extends Rest {
  served: Served
  fields: Field[]
}

/**
 * The REST operations of a router, read off the meta of its procedures.
 * @throws Error when a path names a field that the input does not have.
 */
export function routesOf(router: AnyTRPCRouter): Route[] {
  const routes: Route[] = []
  for (const served of proceduresOf(router).values())
    for (const one of served.meta.rest) routes.push({ ...one, served, fields: fieldsOf(served, one) })
  return routes
}

function fieldsOf(served: Served, { method, path }: Rest): Field[] {
  const root = printInput(served.meta.input)
  const properties = root.properties ?? {}
  const segments = path.split('/')
  const unknown = segments.filter(isParameter).find((segment) => !Object.hasOwn(properties, segment.slice(1, -1)))
  if (unknown) throw new Error(`${served.path}: the input has no field for ${unknown} of the path ${path}.`)
  return Object.entries(properties).map(([name, schema]) => {
    const segment = segments.indexOf(`{${name}}`)
    const header = Object.hasOwn(headerFields, name) ? headerFields[name] : undefined
    const place = takesQuery(method) ? 'query' : 'body'
    return {
      name,
      kind: kindOf(schema, root),
      schema,
      required: root.required?.includes(name) ?? false,
      from: segment >= 0 ? { place: 'path', segment } : header ? { place: 'header', header } : { place },
    }
  })
}

/** What does not stand in the path or a header: not every client and proxy sends a body with DELETE. */
const takesQuery = (method: string): boolean => method === 'GET' || method === 'DELETE'

/** Answers the REST operations of the router. Success is 200 with JSON, failure is the envelope (reference 1.4, 1.5). */
export function createRestEndpoint(router: AnyTRPCRouter): Endpoint {
  const table = routeTable(routesOf(router))
  return async (deps, call) => {
    const { incoming } = call
    const method = incoming.method === 'HEAD' ? 'GET' : incoming.method
    try {
      const found = table.find(call.path)
      if (!found) throw unknownPath(call)
      const route = found.methods.get(method)
      if (!route) throw wrongMethod(call, [...found.methods.keys()])
      call.operation = route.served.path
      return await run(deps, call, { route, segments: found.segments })
    } catch (cause) {
      return failure(deps, call, { cause, read: method === 'GET' })
    }
  }
}

function unknownPath({ path }: Call): ApiError {
  return new ApiError('ResourceNotFound', `There is nothing at ${path.slice(0, 200)}.`)
}

function wrongMethod(call: Call, known: string[]): ApiError {
  call.headers['allow'] = [...known, ...(known.includes('GET') ? ['HEAD'] : []), 'OPTIONS'].join(', ')
  return new ApiError('MethodNotFound', `${call.incoming.method} is not supported here. Use ${known.join(', ')}.`)
}

interface Matched {
  route: Route
  segments: readonly string[]
}

async function run(deps: HttpDeps, call: Call, { route, segments }: Matched): Promise<Outgoing> {
  const actor = await admit(deps, call)
  const isRead = route.method === 'GET'
  const outer = outerFields(call, { route, segments })
  const read = async (): Promise<Fields> => {
    requireHeaders(call, route)
    const inner = takesQuery(route.method) ? queryFields(call, route) : {}
    if (!isRead) Object.assign(inner, await bodyFields(deps, call, { route, actor }))
    return Object.assign(inner, outer)
  }
  let reading: Promise<Fields> | undefined
  const input = () => (reading ??= read())
  const { served } = route
  if (served.type === 'subscription')
    return streamEvents(call, {
      open: (signal) => served.run(contextOf(deps, call, { actor }), input, signal),
      envelopeOf: (cause) => failureOf(deps, call, { cause, read: true }),
    })
  const ctx = contextOf(deps, call, isRead ? { actor, longTexts: true } : { actor, unread: outer, longTexts: true })
  const output = await served.run(ctx, input)
  return answer(call, 200, (route.answer ? route.answer.parse(output) : output) ?? {})
}

type Fields = Record<string, unknown>

/** The fields that the path and the headers give. Each field is taken from its one place: nothing sent elsewhere can stand in for it. */
function outerFields(call: Call, { route, segments }: Matched): Fields {
  const fields: Fields = {}
  for (const { name, kind, from } of route.fields) {
    let value: unknown
    if (from.place === 'path') value = fromText(decodeSegment(segments[from.segment] ?? ''), kind)
    else if (from.place === 'header') value = fromHeader(call, from.header, kind)
    if (value !== undefined) fields[name] = value
  }
  return fields
}

/** @throws InvalidPayload */
function requireHeaders({ incoming }: Call, { fields }: Route): void {
  for (const { from, required } of fields)
    if (required && from.place === 'header' && !incoming.header(from.header))
      throw new ApiError('InvalidPayload', `The header ${from.header} is missing.`, { missing: from.header })
}

function queryFields({ query }: Call, { fields: declared }: Route): Fields {
  const sent = query === '' ? null : parseQuery(query)
  const fields: Fields = {}
  for (const { name, kind, from } of declared) {
    const given = from.place === 'query' ? sent?.get(name) : undefined
    const value = given && fromQuery(given, kind)
    if (value !== undefined && !(name === 'nextToken' && value === '')) fields[name] = value
  }
  return fields
}

async function bodyFields(
  deps: HttpDeps,
  call: Call,
  { route, actor }: { route: Route; actor: Actor },
): Promise<Fields> {
  const sent = await readBody(deps, call, { served: route.served, actor })
  const fields: Fields = {}
  for (const { name, from } of route.fields)
    if (from.place === 'body' && Object.hasOwn(sent, name) && sent[name] !== undefined) fields[name] = sent[name]
  return fields
}

function decodeSegment(segment: string): string {
  if (!segment.includes('%')) return segment
  try {
    return decodeURIComponent(segment)
  } catch {
    throw new ApiError('InvalidPayload', 'The path has an invalid percent-encoding.')
  }
}

function fromHeader({ incoming }: Call, header: string, kind: Kind): unknown {
  const value = incoming.header(header)
  if (value === undefined || value === '') return undefined
  return kind.is === 'boolean' ? value === 'true' : value
}

async function readBody(
  deps: HttpDeps,
  call: Call,
  { served, actor }: { served: Served; actor: Actor },
): Promise<Fields> {
  const isJson = sendsJson(call.incoming)
  const limits = isJson ? limitsFor({ app: deps.app, actor }, [served]) : plainBody
  const bytes = await readBytes(deps, call, limits.bytes)
  if (bytes.byteLength === 0) return {}
  if (!isJson)
    throw new ApiError(
      'UnsupportedMediaType',
      'Send the body as content-type: application/json, in UTF-8, not encoded.',
    )
  const value = await parseBody(deps, call, bytes, { limits, shape: () => shapeOf(served) })
  if (value === null || typeof value !== 'object' || Array.isArray(value))
    throw new ApiError('InvalidPayload', 'The body must be a JSON object.')
  return value as Fields
}
