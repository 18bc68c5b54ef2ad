import type { IncomingMessage, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { ApiError } from '../core/errors.ts'
import type { Incoming, Outgoing } from './incoming.ts'
import { tooLarge } from './incoming.ts'

/** Puts `App.respond` on a socket for tests that need a real client; the process has its own listener in apps/server. */
export function nodeListener(respond: (incoming: Incoming) => Promise<Outgoing>) {
  return (request: IncomingMessage, response: ServerResponse): void => {
    respond(new NodeIncoming(request, response))
      .then((outgoing) => send(outgoing, response))
      .catch(() => response.destroy())
  }
}

class NodeIncoming implements Incoming {
  readonly method: string
  readonly target: string
  readonly #request: IncomingMessage
  readonly #response: ServerResponse
  #aborted: AbortController | undefined

  constructor(request: IncomingMessage, response: ServerResponse) {
    this.method = request.method ?? 'GET'
    this.target = request.url ?? '/'
    this.#request = request
    this.#response = response
  }

  header(name: string): string | undefined {
    const value = this.#request.headers[name]
    return Array.isArray(value) ? value.join(', ') : value
  }

  headers(): Headers {
    const headers = new Headers()
    for (const [name, value] of Object.entries(this.#request.headersDistinct))
      for (const line of value ?? []) headers.append(name, line)
    return headers
  }

  async body(limit: number, hold: (bytes: number) => void = () => {}): Promise<Uint8Array> {
    const request = this.#request
    if (Number(request.headers['content-length'] ?? 0) > limit) throw this.#refuse(limit)
    const chunks: Buffer[] = []
    let size = 0
    try {
      for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
        size += chunk.length
        if (size > limit) break
        hold(chunk.length)
        chunks.push(chunk)
      }
    } catch {
      throw new ApiError('InvalidPayload', 'The body broke off.')
    }
    if (size > limit) throw this.#refuse(limit)
    return chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks, size)
  }

  /** The rest is let in and thrown away: a client that is cut off while it sends never reads the answer. */
  #refuse(limit: number): ApiError {
    this.#request.resume()
    return tooLarge(limit)
  }

  get ip(): string | null {
    return this.#request.socket.remoteAddress ?? null
  }

  get origin(): string | null {
    return `http://${this.#request.headers.host ?? ''}`
  }

  get signal(): AbortSignal {
    if (!this.#aborted) {
      const aborted = new AbortController()
      this.#aborted = aborted
      this.#response.once('close', () => aborted.abort())
    }
    return this.#aborted.signal
  }
}

/** Sends text and bytes in one piece, so that head and body leave in one packet. */
async function send({ status, headers, body }: Outgoing, response: ServerResponse): Promise<void> {
  if (body === null || typeof body === 'string' || body instanceof Uint8Array) {
    if (body !== null) headers['content-length'] = String(Buffer.byteLength(body))
    response.writeHead(status, headers)
    response.end(body ?? undefined)
    return
  }
  response.writeHead(status, headers)
  response.flushHeaders()
  await pipeline(Readable.fromWeb(body), response)
}
