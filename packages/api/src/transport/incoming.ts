import { ApiError } from '../core/errors.ts'

/** A request as the endpoints see it. Not a web `Request`: making one costs as much as answering a small query. */
export interface Incoming {
  readonly method: string
  /** Path and query exactly as the client sent them. */
  readonly target: string
  /** @param name in lower case. */
  header(name: string): string | undefined
  /** All headers, for libraries that want them so. */
  headers(): Headers
  /**
   * The body, read once. It belongs to who asked for it.
   * @param limit bytes.
   * @param hold is told how many bytes more are about to be kept: at once where the length was declared, else as they
   *   come. What it throws refuses the body, and no more of it is kept.
   * @param reading is told what has come, and may break the reading off.
   * @throws PayloadTooLarge when the body is longer; OperationTimeout when it stops coming.
   */
  body(limit: number, hold?: (bytes: number) => void, reading?: Reading): Promise<Uint8Array>
  /** The caller's address, see `plainAddress`. */
  readonly ip: string | null
  /** Scheme and host by which the caller reached us, such as `http://steward.lan:7420`; null when it did not say. */
  readonly origin: string | null
  /** Aborted when the client goes away. */
  readonly signal: AbortSignal
}

/** A body on its way in, for who keeps the time of it. */
export interface Reading {
  /** Bytes that have come. */
  came: number
  /** Refuses what is left of it for the reason given; null while nothing is read, and where that cannot be broken off. */
  breakOff: ((why: ApiError) => void) | null
}

export interface Outgoing {
  status: number
  /** Names in lower case; a list is sent as repeated lines (`set-cookie`). */
  headers: Record<string, string | string[]>
  body: string | Uint8Array | ReadableStream<Uint8Array> | null
  /** Bytes of a streamed body, about, where they are known. */
  size?: number
}

export const mebibyte = 1024 * 1024

export function tooLarge(limit: number): ApiError {
  return new ApiError('PayloadTooLarge', `The body is larger than the ${limit} bytes allowed here.`, { limit })
}

/** The connection closed before the whole request had come: nobody reads the answer, and nothing is wrong here. */
export class CallerGone extends ApiError {
  constructor() {
    super('OperationTimeout', 'The connection closed before the whole request had arrived.')
  }
}

/** Whether the body is said to be JSON in UTF-8 as it is; parameters that mean nothing here may stand beside. */
export function sendsJson(incoming: Incoming): boolean {
  const encoding = incoming.header('content-encoding')
  if (encoding !== undefined && !/^(identity)?$/i.test(encoding.trim())) return false
  const type = incoming.header('content-type') ?? ''
  if (type === 'application/json') return true
  const [name, ...parameters] = type.split(';').map((part) => part.trim().toLowerCase())
  return name === 'application/json' && parameters.every((one) => !/^charset\s*=(?!"?utf-8"?$)/.test(one))
}

/** A web request as the endpoints see it, for the desktop's port and for tests. */
export function fromRequest(request: Request, ip: string | null = null): Incoming {
  const url = new URL(request.url)
  return {
    method: request.method,
    target: url.pathname + url.search,
    header: (name) => request.headers.get(name) ?? undefined,
    headers: () => request.headers,
    body: (limit, hold = () => {}) => readAll(request.body, limit, hold),
    ip,
    origin: url.origin,
    signal: request.signal,
  }
}

async function readAll(
  stream: ReadableStream<Uint8Array> | null,
  limit: number,
  hold: (bytes: number) => void,
): Promise<Uint8Array> {
  if (!stream) return new Uint8Array()
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of stream) {
    size += chunk.byteLength
    if (size > limit) throw tooLarge(limit)
    hold(chunk.byteLength)
    chunks.push(chunk)
  }
  return chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks, size)
}

/** The endpoints' answer as a web response. */
export function toResponse({ status, headers, body }: Outgoing): Response {
  const sent = new Headers()
  for (const [name, value] of Object.entries(headers)) for (const line of [value].flat()) sent.append(name, line)
  return new Response(body as ConstructorParameters<typeof Response>[0], { status, headers: sent })
}

/** A library's answer among the headers that the endpoint has set already. */
export async function fromResponse(response: Response, headers: Outgoing['headers']): Promise<Outgoing> {
  for (const [name, value] of response.headers)
    if (name !== 'set-cookie' && name !== 'transfer-encoding') headers[name] = value
  const cookies = response.headers.getSetCookie()
  if (cookies.length > 0) headers['set-cookie'] = cookies
  return { status: response.status, headers, body: response.body }
}
