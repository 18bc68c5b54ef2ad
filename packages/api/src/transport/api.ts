import type { AnyTRPCRouter } from '@trpc/server'
import type { z } from 'zod'
import type { Actor, Context, RequestInfo } from '../core/context.ts'
import { ApiError } from '../core/errors.ts'
import type { AppContext } from '../core/app-context.ts'
import { createCallerFactory } from '../core/procedure/trpc.ts'
import type { Call, Endpoint, HttpDeps } from './call.ts'
import { answer, countProbe, countStranger, failure, settle } from './call.ts'
import { createBodyBudget } from './body-budget.ts'
import { createCors } from './cors.ts'
import { guardsOf } from './guards.ts'
import type { Incoming, Outgoing } from './incoming.ts'
import { fromRequest, toResponse } from './incoming.ts'
import { createJsonReader } from './json.ts'
import { createReadyEndpoint, healthEndpoint, signInEndpoint } from './mounts.ts'
import { printOpenApi } from './openapi.ts'
import type { PageFiles } from './pages.ts'
import { createPages } from './pages.ts'
import type { RateLimiter } from '../core/rate-limit/rate-limit.ts'
import { createRestEndpoint } from './rest.ts'
import { createTurns } from './turns.ts'
import { createTrpcEndpoint } from './trpc.ts'
import { trpcMount } from './trpc-plan.ts'

export interface EndpointOptions {
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
  /** Told when a change was refused because the database has another key than this process: it had better end. */
  keyReplaced?: () => void
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
export type ReadDownload = (app: AppContext, url: URL) => Promise<Download>

/** The whole server without a socket. */
export interface Api<R extends AnyTRPCRouter> {
  /** @param actor who asks, where the caller is trusted to say so; else the request's credential decides. */
  respond(incoming: Incoming, actor?: Actor): Promise<Outgoing>
  handle(request: Request, actor?: Actor): Promise<Response>
  /** Calls procedures in process. */
  caller(actor: Actor, request?: Partial<RequestInfo>): ReturnType<R['createCaller']>
  /** The OpenAPI 3.1 document of the REST operations. */
  openApi(): object
  /** Bytes of request bodies being received. */
  readonly bodyBytes: number
  /** Ends the threads. Requests under way must have been answered. */
  close(): Promise<void>
}

/** Longer targets are refused: nothing here needs them, and some proxies cut them. */
const maxTarget = 32 * 1024
const methods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])

