import type { AnyTRPCRouter } from '@trpc/server'
import { TRPCError, getErrorShape, getTRPCErrorFromUnknown } from '@trpc/server'
import type { Context } from '../core/context.ts'
import type { ErrorEnvelope } from '../core/errors.ts'
import { ApiError } from '../core/errors.ts'
import { jsonOf } from '../core/blob/long-text.ts'
import type { Call, Endpoint, HttpDeps } from './call.ts'
import { admit, contextOf, countRefused, countStranger, note, sayWhen } from './call.ts'
import type { Outgoing } from './incoming.ts'
import type { Served } from './procedures.ts'
import { proceduresOf } from './procedures.ts'
import type { Admitted, Plan } from './trpc-plan.ts'
import { createPlanner, shareOf, readTrpcBody } from './trpc-plan.ts'
import { sendEvents } from './trpc-events.ts'
import { createStreamEndpoint } from './trpc-stream.ts'

interface Failure {
  error: { data: ErrorEnvelope & { httpStatus: number } }
}
type Answer = { result: { data: unknown } } | Failure

/**
 * Answers tRPC's HTTP protocol (11.22.1) for queries and mutations, single and batched, without web requests: the same
 * JSON and status as the library's fetch adapter, which a property test holds. Streamed batches go to the library itself.
 * Stricter: bodies that are not JSON are refused, and so is broken UTF-8; a subscription that is refused before it began
 * answers with the refusal's status.
 */
export function createTrpcEndpoint(router: AnyTRPCRouter): Endpoint {
  const procedures = proceduresOf(router)
  const [planOf, streams] = [createPlanner(procedures), createStreamEndpoint(router)]
  return async (deps, call) => {
    if (call.incoming.method === 'HEAD') {
      countStranger(deps, call)
      return { status: 204, headers: call.headers, body: null }
    }
    const origin = call.headers['vary']
    call.headers['vary'] = `trpc-accept, accept${origin === undefined ? '' : `, ${String(origin)}`}`
    let plan: Plan | undefined
    try {
      plan = planOf(call)
      call.operation = plan.operation
      const actor = await admit(deps, call, plan.calls.length)
      refuseSharedKey(call, plan)
      if (plan.type === 'subscription') return await subscribe(deps, call, { plan, actor })
      if (wantsStream(call)) return await streams(deps, call, { plan, actor })
      return reply(call, await runAll(deps, call, { plan, actor }), plan.isBatch)
    } catch (cause) {
      const failed = failedCall(deps, call, { cause, type: plan?.type ?? 'unknown', path: undefined, ctx: undefined })
      return reply(call, [failed], false)
    }
  }
}

function wantsStream({ incoming }: Call): boolean {
  const accept = incoming.header('trpc-accept')
  if (accept !== undefined) return accept === 'application/jsonl'
  return incoming.header('accept')?.includes('application/jsonl') ?? false
}

/** One key stands for one effect; in a batch it could not say which. */
function refuseSharedKey({ incoming }: Call, { type, calls }: Plan): void {
  if (type === 'mutation' && calls.length > 1 && incoming.header('idempotency-key') !== undefined)
    throw new ApiError('InvalidPayload', 'A request with an idempotency key can have only one mutation.')
}

async function runAll(deps: HttpDeps, call: Call, { plan, actor }: Admitted): Promise<Answer[]> {
  const ctx = contextOf(deps, call, { actor, longTexts: true, batch: shareOf(plan) })
  const inputs = inputsOf(deps, call, { plan, actor })
  const one = async ({ path, served }: Plan['calls'][number], index: number): Promise<Answer> => {
    try {
      const data = await serve(call, { path, served }).run(ctx, async () => (await inputs())[index])
      return { result: { data } }
    } catch (cause) {
      // A single call is formatted by the type of the whole, a batched one by its own, as the library does.
      const type = plan.isBatch ? (served?.type ?? 'unknown') : plan.type
      return failedCall(deps, call, { cause, type, path, ctx })
    }
  }
  const [only] = plan.calls
  return plan.calls.length === 1 && only ? [await one(only, 0)] : Promise.all(plan.calls.map(one))
}

