import type { Engine } from '@steward/db'
import { coin, isFull } from '@steward/db/testing'
import { expect } from 'vitest'
import {
  appRouter,
  type ErrorEnvelope,
  errorStatus,
  type ErrorType,
  type Field,
  type Incoming,
  proceduresOf,
  type Route,
  routesOf,
  type Served,
  tooLarge,
} from '@steward/api/testing'
import type { Fixture } from './fixture.testing.ts'

export const procedures = proceduresOf(appRouter)
export const allRoutes = routesOf(appRouter)
/** The operation of each procedure that is tried: the contract's where there is one. */
export const routes: ReadonlyMap<string, Route> = new Map(allRoutes.toReversed().map((one) => [one.served.path, one]))

/** What stands in the headers of a call. */
export interface Sender {
  token?: string | undefined
  idempotencyKey?: string
}

export interface Answer {
  status: number
  /** The body as it was sent. */
  text: string
  /** The procedure's output; undefined for a failure. */
  data: unknown
  failure: ErrorEnvelope | null
  headers: Readonly<Record<string, string | string[]>>
}

export type Endpoint = 'trpc' | 'rest'

/** How values become JSON; replaced by tests that send JSON no value stands for. */
export type Encode = (value: unknown) => string

export interface Question {
  path: string
  input: unknown
  encode?: Encode
}

/** The endpoints that every procedure is reached through. */
export const endpoints: readonly Endpoint[] = ['trpc', 'rest']

/**
 * The endpoints that a procedure is tried through on an engine. With `npm test -- --full` all of them; otherwise one, which
 * the seed draws, and on the other engine the other one: both endpoints lead to the same procedures.
 */
export function endpointsOn(engine: Engine, path: string): readonly Endpoint[] {
  if (isFull) return endpoints
  return endpoints.filter((endpoint) => coin(path) === ((endpoint === 'rest') === (engine === 'sqlite')))
}

export function ask(fixture: Fixture, endpoint: Endpoint, question: Question & Sender): Promise<Answer> {
  const call = endpoint === 'trpc' ? trpcCall(question) : restCall(question)
  return send(fixture, call, question)
}

export interface RawCall {
  method: string
  target: string
  headers: Record<string, string>
  body: string | null
}

function servedAt(path: string): Served {
  const served = procedures.get(path)
  if (!served) throw new Error(`There is no procedure ${path}.`)
  return served
}

function trpcCall({ path, input, encode = JSON.stringify }: Question): RawCall {
  const json = encode(input)
  if (servedAt(path).type === 'mutation')
    return { method: 'POST', target: `/trpc/${path}`, headers: { 'content-type': 'application/json' }, body: json }
  return { method: 'GET', target: `/trpc/${path}?input=${component(json)}`, headers: {}, body: null }
}

/** A call of a REST operation with each field where the contract wants it. */
export function restCall({ path, input, encode = JSON.stringify }: Question): RawCall {
  const route = routes.get(path)
  if (!route) throw new Error(`${path} has no REST operation.`)
  const given = input !== null && typeof input === 'object' ? (input as Record<string, unknown>) : {}
  const isSent = (field: Field) => Object.hasOwn(given, field.name) && given[field.name] !== undefined
  const segments = route.path.split('/')
  const headers: Record<string, string> = {}
  const body: Record<string, unknown> = { ...given }
  const query: string[] = []
  for (const field of route.fields) {
    if (field.from.place !== 'body') delete body[field.name]
    if (!isSent(field)) continue
    const value = given[field.name]
    if (field.from.place === 'path') segments[field.from.segment] = component(plain(value))
    else if (field.from.place === 'header') headers[field.from.header] = headerText(plain(value))
    else if (field.from.place === 'query') query.push(...queryOf(field.name, value))
  }
  const target = segments.join('/') + (query.length > 0 ? `?${query.join('&')}` : '')
  if (route.method === 'GET') return { method: 'GET', target, headers, body: null }
  headers['content-type'] = 'application/json'
  return { method: route.method, target, headers, body: encode(body) }
}

