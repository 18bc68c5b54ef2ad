import type { IncomingMessage, ServerResponse } from 'node:http'
import { ApiError, CallerGone, type Incoming, type Reading } from '@steward/api/server'
import type { Routes } from './proxies.ts'

export interface IncomingLimits {
  /** Bytes of a body when the app names no limit of its own. */
  bodyLimit: number
  /** Milliseconds for which nothing of a body may come. */
  stallTime: number
  routes: Routes
}

/** A request of node:http as the app reads it. Headers, body and abort signal are made only when asked for. */
export class NodeIncoming implements Incoming {
  readonly method: string
  /** Path and query, as they came; without the scheme and host that clients of a proxy put in front. */
  readonly target: string
  readonly #request: IncomingMessage
  readonly #response: ServerResponse
  readonly #limits: IncomingLimits
  #body: Promise<Uint8Array> | undefined
  #headers: Headers | undefined
  #ip: string | null | undefined
  #abort: AbortController | undefined

  // oxlint-disable-next-line max-params
  constructor(request: IncomingMessage, response: ServerResponse, limits: IncomingLimits) {
    this.method = request.method ?? 'GET'
    this.target = originForm(request.url ?? '/')
    this.#request = request
    this.#response = response
    this.#limits = limits
  }

  /** @param name in lower case. */
  header(name: string): string | undefined {
    const value = this.#request.headers[name]
    return typeof value === 'string' ? value : value?.join(', ')
  }

  headers(): Headers {
    if (this.#headers) return this.#headers
    const headers = new Headers()
    const raw = this.#request.rawHeaders
    for (let i = 0; i + 1 < raw.length; i += 2) headers.append(raw[i] ?? '', raw[i + 1] ?? '')
    return (this.#headers = headers)
  }

  get ip(): string | null {
    return (this.#ip ??= this.#limits.routes.ip(this.#request))
  }

  get origin(): string | null {
    return this.#limits.routes.origin(this.#request)
  }

  /** Aborted when the caller goes away before the answer is complete. */
  get signal(): AbortSignal {
    if (this.#abort) return this.#abort.signal
    const abort = (this.#abort = new AbortController())
    const response = this.#response
    const gone = (): void => {
      if (!response.writableFinished) abort.abort()
    }
    if (response.destroyed) gone()
    else response.once('close', gone)
    return abort.signal
  }

  /**
   * The whole body; empty when there is none. A caller that asked whether to send it is told to, and only then.
   * @throws PayloadTooLarge over the limit, and what `hold` throws, without reading on; CallerGone when it breaks off;
   *   OperationTimeout when nothing comes for too long.
   */
  body(limit = this.#limits.bodyLimit, hold: Hold = () => {}, reading: Reading = unread()): Promise<Uint8Array> {
    return (this.#body ??= this.#read(limit, hold, reading))
  }

  async #read(limit: number, hold: Hold, reading: Reading): Promise<Uint8Array> {
    const { headers } = this.#request
    const declared = headers['content-length']
    if (declared === undefined && headers['transfer-encoding'] === undefined) return nothing
    const size = Number(declared ?? 0)
    if (size > limit) throw tooLarge(limit)
    if (size > 0) hold(size)
    if (headers.expect !== undefined) this.#response.writeContinue()
    const { stallTime } = this.#limits
    return readBody(this.#request, { limit, stallTime, reading, hold: declared === undefined ? hold : () => {} })
  }
}

/** Servers must take targets with the whole address too (RFC 9112, 3.2.2). */
function originForm(target: string): string {
  if (target.startsWith('/')) return target
  const address = /^https?:\/\/[^/?]+/i.exec(target)?.[0]
  if (address === undefined) return target
  const rest = target.slice(address.length)
  return rest.startsWith('/') ? rest : `/${rest}`
}

const nothing = new Uint8Array(0)

type Hold = (bytes: number) => void

const unread = (): Reading => ({ came: 0, breakOff: null })

interface Terms {
  limit: number
  stallTime: number
  hold: Hold
  reading: Reading
}

function readBody(request: IncomingMessage, { limit, stallTime, hold, reading }: Terms): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let size = 0
    const settle = (): void => {
      clearTimeout(stalled)
      reading.breakOff = null
      request.off('data', onData).off('end', onEnd).off('close', onClose).off('error', onClose)
    }
    const refuse = (refused: unknown): void => {
      settle()
      request.pause()
      reject(refused)
    }
    const stalled = setTimeout(() => refuse(tooQuiet(stallTime)), stallTime)
    const onData = (chunk: Buffer): void => {
      stalled.refresh()
      size += chunk.length
      reading.came = size
      try {
        if (size > limit) throw tooLarge(limit)
        hold(chunk.length)
        chunks.push(chunk)
      } catch (refused) {
        refuse(refused)
      }
    }
    const onEnd = (): void => {
      settle()
      const [first] = chunks
      resolve(chunks.length === 1 && first ? first : Buffer.concat(chunks, size))
    }
    const onClose = (): void => {
      settle()
      reject(new CallerGone())
    }
    reading.breakOff = refuse
    request.on('data', onData).on('end', onEnd).on('close', onClose).on('error', onClose)
  })
}

function tooQuiet(time: number): ApiError {
  return new ApiError('OperationTimeout', `No part of the body arrived for ${time / 1000} seconds.`)
}

function tooLarge(limit: number): ApiError {
  return new ApiError('PayloadTooLarge', `The body is larger than the ${limit} bytes allowed for this call.`, { limit })
}
