import type { EventFetch } from './event-source.ts'

/** Steward did not answer. Whatever else a call throws is a refusal of Steward or a fault of the program that calls. */
export class Unanswered extends Error {
  override readonly name = 'Unanswered'
  /** The HTTP status of what answered in its place, such as a proxy; null when nothing came, or not the whole. */
  readonly status: number | null

  constructor(message: string, { status = null, cause }: { status?: number | null; cause?: unknown } = {}) {
    super(message, { cause })
    this.status = status
  }
}

/** A `fetch` that throws `Unanswered` where Steward's answer did not come, or not whole. Aborts stay what they are. */
export function answering(fetch: EventFetch): EventFetch {
  return async (url, init) => {
    // A header that cannot be sent is the caller's mistake, and fetch would throw the same as for a dead server.
    void new Headers(init.headers)
    const response = await fetch(url, init).catch(lost('Steward did not answer'))
    if (!isOurs(response)) {
      void response.body?.cancel().catch(() => {})
      const message = `Something else answered in place of Steward, with HTTP status ${response.status}.`
      throw new Unanswered(message, { status: response.status })
    }
    return whole(response)
  }
}

function isOurs({ status, headers }: Response): boolean {
  return status === 204 || /^(application\/json|text\/event-stream)\b/.test(headers.get('content-type') ?? '')
}

/** Lets what breaks while the body is read be told apart, too. */
function whole(response: Response): Response {
  const brokeOff = lost('Steward’s response broke off')
  const json = response.json.bind(response)
  const source = Object.getOwnPropertyDescriptor(Response.prototype, 'body')?.get?.bind(response) as
    | (() => ReadableStream<Uint8Array<ArrayBuffer>> | null)
    | undefined
  let body: ReadableStream<Uint8Array<ArrayBuffer>> | null | undefined
  return Object.defineProperties(response, {
    json: { value: () => json().catch(brokeOff) },
    body: { get: () => (body ??= guarded(source?.() ?? null, brokeOff)) },
  })
}

function guarded<T>(stream: ReadableStream<T> | null, brokeOff: (cause: unknown) => never): ReadableStream<T> | null {
  if (stream === null) return null
  const reader = stream.getReader()
  return new ReadableStream<T>(
    {
      async pull(controller) {
        const part = await reader.read().catch(brokeOff)
        if (part.done) controller.close()
        else controller.enqueue(part.value)
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  )
}

function lost(what: string): (cause: unknown) => never {
  return (cause) => {
    if (cause instanceof Error && cause.name === 'AbortError') throw cause
    throw new Unanswered(`${what}: ${reasonOf(cause)}`, { cause })
  }
}

/** Node hides the reason behind "fetch failed". */
function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause)
  return cause.cause instanceof Error && cause.cause.message !== '' ? cause.cause.message : cause.message
}
