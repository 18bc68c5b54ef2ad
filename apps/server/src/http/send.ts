import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Outgoing } from '@steward/api/server'

/** What is left of a refused body is read away up to here, so that the answer is not lost to a reset. */
const drainLimit = 128 * 1024 * 1024
const drainTime = 10_000
/** Bodies up to this size are read away by node itself and the connection is kept. */
const smallRest = 64 * 1024

export interface Sending {
  request: IncomingMessage
  response: ServerResponse
  /** Milliseconds for which the caller may take nothing of an answer. */
  stallTime: number
}

/** Sends an answer that is at hand in one write. Streams and refused uploads take `sendStream` and `sendEarly`. */
export function send(exchange: Sending, outgoing: Outgoing): Promise<void> | undefined {
  const { request, response } = exchange
  const { status, body } = outgoing
  if (body instanceof ReadableStream) return sendStream(exchange, outgoing, body)
  const length = body === null ? 0 : typeof body === 'string' ? Buffer.byteLength(body) : body.byteLength
  const early = !request.complete && isLarge(request)
  // It was not told to send its body: whether it does all the same, only the end of the connection can tell.
  if (!request.complete && request.headers.expect !== undefined) response.shouldKeepAlive = false
  if (early) response.shouldKeepAlive = false
  // Of a body that is not sent (HEAD, 304) the length is not known here, and 0 would be wrong.
  const isBare = status === 204 || status === 304 || (request.method === 'HEAD' && body === null)
  response.writeHead(status, flatHeaders(outgoing, isBare ? undefined : length))
  if (early) return sendEarly(request, response, body)
  if (length > smallRest) cutIfStalled(exchange)
  if (body === null || length === 0) response.end()
  else response.end(body)
  return undefined
}

function flatHeaders({ headers }: Outgoing, length: number | undefined): string[] {
  const flat: string[] = []
  let sized = false
  for (const name in headers) {
    const value = headers[name]
    if (value === undefined) continue
    if (name === 'content-length') sized = true
    if (typeof value === 'string') flat.push(name, value)
    else for (const one of value) flat.push(name, one)
  }
  if (length !== undefined && !sized) flat.push('content-length', String(length))
  return flat
}

function isLarge(request: IncomingMessage): boolean {
  const declared = request.headers['content-length']
  if (declared !== undefined) return Number(declared) > smallRest
  return request.headers['transfer-encoding'] !== undefined
}

/** Answers at once, then reads away what the caller still sends, within bounds, before the connection closes. */
async function sendEarly(request: IncomingMessage, response: ServerResponse, body: string | Uint8Array | null) {
  if (body !== null && body.length > 0) response.write(body)
  else response.flushHeaders()
  let rest = drainLimit
  const stop = AbortSignal.timeout(drainTime)
  request.on('data', (chunk: Buffer) => {
    rest -= chunk.length
    if (rest < 0) response.destroy()
  })
  request.resume()
  // A caller that breaks off is fine: there is nobody left to answer.
  if (!request.readableEnded && !request.destroyed) await once(request, 'end', { signal: stop }).catch(() => {})
  response.end()
}

/** Answers that are streams, with what ends them early; null for those that have an end of their own. */
const streams = new WeakMap<ServerResponse, (() => void) | null>()

export function isStreaming(response: ServerResponse): boolean {
  return streams.has(response)
}

/** Ends the response if it is a stream of events, which would go on for ever; its reader comes back by itself. */
export function endEvents(response: ServerResponse): void {
  streams.get(response)?.()
}

/** Node looks whether anything left meanwhile, and destroys the connection of who takes nothing. */
function cutIfStalled({ response, stallTime }: Sending): void {
  response.socket?.setTimeout(stallTime)
}

async function sendStream(exchange: Sending, outgoing: Outgoing, body: ReadableStream<Uint8Array>) {
  const { response } = exchange
  response.writeHead(outgoing.status, flatHeaders(outgoing, undefined))
  response.flushHeaders()
  const reader = body.getReader()
  const cancel = (): void => void reader.cancel().catch(() => {})
  response.once('close', cancel)
  const isEvents = String(outgoing.headers['content-type'] ?? '').startsWith('text/event-stream')
  streams.set(response, isEvents ? cancel : null)
  try {
    for (let part = await reader.read(); !part.done && !response.destroyed; part = await reader.read()) {
      if (!response.write(part.value)) await drained(exchange)
    }
    cutIfStalled(exchange)
    response.end()
  } catch (cause) {
    if (response.destroyed) return
    // The status is long sent: a broken connection is the only way left to say that this is not the whole.
    response.destroy()
    throw cause
  }
}

function drained(exchange: Sending): Promise<void> {
  const { response } = exchange
  return new Promise((resolve) => {
    const { socket } = response
    const done = (): void => {
      response.off('drain', done).off('close', done)
      socket?.setTimeout(0)
      resolve()
    }
    if (response.destroyed) return resolve()
    cutIfStalled(exchange)
    response.on('drain', done).on('close', done)
  })
}
