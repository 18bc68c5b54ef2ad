import type { Bytes, PortLike, ToHost, ToWindow } from './port-messages.ts'
import { compact, listenTo } from './port-messages.ts'
import { InStream } from './port-stream.ts'

export type { PortLike } from './port-messages.ts'

/** Nobody answered: the host has ended or could not reach the server. Whether the call had an effect is not known. */
export class PortError extends TypeError {
  override readonly name = 'PortError'
}

/** The window's end of a connection that outlives its ports: a host that died is replaced by another with a new port. */
export interface PortLine {
  /** `fetch` over the port of the moment. Without a port calls wait for the next one. */
  readonly fetch: typeof fetch
  /** Calls go to this port from now on; those that wait are sent. Ends the port before. */
  attach(port: PortLike): void
  /** The host has ended: calls under way fail with PortError, later ones wait for the next port. */
  gone(): void
  /** No port will come: everything fails with this message until one is attached after all. */
  fail(message: string): void
}

const goneText = 'The background process ended before it answered. It is being restarted.'

/** The renderer's `fetch`: sends a request's parts over the port and streams the answer back. Runs in a browser. */
export function portFetch(port: PortLike): typeof fetch {
  const line = createPortLine()
  line.attach(port)
  return line.fetch
}

interface Parts {
  method: string
  target: string
  headers: [string, string][]
  body: string | Bytes | null
}

class Call {
  readonly parts: Parts
  readonly answer = Promise.withResolvers<Response>()
  /** Its number on the port it was sent over. */
  id: number | null = null
  stream: InStream | null = null
  /** Lets go of the caller's signal: signals may live long. */
  release: () => void = () => {}

  constructor(parts: Parts) {
    this.parts = parts
  }

  settle(response: Response): void {
    if (this.stream) this.stream.onEnd = this.release
    else this.release()
    this.answer.resolve(response)
  }

  breakOff(cause: unknown): void {
    this.release()
    this.answer.reject(cause)
    this.stream?.fail(cause)
  }
}

export function createPortLine(): PortLine {
  const waiting = new Set<Call>()
  const sent = new Map<number, Call>()
  let port: PortLike | null = null
  let hopeless: string | null = null
  let count = 0

  const post = (message: ToHost): void => port?.postMessage(message)

  const send = (call: Call): void => {
    call.id = ++count
    sent.set(call.id, call)
    post({ type: 'request', id: call.id, ...call.parts })
  }

  const drop = (call: Call): void => {
    waiting.delete(call)
    if (call.id !== null && sent.delete(call.id)) post({ type: 'abort', id: call.id })
  }

  const receive = (message: ToWindow): void => {
    const { id } = message
    const call = sent.get(id)
    if (!call) return
    if (message.type === 'chunk') return call.stream?.push(message.bytes)
    if (message.type === 'response') {
      if (isStream(message))
        call.stream = new InStream(
          (bytes) => post({ type: 'credit', id, bytes }),
          () => drop(call),
        )
      else sent.delete(id)
      return call.settle(responseOf(message, call.stream))
    }
    sent.delete(id)
    if (message.type === 'end') call.stream?.end()
    else call.breakOff(new PortError(message.message))
  }

  const detach = (text: string): void => {
    port?.close()
    port = null
    const lost = [...sent.values()]
    sent.clear()
    for (const call of lost) call.breakOff(new PortError(text))
  }

  const start: typeof fetch = async (input, init = {}) => {
    const signal = init.signal ?? (input instanceof Request ? input.signal : null)
    signal?.throwIfAborted()
    const call = new Call(await partsOf(input, init))
    signal?.throwIfAborted()
    if (hopeless !== null) throw new PortError(hopeless)
    if (port) send(call)
    else waiting.add(call)
    if (signal) watch(signal, call, drop)
    return call.answer.promise
  }

  return {
    fetch: start,
    attach(next) {
      detach(goneText)
      hopeless = null
      port = next
      const isOurs = (): boolean => port === next
      listenTo(
        next,
        (message) => isOurs() && receive(message as ToWindow),
        () => isOurs() && detach(goneText),
      )
      for (const call of waiting) send(call)
      waiting.clear()
    },
    gone: () => detach(goneText),
    fail(message) {
      hopeless = message
      detach(message)
      for (const call of waiting) call.breakOff(new PortError(message))
      waiting.clear()
    },
  }
}

function watch(signal: AbortSignal, call: Call, drop: (call: Call) => void): void {
  const onAbort = (): void => {
    drop(call)
    call.breakOff(signal.reason)
  }
  signal.addEventListener('abort', onAbort, { once: true })
  call.release = () => signal.removeEventListener('abort', onAbort)
}

async function partsOf(input: Parameters<typeof fetch>[0], init: RequestInit): Promise<Parts> {
  const request = input instanceof Request ? input : null
  const url = new URL(request?.url ?? input, 'http://steward.invalid')
  const headers = new Headers(init.headers ?? request?.headers)
  const source = init.body ?? (request?.body ? await request.arrayBuffer() : null)
  let body: Parts['body'] = null
  if (typeof source === 'string') {
    body = source
    if (!headers.has('content-type')) headers.set('content-type', 'text/plain;charset=UTF-8')
  } else if (source !== null) {
    const carrier = new Response(source)
    const type = carrier.headers.get('content-type')
    if (type !== null && !headers.has('content-type')) headers.set('content-type', type)
    body = new Uint8Array(await carrier.arrayBuffer())
  }
  const method = (init.method ?? request?.method ?? 'GET').toUpperCase()
  return {
    method,
    target: url.pathname + url.search,
    headers: [...headers],
    body: body && (typeof body === 'string' ? body : compact(body)),
  }
}

/** Statuses whose responses may not have a body, not even an empty one. */
const bodiless = new Set([204, 205, 304])

const isStream = ({ body }: ToWindow & { type: 'response' }): boolean => body !== null && typeof body === 'object'

function responseOf(message: ToWindow & { type: 'response' }, stream: InStream | null): Response {
  const { status, headers } = message
  const body = stream ? stream.readable : (message.body as string | null)
  return new Response(bodiless.has(status) ? null : body, { status, headers })
}
