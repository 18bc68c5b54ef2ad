import type { AnyTRPCRouter } from '@trpc/server'
import { fetchRequestHandler } from '@trpc/server/adapters/fetch'
import { toEnvelope } from '../core/errors.ts'
import type { Call, HttpDeps } from './call.ts'
import { contextOf, note } from './call.ts'
import type { Incoming, Outgoing } from './incoming.ts'
import { fromResponse } from './incoming.ts'
import type { Admitted } from './trpc-plan.ts'
import { maxBatchSize, readTrpcBody, shareOf, trpcMount } from './trpc-plan.ts'

/** Answers streamed batches by the library's own adapter, with our limits on the body. */
export function createStreamEndpoint(router: AnyTRPCRouter) {
  return async (deps: HttpDeps, call: Call, { plan, actor }: Admitted): Promise<Outgoing> => {
    const ctx = contextOf(deps, call, { actor, batch: shareOf(plan) })
    const response = await fetchRequestHandler({
      endpoint: trpcMount,
      router,
      maxBatchSize,
      req: new StreamRequest(call.incoming, () => readTrpcBody(deps, call, { plan, actor })),
      createContext: () => ctx,
      onError: ({ error, type }) => {
        const envelope = toEnvelope(error, { now: new Date(deps.app.clock.now()), read: type === 'query' })
        note(deps, call, { envelope, cause: error.cause ?? error })
      },
    })
    return fromResponse(response, call.headers)
  }
}

/** A web request whose JSON is read by us. */
class StreamRequest extends Request {
  override readonly json: () => Promise<unknown>

  constructor(incoming: Incoming, json: () => Promise<unknown>) {
    const { target, method, signal } = incoming
    super(new URL(target, 'http://steward.invalid'), { method, headers: incoming.headers(), signal })
    this.json = json
  }
}
