import { Agent, request, type OutgoingHttpHeaders } from 'node:http'
import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

/** What a hostile caller got: the status, and the error's type where the answer is the envelope. 0: nothing but an end. */
export interface Reply {
  status: number
  type: string
  headers: Readonly<Record<string, string | string[] | undefined>>
  text: string
}

export interface Sent {
  method?: string
  path: string
  headers?: OutgoingHttpHeaders
  /** Text is sent with its length, parts are sent chunked. */
  body?: string | Uint8Array | readonly (string | Uint8Array)[]
}

const agent = new Agent({ keepAlive: true, maxSockets: 128 })

/** Ends the connections that are kept. */
export function hangUp(): void {
  agent.destroy()
}

function typeIn(text: string): string {
  return /"type":"([A-Za-z]+)"/.exec(text.slice(0, 4000))?.[1] ?? ''
}

/** Sends one request and reads its whole answer. A connection that ends without one is status 0. */
export function send(url: string, { method = 'GET', path, headers = {}, body }: Sent): Promise<Reply> {
  const { hostname, port } = new URL(url)
  return new Promise((resolve) => {
    const parts = body === undefined ? [] : typeof body === 'string' || body instanceof Uint8Array ? [body] : body
    const length = parts === body || parts.length === 0 ? {} : { 'content-length': Buffer.byteLength(parts[0] ?? '') }
    const asked = request({ hostname, port, path, method, agent, headers: { ...length, ...headers } }, (answer) => {
      let text = ''
      answer.setEncoding('utf8').on('data', (piece: string) => (text += piece))
      answer.on('error', () => {})
      answer.on('close', () =>
        resolve({ status: answer.statusCode ?? 0, type: typeIn(text), headers: answer.headers, text }),
      )
    })
    // What breaks after the answer has begun is an answer that came before the body was sent: it is read above.
    asked.on('error', () => setTimeout(resolve, 50, { status: 0, type: '', headers: {}, text: '' }))
    for (const part of parts) asked.write(part)
    asked.end()
  })
}

/** A bare connection. */
export interface Wire {
  readonly socket: Socket
  text(): string
  /** Resolves when the server has closed it, or after so many milliseconds. */
  ended(most: number): Promise<void>
}

export function open(url: string, first = ''): Promise<Wire> {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  let text = ''
  socket.setEncoding('latin1').on('data', (piece: string) => (text += piece))
  socket.on('error', () => {})
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()))
  const wire: Wire = { socket, text: () => text, ended: (most) => Promise.race([closed, sleep(most)]) }
  return new Promise((resolve) => {
    socket.once('connect', () => {
      if (first) socket.write(first, 'latin1')
      resolve(wire)
    })
    socket.once('error', () => resolve(wire))
  })
}

/** Sends bytes as they are on a connection of their own. @returns every answer in what came back until it was over. */
export async function raw(url: string, bytes: string, most = 400): Promise<Reply[]> {
  const wire = await open(url, bytes)
  await wire.ended(most)
  wire.socket.destroy()
  const answers = wire
    .text()
    .split(/(?=HTTP\/1\.1 \d{3} )/)
    .filter((part) => part.startsWith('HTTP/'))
  const replies = answers.map((text) => ({ status: Number(text.slice(9, 12)), type: typeIn(text), headers: {}, text }))
  return replies.length > 0 ? replies : [{ status: 0, type: '', headers: {}, text: wire.text() }]
}

/** The same request so many times at once. */
export function many(count: number, ask: (index: number) => Promise<Reply>): Promise<Reply[]> {
  return Promise.all(Array.from({ length: count }, (_, index) => ask(index)))
}

/** Of a batch with several kinds of answers all kinds, each once. */
export function labelOf({ status, type, text }: Reply): string {
  if (status !== 207) return type && status >= 400 ? `${status} ${type}` : `${status}`
  const types = [...text.matchAll(/"type":"([A-Z][A-Za-z]+)"/g)].map(([, one = '']) => one)
  return [String(status), ...new Set(types.toSorted((a, b) => a.localeCompare(b)))].join(' ')
}
