import { sseHeaders } from '@trpc/server/unstable-core-do-not-import'
import { sseSettings } from '../core/procedure/trpc.ts'
import type { Call } from './call.ts'
import type { Outgoing } from './incoming.ts'

interface Stream {
  /** Starts the procedure. @throws its refusal, before anything is sent. */
  open: (signal: AbortSignal) => Promise<unknown>
  /** The envelope of what is thrown later: the stream's last event. */
  envelopeOf: (cause: unknown) => object
}

/**
 * Answers with events (WHATWG HTML 9.2) that any client reads: each has an id and the JSON its schema declares, and signs
 * of life are comments. The one other event is `failure`, with the envelope; it is the last.
 */
export async function streamEvents(call: Call, { open, envelopeOf }: Stream): Promise<Outgoing> {
  const left = new AbortController()
  const signal = AbortSignal.any([call.incoming.signal, left.signal])
  const source = (await open(signal)) as AsyncIterable<readonly [id: string, event: unknown]>
  for (const [name, value] of Object.entries(sseHeaders)) call.headers[name.toLowerCase()] = value
  const encoder = new TextEncoder()
  const lines = linesOf(source, (cause) => (signal.aborted ? null : envelopeOf(cause)))
  let ping: NodeJS.Timeout | undefined
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      const comment = (word: string): void => controller.enqueue(encoder.encode(`: ${word}\n\n`))
      comment('connected')
      ping = setInterval(() => {
        // Who does not read is not told that we live.
        if ((controller.desiredSize ?? 0) > 0) comment('ping')
      }, sseSettings.ping.intervalMs)
      ping.unref()
    },
    async pull(controller) {
      const next = await lines.next()
      if (left.signal.aborted) return
      if (!next.done) return controller.enqueue(encoder.encode(next.value))
      clearInterval(ping)
      controller.close()
    },
    cancel() {
      clearInterval(ping)
      // It must reach a procedure that waits: a generator is not ended while its next value is due.
      left.abort()
      void lines.return(undefined)
    },
  })
  return { status: 200, headers: call.headers, body }
}

async function* linesOf(
  source: AsyncIterable<readonly [string, unknown]>,
  envelopeOf: (cause: unknown) => object | null,
): AsyncGenerator<string> {
  try {
    for await (const [id, event] of source) yield `data: ${JSON.stringify(event)}\nid: ${id}\n\n`
  } catch (cause) {
    const envelope = envelopeOf(cause)
    if (envelope) yield `event: failure\ndata: ${JSON.stringify(envelope)}\n\n`
  }
}
