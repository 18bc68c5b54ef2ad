import type { PortLike, ToHost, ToWindow } from './port-messages.ts'
import { compact, listenTo, streamWindow } from './port-messages.ts'

export type { PortLike } from './port-messages.ts'

/** Answers a request, here or elsewhere. What it throws reaches the caller as a network error with its message. */
export type Handle = (request: Request) => Promise<Response>

export interface ServedPort {
  /** How many calls are being answered. */
  readonly size: number
  /** Aborts what is under way and closes the port. */
  close(): void
}

/** Requests have no address of their own on a port: this one stands before their path. */
const origin = 'http://steward.invalid'

interface Underway {
  abort: AbortController
  credit: number
  /** Wakes the sender that waits for credit. */
  wake: (() => void) | null
}

/**
 * Answers the requests that arrive on a port. The other side is a web page: what is not a message of ours is ignored.
 * When the port closes, everything under way is aborted.
 */
export function servePort(port: PortLike, handle: Handle): ServedPort {
  const calls = new Map<number, Underway>()
  const post = (message: ToWindow): void => port.postMessage(message)

  const answer = async (message: Asked, call: Underway): Promise<void> => {
    const { id } = message
    try {
      const response = await handle(requestOf(message, call.abort.signal))
      if (call.abort.signal.aborted) return void response.body?.cancel().catch(() => {})
      await send({ id, call, response, post })
    } catch (cause) {
      if (!call.abort.signal.aborted) post({ type: 'failed', id, message: wordsOf(cause) })
    } finally {
      calls.delete(id)
    }
  }

  const receive = (message: unknown): void => {
    if (!isMessage(message)) return
    if (message.type === 'request') {
      if (!isRequest(message) || calls.has(message.id)) return
      const call: Underway = { abort: new AbortController(), credit: streamWindow, wake: null }
      calls.set(message.id, call)
      return void answer(message, call)
    }
    const call = calls.get(message.id)
    if (!call) return
    if (message.type === 'credit' && typeof message.bytes === 'number' && message.bytes > 0)
      call.credit += message.bytes
    if (message.type === 'abort') call.abort.abort()
    call.wake?.()
  }

  const end = (): void => {
    for (const call of calls.values()) {
      call.abort.abort()
      call.wake?.()
    }
  }

  listenTo(port, receive, end)
  return {
    get size() {
      return calls.size
    },
    close() {
      end()
      port.close()
    },
  }
}

type Asked = ToHost & { type: 'request' }

function isMessage(message: unknown): message is ToHost {
  const { type, id } = (message ?? {}) as { type?: unknown; id?: unknown }
  return typeof type === 'string' && typeof id === 'number'
}

function isRequest({ method, target, headers }: Asked): boolean {
  return typeof method === 'string' && typeof target === 'string' && target.startsWith('/') && Array.isArray(headers)
}

/** @throws TypeError for parts that make no request, such as a body on a GET. */
function requestOf({ method, target, headers, body }: Asked, signal: AbortSignal): Request {
  return new Request(origin + target, { method, headers, body, signal })
}

interface Sending {
  id: number
  call: Underway
  response: Response
  post: (message: ToWindow) => void
}

async function send({ id, call, response, post }: Sending): Promise<void> {
  const { status } = response
  const headers = [...response.headers]
  const { body } = response
  if (body === null || response.headers.get('content-type') === 'application/json')
    return post({ type: 'response', id, status, headers, body: body && (await response.text()) })
  post({ type: 'response', id, status, headers, body: { stream: true } })
  await pump(body, call, (bytes) => post({ type: 'chunk', id, bytes: compact(bytes) }))
  if (!call.abort.signal.aborted) post({ type: 'end', id })
}

/** Sends chunks while there is credit. A promise of its own per wait: racing one that lives long leaks (11.25's localLink does). */
async function pump(
  body: ReadableStream<Uint8Array>,
  call: Underway,
  push: (bytes: Uint8Array) => void,
): Promise<void> {
  const reader = body.getReader()
  const { signal } = call.abort
  const stop = (): void => void reader.cancel(signal.reason).catch(() => {})
  signal.addEventListener('abort', stop, { once: true })
  if (signal.aborted) stop()
  while (!signal.aborted) {
    while (call.credit <= 0 && !signal.aborted) await credited(call)
    const { done, value } = await reader.read()
    if (done || signal.aborted) break
    call.credit -= value.byteLength
    push(value)
  }
}

async function credited(call: Underway): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  call.wake = resolve
  await promise
  call.wake = null
}

function wordsOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause)
}
