import type { AnyTRPCRouter } from '@trpc/server'
import type { z } from 'zod'
import type { Actor, Context, RequestInfo } from '../core/context.ts'
import { ApiError } from '../core/errors.ts'
import type { House } from '../core/house.ts'
import { createCallerFactory } from '../core/procedure/trpc.ts'
import type { Call, Door, Hall } from './call.ts'
import { answer, countProbe, countStranger, failure, settle } from './call.ts'
import { createBodyBudget } from './body-budget.ts'
import { createCors } from './cors.ts'
import { guardsOf } from './guards.ts'
import type { Incoming, Outgoing } from './incoming.ts'
import { fromRequest, toResponse } from './incoming.ts'
import { createJsonReader } from './json.ts'
import { createReadyDoor, healthDoor, signInDoor } from './mounts.ts'
import { printOpenApi } from './openapi.ts'
import type { PageFiles } from './pages.ts'
import { createPages } from './pages.ts'
import type { RateLimiter } from '../core/rate-limit.ts'
import { createRestDoor } from './rest.ts'
import { createTurns } from './turns.ts'
import { createTrpcDoor } from './trpc.ts'
import { trpcMount } from './trpc-plan.ts'

export interface DoorOptions {
  /** Origins of pages elsewhere that may call with credentials, beside the public address (see `Cors`). */
  allowedOrigins?: readonly string[]
  /** Without one nothing is limited, and answers carry no rate-limit headers. */
  rateLimiter?: RateLimiter
  /** The process's metrics in the Prometheus text format. */
  metrics?: () => Promise<{ contentType: string; body: string }>
  /** False while the process shuts down; `/ready` then refuses. */
  isOpen?: () => boolean
  /** Told of every answer: the procedure's path or the mount, the status, and the seconds it took to make. */
  observe?: (operation: string, status: number, seconds: number) => void
  /** Reads what links with a right of their own lead to, by the path they start with. */
  downloads?: Readonly<Record<string, ReadDownload>>
  /** The files of the web console. */
  pages?: PageFiles
  /** Shapes with a name of their own in the OpenAPI document. */
  shapes?: Readonly<Record<string, z.ZodType>>
}

export interface Download {
  filename: string
  body: ReadableStream<Uint8Array>
  /** Bytes, about. */
  size: number
}

/** Finds the file that a link names and checks the link. Its failures are answered in the envelope. */
export type ReadDownload = (house: House, url: URL) => Promise<Download>

/** The whole server without a socket. */
export interface App<R extends AnyTRPCRouter> {
  /** @param actor who asks, where the caller is trusted to say so; else the request's credential decides. */
  respond(incoming: Incoming, actor?: Actor): Promise<Outgoing>
  handle(request: Request, actor?: Actor): Promise<Response>
  /** Calls procedures in process. */
  caller(actor: Actor, request?: Partial<RequestInfo>): ReturnType<R['createCaller']>
  /** The OpenAPI 3.1 document of the REST operations. */
  openApi(): object
  /** Bytes of request bodies that are under way. */
  readonly bodyBytes: number
  /** Ends the threads. Requests under way must have been answered. */
  close(): Promise<void>
}

/** Longer targets are refused: nothing here needs them, and some proxies cut them. */
const maxTarget = 32 * 1024
const methods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])

/** Makes the doors of a router. Every answer, failures included, leaves through here. */
export function createDoors<R extends AnyTRPCRouter>(house: House, router: R, options: DoorOptions = {}): App<R> {
  const cors = createCors(house.settings.publicUrl, options.allowedOrigins ?? [])
  const bodies = createBodyBudget()
  const { rateLimiter = null } = options
  const hall: Hall = { house, router, cors, json: createJsonReader(), bodies, rateLimiter, turns: createTurns() }
  const find = doorFinder(router, options)
  const callers = createCallerFactory(router)
  const guards = guardsOf(house.settings.publicUrl)

  const respond = async (incoming: Incoming, actor: Actor | null): Promise<Outgoing> => {
    const outgoing = await pass(incoming, actor)
    return incoming.method === 'HEAD' ? headOf(outgoing) : outgoing
  }

  const pass = async (incoming: Incoming, actor: Actor | null): Promise<Outgoing> => {
    const began = performance.now()
    const call = newCall(house, { incoming, given: actor, guards })
    const seen = (outgoing: Outgoing): Outgoing => {
      settle(hall, call, outgoing)
      options.observe?.(call.operation, outgoing.status, (performance.now() - began) / 1000)
      return outgoing
    }
    const origin = incoming.header('origin')
    if (origin !== undefined) cors.mark(call.headers, origin)
    try {
      const refused = refusal(call)
      if (refused) throw refused
      if (incoming.method === 'OPTIONS') return seen(preflight(hall, call, origin))
      return seen(await find(call)(hall, call))
    } catch (cause) {
      return seen(failure(hall, call, { cause, read: incoming.method === 'GET' }))
    } finally {
      call.share?.release()
    }
  }

  return {
    respond: (incoming, actor) => respond(incoming, actor ?? null),
    handle: async (request, actor) => toResponse(await respond(fromRequest(request), actor ?? null)),
    caller(actor, request) {
      const info = { id: house.ids.make('request'), ip: null, userAgent: null, idempotencyKey: null, ...request }
      const ctx: Context = { house, actor, request: info }
      return callers(ctx) as ReturnType<R['createCaller']>
    },
    openApi: () => printOpenApi(router, options.shapes),
    get bodyBytes() {
      return bodies.bytes
    },
    close: () => hall.json.close(),
  }
}