/** A subscription that is refused is answered like any other call; one that began reports in its stream. */
async function subscribe(deps: HttpDeps, call: Call, { plan, actor }: Admitted): Promise<Outgoing> {
  const [only] = plan.calls
  if (!only || plan.isBatch) throw new ApiError('InvalidPayload', 'A subscription cannot be part of a batch.')
  const ctx = contextOf(deps, call, { actor })
  const { path } = only
  try {
    const served = serve(call, only)
    const input = withLastEventId(fromText(plan.input), call)
    return await sendEvents(call, {
      open: (signal) => served.run(ctx, async () => input, signal),
      formatError: (cause) => failedCall(deps, call, { cause, type: 'subscription', path, ctx }).error,
    })
  } catch (cause) {
    return reply(call, [failedCall(deps, call, { cause, type: 'subscription', path, ctx })], false)
  }
}

/** An `EventSource` that comes back says the last id it got in a header; the procedure reads it in its input. */
function withLastEventId(input: unknown, { incoming }: Call): unknown {
  const lastEventId = incoming.header('last-event-id')
  return lastEventId === undefined ? input : { ...(input as object | undefined), lastEventId }
}

function serve({ incoming }: Call, { path, served }: Plan['calls'][number]): Served {
  if (!served) throw new TRPCError({ code: 'NOT_FOUND', message: `No procedure found on path "${path}"` })
  const expected = served.type === 'mutation' ? 'POST' : 'GET'
  if (incoming.method !== expected)
    throw new TRPCError({
      code: 'METHOD_NOT_SUPPORTED',
      message: `Unsupported ${incoming.method}-request to ${served.type} procedure at path "${path}"`,
    })
  return served
}

/** The inputs by position; read once, and only when a procedure asks: nobody whom it does not admit gets that far. */
function inputsOf(deps: HttpDeps, call: Call, admitted: Admitted): () => Promise<Record<number, unknown>> {
  const { plan } = admitted
  const read = async (): Promise<Record<number, unknown>> => {
    const value = call.incoming.method === 'GET' ? fromText(plan.input) : await readTrpcBody(deps, call, admitted)
    if (!plan.isBatch) return [value]
    if (value === undefined) return []
    if (value === null || typeof value !== 'object' || Array.isArray(value))
      throw new ApiError('InvalidPayload', 'The input of a batch must be an object keyed by position.')
    return value as Record<number, unknown>
  }
  let reading: Promise<Record<number, unknown>> | undefined
  return () => (reading ??= read())
}

function fromText(text: string | null): unknown {
  if (!text) return undefined
  try {
    return JSON.parse(text)
  } catch {
    throw new ApiError('InvalidPayload', 'The parameter "input" is not valid JSON.')
  }
}

interface Failed {
  cause: unknown
  type: Served['type'] | 'unknown'
  path: string | undefined
  ctx: Context | undefined
}

function failedCall(deps: HttpDeps, call: Call, { cause, type, path, ctx }: Failed): Failure {
  const error = getTRPCErrorFromUnknown(countRefused(deps, call, cause))
  const { _def: definition } = deps.router
  const { _config: config } = definition
  const answer: Failure = { error: getErrorShape({ config, error, type, path, input: undefined, ctx }) }
  note(deps, call, { envelope: answer.error.data, cause: error.cause ?? error })
  sayWhen(call, answer.error.data)
  return answer
}

const statusOf = (answer: Answer): number => ('error' in answer ? answer.error.data.httpStatus : 200)

function reply(call: Call, answers: Answer[], isBatch: boolean): Outgoing {
  const [first] = answers
  const status = first && answers.every((one) => statusOf(one) === statusOf(first)) ? statusOf(first) : 207
  if (status === 401) call.headers['www-authenticate'] = 'Bearer'
  call.headers['content-type'] = 'application/json'
  return {
    status,
    headers: call.headers,
    ...jsonOf(isBatch ? answers : answers[0]),
  }
}