/** Makes the endpoints of a router. Every answer, failures included, leaves through here. */
export function createEndpoints<R extends AnyTRPCRouter>(
  app: AppContext,
  router: R,
  options: EndpointOptions = {},
): Api<R> {
  const cors = createCors(app.settings.publicUrl, options.allowedOrigins ?? [])
  const bodies = createBodyBudget()
  const { rateLimiter = null, keyReplaced = () => {} } = options
  const [json, turns] = [createJsonReader(), createTurns()]
  const deps: HttpDeps = { app, router, cors, json, bodies, rateLimiter, turns, keyReplaced }
  const { areas, settings } = app
  const print = () =>
    printOpenApi(router, {
      publicUrl: settings.publicUrl,
      permissions: areas.permissions,
      shapes: options.shapes,
    })
  const find = endpointFinder(router, { ...options, print })
  const callers = createCallerFactory(router)
  const guards = guardsOf(app.settings.publicUrl)

  const respond = async (incoming: Incoming, actor: Actor | null): Promise<Outgoing> => {
    const began = performance.now()
    const call = newCall(app, { incoming, given: actor, guards })
    const seen = (outgoing: Outgoing): Outgoing => {
      settle(deps, call, outgoing)
      options.observe?.(call.operation, outgoing.status, (performance.now() - began) / 1000)
      return incoming.method === 'HEAD' ? headOf(outgoing) : outgoing
    }
    const origin = incoming.header('origin')
    if (origin !== undefined) cors.mark(call.headers, origin)
    try {
      const refused = refusal(call)
      if (refused) throw refused
      if (incoming.method === 'OPTIONS') return seen(preflight(deps, call, origin))
      return seen(await find(call)(deps, call))
    } catch (cause) {
      return seen(failure(deps, call, { cause, read: incoming.method === 'GET' }))
    } finally {
      call.share?.release()
    }
  }

  return {
    respond: (incoming, actor) => respond(incoming, actor ?? null),
    handle: async (request, actor) => toResponse(await respond(fromRequest(request), actor ?? null)),
    caller(actor, request) {
      const info = { id: app.ids.make('request'), ip: null, userAgent: null, idempotencyKey: null, ...request }
      const ctx: Context = { app, actor, request: info }
      return callers(ctx) as ReturnType<R['createCaller']>
    },
    openApi: print,
    get bodyBytes() {
      return bodies.bytes
    },
    close: () => deps.json.close(),
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
  app: AppContext,
  { incoming, given, guards }: Pick<Call, 'incoming' | 'given'> & { guards: ReturnType<typeof guardsOf> },
): Call {
  const { target } = incoming
  const mark = target.indexOf('?')
  const path = mark < 0 ? target : target.slice(0, mark)
  const requestId = app.ids.make('request')
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
    return new ApiError('PayloadTooLarge', `The URL is longer than ${maxTarget} characters.`, { limit: maxTarget })
  if (!methods.has(incoming.method))
    return new ApiError('MethodNotFound', `The method ${incoming.method} is not supported here.`)
  return null
}

/** What a browser asks for a page that may call is not counted: the page could not see why it is refused. */
function preflight(deps: HttpDeps, call: Call, origin: string | undefined): Outgoing {
  const { cors } = deps
  if (origin !== undefined && cors.allows(origin)) cors.preflight(call.headers, origin)
  else countStranger(deps, call)
  call.headers['allow'] = [...methods].join(', ')
  return { status: 204, headers: call.headers, body: null }
}

interface FinderOptions extends EndpointOptions {
  /** Makes the OpenAPI document. */
  print: () => object
}

function endpointFinder(router: AnyTRPCRouter, options: FinderOptions): (call: Call) => Endpoint {
  const trpc = createTrpcEndpoint(router)
  const rest = createRestEndpoint(router)
  const exact = new Map<string, Endpoint>([
    ['/health', named('health', reading(probe(1, healthEndpoint)))],
    ['/ready', named('ready', reading(probe(1, createReadyEndpoint(options.isOpen ?? (() => true)))))],
    ['/openapi.json', named('openapi', reading(createOpenApiEndpoint(options.print)))],
  ])
  if (options.metrics)
    exact.set('/metrics', named('metrics', reading(probe(metricsCost, createMetricsEndpoint(options.metrics)))))
  const signIn = named('sign-in', signInEndpoint)
  const downloads = Object.entries(options.downloads ?? {}).map(
    ([prefix, readFile]) => [prefix, named('download', reading(createDownloadEndpoint(readFile)))] as const,
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

function named(operation: string, endpoint: Endpoint): Endpoint {
  return (deps, call) => {
    call.operation = operation
    return endpoint(deps, call)
  }
}

/** How many calls the reading of all figures counts for. */
const metricsCost = 10

/** An endpoint for those who watch the process. */
function probe(cost: number, endpoint: Endpoint): Endpoint {
  return async (deps, call) => {
    countProbe(deps, call, cost)
    return endpoint(deps, call)
  }
}

/** An endpoint that only answers `GET` and `HEAD`. */
function reading(endpoint: Endpoint): Endpoint {
  return async (deps, call) => {
    const { method } = call.incoming
    if (method !== 'GET' && method !== 'HEAD') {
      call.headers['allow'] = 'GET, HEAD, OPTIONS'
      throw new ApiError('MethodNotFound', `${method} is not supported here. Use GET.`)
    }
    return endpoint(deps, call)
  }
}

function createOpenApiEndpoint(print: () => object): Endpoint {
  let document: object | undefined
  return async (deps, call) => {
    countStranger(deps, call)
    return answer(call, 200, (document ??= print()))
  }
}

function createMetricsEndpoint(metrics: NonNullable<EndpointOptions['metrics']>): Endpoint {
  return async (_hall, call) => {
    const { contentType, body } = await metrics()
    call.headers['content-type'] = contentType
    return { status: 200, headers: call.headers, body }
  }
}

function createDownloadEndpoint(readFile: ReadDownload): Endpoint {
  return async (deps, call) => {
    countStranger(deps, call)
    const { filename, body, size } = await readFile(
      deps.app,
      new URL(call.incoming.target, deps.app.settings.publicUrl),
    )
    call.headers['content-type'] = 'application/json'
    call.headers['content-disposition'] = `attachment; filename="${filename}"`
    return { status: 200, headers: call.headers, body, size }
  }
}