/** The answer to HEAD: what GET would say, its length too where that is known, and nothing of it. */
function headOf({ status, headers, body }: Outgoing): Outgoing {
  if (body === null) return { status, headers, body }
  if (typeof body === 'string' || body instanceof Uint8Array)
    headers['content-length'] ??= String(Buffer.byteLength(body))
  else body.cancel().catch(() => {})
  return { status, headers, body: null }
}

function newCall(
  house: House,
  { incoming, given, guards }: Pick<Call, 'incoming' | 'given'> & { guards: ReturnType<typeof guardsOf> },
): Call {
  const { target } = incoming
  const mark = target.indexOf('?')
  const path = mark < 0 ? target : target.slice(0, mark)
  const requestId = house.ids.make('request')
  return {
    incoming,
    path,
    query: mark < 0 ? '' : target.slice(mark + 1),
    requestId,
    given,
    headers: { 'x-request-id': requestId, ...guards },
    operation: '(none)',
    who: given,
    share: null,
    counted: null,
    turn: null,
  }
}

function refusal({ incoming }: Call): ApiError | null {
  if (incoming.target.length > maxTarget)
    return new ApiError('PayloadTooLarge', `The address is longer than ${maxTarget} characters.`, { limit: maxTarget })
  if (!methods.has(incoming.method))
    return new ApiError('MethodNotFound', `The method ${incoming.method} does not exist here.`)
  return null
}

/** What a browser asks for a page that may call is not counted: the page could not see why it is refused. */
function preflight(hall: Hall, call: Call, origin: string | undefined): Outgoing {
  const { cors } = hall
  if (origin !== undefined && cors.allows(origin)) cors.preflight(call.headers, origin)
  else countStranger(hall, call)
  call.headers['allow'] = [...methods].join(', ')
  return { status: 204, headers: call.headers, body: null }
}

function doorFinder(router: AnyTRPCRouter, options: DoorOptions): (call: Call) => Door {
  const trpc = createTrpcDoor(router)
  const rest = createRestDoor(router)
  const exact = new Map<string, Door>([
    ['/health', named('health', reading(probe(1, healthDoor)))],
    ['/ready', named('ready', reading(probe(1, createReadyDoor(options.isOpen ?? (() => true)))))],
    ['/openapi.json', named('openapi', reading(createOpenApiDoor(() => printOpenApi(router, options.shapes))))],
  ])
  if (options.metrics)
    exact.set('/metrics', named('metrics', reading(probe(metricsCost, createMetricsDoor(options.metrics)))))
  const signIn = named('sign-in', signInDoor)
  const downloads = Object.entries(options.downloads ?? {}).map(
    ([prefix, readFile]) => [prefix, named('download', reading(createDownloadDoor(readFile)))] as const,
  )
  const page = options.pages ? createPages(options.pages) : () => null
  return (call) => {
    const { path } = call
    if (path.startsWith('/v1/') || path.startsWith('/v2/')) return rest
    if (path.startsWith(`${trpcMount}/`)) return trpc
    if (path.startsWith('/auth/')) return signIn
    return exact.get(path) ?? downloads.find(([prefix]) => path.startsWith(prefix))?.[1] ?? page(call) ?? rest
  }
}

function named(operation: string, door: Door): Door {
  return (hall, call) => {
    call.operation = operation
    return door(hall, call)
  }
}

/** How many calls the reading of all figures counts for. */
const metricsCost = 10

/** A door for those who watch the process. */
function probe(cost: number, door: Door): Door {
  return async (hall, call) => {
    countProbe(hall, call, cost)
    return door(hall, call)
  }
}

/** A door that only answers `GET` and `HEAD`. */
function reading(door: Door): Door {
  return async (hall, call) => {
    const { method } = call.incoming
    if (method !== 'GET' && method !== 'HEAD') {
      call.headers['allow'] = 'GET, HEAD, OPTIONS'
      throw new ApiError('MethodNotFound', `${method} does not exist here; there is GET.`)
    }
    return door(hall, call)
  }
}

function createOpenApiDoor(print: () => object): Door {
  let document: object | undefined
  return async (hall, call) => {
    countStranger(hall, call)
    return answer(call, 200, (document ??= print()))
  }
}

function createMetricsDoor(metrics: NonNullable<DoorOptions['metrics']>): Door {
  return async (_hall, call) => {
    const { contentType, body } = await metrics()
    call.headers['content-type'] = contentType
    return { status: 200, headers: call.headers, body }
  }
}

function createDownloadDoor(readFile: ReadDownload): Door {
  return async (hall, call) => {
    countStranger(hall, call)
    const { filename, body, size } = await readFile(
      hall.house,
      new URL(call.incoming.target, hall.house.settings.publicUrl),
    )
    call.headers['content-type'] = 'application/json'
    call.headers['content-disposition'] = `attachment; filename="${filename}"`
    return { status: 200, headers: call.headers, body, size }
  }
}
