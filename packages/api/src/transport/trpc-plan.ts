import { ApiError } from '../core/errors.ts'
import { createBatchShare, type BatchShare } from '../core/batch-share.ts'
import { cutText } from '../core/cut.ts'
import type { Actor } from '../core/context.ts'
import { limitsFor, parseBody, readBytes } from './body.ts'
import type { Call, HttpDeps } from './call.ts'
import { sendsJson } from './incoming.ts'
import type { Shape } from './json-scan.ts'
import { shapeOf, shapeOfBatch } from './json-shape.ts'
import type { Served } from './procedures.ts'

export const trpcMount = '/trpc'
export const maxBatchSize = 100
/** Characters; longer than the name of any procedure. */
const longestName = 64

/** What a tRPC request asks for. */
export interface Plan {
  isBatch: boolean
  calls: readonly { path: string; served: Served | undefined }[]
  type: Served['type'] | 'unknown'
  /** The names of what is called, for the log. */
  operation: string
  /** JSON, as the query carries it; null without any. */
  input: string | null
}

export interface Admitted {
  plan: Plan
  actor: Actor
}

/**
 * Reads tRPC requests as far as their address says what they ask for.
 * @throws UnsupportedMediaType for a body that is not JSON; InvalidPayload for a batch that is too large or mixed.
 */
export function createPlanner(procedures: ReadonlyMap<string, Served>): (call: Call) => Plan {
  const singles = new Map(
    [...procedures].map(([name, served]) => {
      const single: Asked = { calls: [{ path: name, served }], type: served.type, operation: name }
      return [`${trpcMount}/${name}`, single]
    }),
  )
  return ({ incoming, path, query }) => {
    const { isBatch, input } = paramsOf(query)
    const single = isBatch ? undefined : singles.get(path)
    const named = single ? '' : decodePath(path.slice(trpcMount.length + 1).replace(/\/$/, ''))
    if (incoming.method !== 'GET' && !sendsJson(incoming))
      throw new ApiError('UnsupportedMediaType', 'Send the body as content-type: application/json.')
    const { calls, type, operation } = single ?? askedFor(procedures, isBatch ? named.split(',') : [named])
    return { isBatch, input, calls, type, operation }
  }
}

type Asked = Pick<Plan, 'calls' | 'type' | 'operation'>

function askedFor(procedures: ReadonlyMap<string, Served>, paths: readonly string[]): Asked {
  if (paths.length > maxBatchSize)
    throw new ApiError('InvalidPayload', `A batch can have at most ${maxBatchSize} calls.`)
  const calls = paths.map((name) => {
    const served = procedures.get(name)
    // What is no procedure is repeated in the refusal.
    return { path: served ? name : cutText(name, longestName), served }
  })
  const types = new Set(calls.flatMap(({ served }) => (served ? [served.type] : [])))
  if (types.size > 1) throw new ApiError('InvalidPayload', `One batch cannot mix ${[...types].join(' and ')}.`)
  const [type = 'unknown'] = types
  const operation = calls.map(({ path, served }) => (served ? path : '(unknown)')).join(',')
  return { calls, type, operation }
}

/** The query as the library's client writes it is read in a fraction of the time. */
function paramsOf(query: string): Pick<Plan, 'isBatch' | 'input'> {
  const plain = /^(batch=1&)?input=([^&+]*)$/.exec(query)
  try {
    if (plain) return { isBatch: plain[1] !== undefined, input: decodeURIComponent(plain[2] ?? '') }
  } catch {
    // Broken escapes are read as the standard says.
  }
  const params = new URLSearchParams(query)
  return { isBatch: params.get('batch') === '1', input: params.get('input') }
}

/** What the calls of a batch share; none where there is one call. */
export function shareOf({ calls }: Plan): BatchShare | undefined {
  return calls.length > 1 ? createBatchShare() : undefined
}

function decodePath(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    throw new ApiError('InvalidPayload', 'The path has an invalid percent-encoding.')
  }
}

/** @throws PayloadTooLarge, RateLimited, InvalidPayload, LimitExceeded. */
export async function readTrpcBody(deps: HttpDeps, call: Call, { plan, actor }: Admitted): Promise<unknown> {
  const called = plan.calls.map(({ served }) => served)
  const limits = limitsFor({ app: deps.app, actor }, called)
  const bytes = await readBytes(deps, call, limits.bytes)
  const [only] = called
  const shape = (): Shape => (plan.isBatch ? shapeOfBatch(called) : only ? shapeOf(only) : false)
  return parseBody(deps, call, bytes, { limits, shape })
}