function queryOf(name: string, value: unknown): string[] {
  if (Array.isArray(value)) return value.map((item) => `${component(name)}=${component(plain(item))}`)
  if (value !== null && typeof value === 'object')
    return Object.entries(value).map(([key, item]) => `${component(`${name}.${key}`)}=${component(plain(item))}`)
  return [`${component(name)}=${component(plain(value))}`]
}

function plain(value: unknown): string {
  if (typeof value === 'string') return value
  return typeof value === 'object' && value !== null ? (JSON.stringify(value) ?? '') : String(value)
}

const component = (text: string): string => encodeURIComponent(text.toWellFormed())

/** Node's HTTP server lets nothing else through. */
const headerText = (text: string): string => text.replaceAll(/[^\t\x20-\x7e\x80-\xff]/g, '').trim()

/** Sends a call to the endpoints as the socket would. */
export async function send(fixture: Fixture, call: RawCall, sender: Sender = {}): Promise<Answer> {
  const headers: Record<string, string> = { ...call.headers }
  if (sender.token !== undefined) headers['authorization'] = `Bearer ${sender.token}`
  if (sender.idempotencyKey !== undefined) headers['idempotency-key'] = sender.idempotencyKey
  const out = await fixture.api.respond(incoming(call, headers))
  if (out.body instanceof ReadableStream) {
    const text = await firstEvent(out.body)
    return { status: out.status, text, headers: out.headers, data: JSON.parse(text), failure: null }
  }
  const text = typeof out.body === 'string' ? out.body : Buffer.from(out.body ?? []).toString()
  const body = text === '' ? undefined : (JSON.parse(text) as unknown)
  return { status: out.status, text, headers: out.headers, ...readBody(call.target, out.status, body) }
}

/** The JSON of the first event of a subscription, which is then left. */
async function firstEvent(body: ReadableStream<Uint8Array>): Promise<string> {
  let text = ''
  for await (const part of body.pipeThrough(new TextDecoderStream())) {
    text += part
    const found = /^data: (.*)\nid: .*\n/m.exec(text)
    if (found?.[1]) return found[1]
  }
  throw new Error(`The stream ended without an event: ${text}`)
}

function incoming(call: RawCall, headers: Record<string, string>): Incoming {
  const bytes = Buffer.from(call.body ?? '')
  return {
    method: call.method,
    target: call.target,
    header: (name) => headers[name],
    headers: () => new Headers(headers),
    body: async (limit) => {
      if (bytes.length > limit) throw tooLarge(limit)
      return bytes
    },
    ip: '127.0.0.1',
    origin: 'http://127.0.0.1:7420',
    signal: AbortSignal.timeout(60_000),
  }
}

interface TrpcBody {
  result?: { data: unknown }
  error?: { data: ErrorEnvelope }
}

/** tRPC wraps the envelope; what is refused before an endpoint is found (an address too long) comes bare. */
function readBody(target: string, status: number, body: unknown): Pick<Answer, 'data' | 'failure'> {
  const { result, error } = (target.startsWith('/trpc/') ? body : { result: { data: body } }) as TrpcBody
  if (status !== 200) return { data: undefined, failure: error?.data ?? (body as ErrorEnvelope) }
  return { data: result?.data, failure: null }
}

/** 200, or the type of the failure. */
export function outcome({ status, failure }: Answer): string {
  return failure ? failure.type : String(status)
}

/**
 * Holds an answer to an outcome with its status; a mismatch shows the whole answer.
 * @param wanted 200, or the type of the failure.
 */
export function expectOutcome(answer: Answer, wanted: string, about = ''): void {
  const { status, text } = answer
  const wantedStatus = wanted === '200' ? 200 : errorStatus[wanted as ErrorType]
  expect({ about, text, status, outcome: outcome(answer) }).toEqual({
    about,
    text,
    status: wantedStatus,
    outcome: wanted,
  })
}

/** Nothing has failed inside. */
export function expectSound({ status, text }: Answer, about = ''): void {
  expect({ about, text, sound: status < 500 }).toEqual({ about, text, sound: true })
}
