import { sseHeaders, sseStreamProducer } from '@trpc/server/unstable-core-do-not-import'
import { sseSettings } from '../core/procedure/trpc.ts'
import type { Call } from './call.ts'
import type { Outgoing } from './incoming.ts'

interface Subscription {
  /** Starts the procedure. @throws its refusal, before anything is sent. */
  open: (signal: AbortSignal) => Promise<unknown>
  /** What is thrown later, as the stream's last event tells it. */
  formatError: (cause: unknown) => unknown
}

/** Answers with events (WHATWG HTML 9.2) as tRPC's `httpSubscriptionLink` reads them. */
export async function sendEvents(call: Call, { open, formatError }: Subscription): Promise<Outgoing> {
  const ended = new AbortController()
  const events = await open(AbortSignal.any([call.incoming.signal, ended.signal]))
  const body = sseStreamProducer({
    ...sseSettings,
    data: events as AsyncIterable<unknown>,
    lastEventId: call.incoming.header('last-event-id') ?? null,
    formatError: ({ error }) => formatError(error),
  })
  for (const [name, value] of Object.entries(sseHeaders)) call.headers[name.toLowerCase()] = value
  // Whoever cancels the body must reach a procedure that waits: a generator is not ended while its next value is due.
  const watched = body.pipeThrough(new TransformStream({ cancel: () => ended.abort() }))
  return { status: 200, headers: call.headers, body: watched }
}
