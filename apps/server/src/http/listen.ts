import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { Server as NetServer, type AddressInfo, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { ApiError, guardsOf, toEnvelope, type Incoming, type Log, type Outgoing } from '@steward/api/server'
import { NodeIncoming } from './incoming.ts'
import { createRoutes, type TrustedProxies } from './proxies.ts'
import { endEvents, isStreaming, send } from './send.ts'

export interface HttpOptions {
  host: string
  /** 0 = any free port. */
  port: number
  /** Answers a request; must not reject. */
  respond: (incoming: Incoming) => Promise<Outgoing>
  log: Log
  now: () => Date
  trustedProxies: TrustedProxies
  /** Bytes; 64 MiB by default. */
  bodyLimit?: number
  /** Milliseconds for the head of a request to arrive; 15 s by default. */
  headersTimeout?: number
  /** Milliseconds for which a caller may send nothing of a body, and take nothing of an answer; 30 s by default. */
  stallTime?: number
  /** Where people reach the installation, if that is set: refusals from here carry the same guards as the app's answers. */
  publicUrl?: string | null
}

export interface HttpServer {
  readonly port: number
  /** Requests without a complete response yet. */
  readonly underWay: number
  /** Those of them whose answer is a stream that has begun. */
  readonly openStreams: number
  /**
   * Stops accepting, tells kept connections to close with their next answer, ends event streams and waits for the
   * rest. @returns how many requests were cut off because `grace` milliseconds were not enough.
   */
  close(grace: number): Promise<number>
  /** Drops every connection now. */
  cut(): void
}

/** Milliseconds for which a caller may send nothing of a body, and take nothing of an answer, by default. */
const stallTime = 30_000
/** How long a kept connection may still send one more request while we close: it is told to go, not cut off. */
const lull = 250

/**
 * Listens with node:http in front of `respond`. Malformed HTTP is answered with the envelope too.
 * @throws the system's error when the address cannot be used.
 */
export async function listen(options: HttpOptions): Promise<HttpServer> {
  const limits = {
    stallTime: options.stallTime ?? stallTime,
    bodyLimit: options.bodyLimit ?? 64 * 1024 * 1024,
    routes: createRoutes(options.trustedProxies),
  }
  const { headersTimeout = 15_000 } = options
  const open = new Set<ServerResponse>()
  const sockets = new Set<Socket>()
  let closing = false
  const receive = (request: IncomingMessage, response: ServerResponse, refused: ApiError | null): void => {
    open.add(response)
    response.once('close', () => open.delete(response))
    if (closing) response.shouldKeepAlive = false
    const incoming = new NodeIncoming(request, response, limits)
    const respond = refused ? async () => refusal(refused, options) : options.respond
    void serve({ request, response, incoming, respond, options, isClosing: () => closing })
  }
  const server = createServer(
    {
      headersTimeout,
      requestTimeout: 300_000,
      keepAliveTimeout: 65_000,
      connectionsCheckingInterval: Math.min(5000, headersTimeout),
      // Node's own refusal has no envelope.
      requireHostHeader: false,
    },
    (request, response) => receive(request, response, hostFault(request)),
  )
  // Whether its body is wanted is said when it is read.
  server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => {
    receive(request, response, hostFault(request))
  })
  server.on('checkExpectation', (request: IncomingMessage, response: ServerResponse) =>
    receive(
      request,
      response,
      new ApiError('InvalidPayload', 'The header Expect asks for something that is not supported here.'),
    ),
  )
  server.on('connect', (_request, socket) => {
    // Node has let go of this one: an error that nobody listens for would end the process.
    socket.on('error', () => socket.destroy())
    if (answerOn(socket)) socket.destroy()
    else answerBare(socket, new ApiError('MethodNotFound', 'The method CONNECT is not supported here.'), options)
  })
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  server.on('clientError', (error, socket) => refuseMalformed(error, socket, options))
  await started(server, options)
  server.on('error', (error) => options.log.error({ err: error }, 'The listening socket failed.'))
  return {
    port: (server.address() as AddressInfo).port,
    get underWay() {
      return open.size
    },
    get openStreams() {
      return [...open].filter(isStreaming).length
    },
    cut: () => dropAll(sockets),
    close: async (grace) => {
      closing = true
      return drain(server, { open, sockets, grace })
    },
  }
}

function started(server: Server, { host, port }: HttpOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ host, port, backlog: 1024 }, () => {
      server.off('error', reject)
      resolve()
    })
  })
}

interface Exchange {
  request: IncomingMessage
  response: ServerResponse
  incoming: Incoming
  respond: HttpOptions['respond']
  options: HttpOptions
  isClosing: () => boolean
}

async function serve({ request, response, incoming, respond, options, isClosing }: Exchange): Promise<void> {
  let outgoing: Outgoing
  try {
    outgoing = await respond(incoming)
  } catch (cause) {
    const envelope = toEnvelope(cause, { now: options.now() })
    options.log.error({ err: cause, id: envelope.id }, 'A request failed outside the app.')
    outgoing = envelopeAnswer(envelope, options)
  }
  if (isClosing()) response.shouldKeepAlive = false
  try {
    const sent = send({ request, response, stallTime: options.stallTime ?? stallTime }, outgoing)
    // A reader whose stream was ended for the end of the process comes back at once, on the connection that is kept.
    if (isClosing()) endEvents(response)
    await sent
  } catch (cause) {
    response.destroy()
    options.log.warn({ err: cause }, 'A response could not be sent completely.')
  }
}

type Told = Pick<HttpOptions, 'now' | 'publicUrl'>

function envelopeAnswer(envelope: ReturnType<typeof toEnvelope>, { publicUrl = null }: Told) {
  const headers = { ...guardsOf(publicUrl), 'content-type': 'application/json' }
  return { status: envelope.code, headers, body: JSON.stringify(envelope) }
}

function refusal(refused: ApiError, told: Told) {
  return envelopeAnswer(toEnvelope(refused, { now: told.now() }), told)
}

/** Node's parser refused it, or it did not come in time: there is no request, so the envelope goes to the bare socket. */
function refuseMalformed(error: NodeJS.ErrnoException, socket: Duplex, told: Told): void {
  // An answer that has begun must not get another into its middle.
  const begun = answerOn(socket)?.headersSent
  if (error.code === 'ECONNRESET' || !socket.writable || begun) return void socket.destroy(error)
  // Browsers open connections ahead: an answer to nothing would be taken for that of the request they send at last.
  if ('bytesRead' in socket && socket.bytesRead === 0) return void socket.destroy()
  answerBare(socket, malformed(error.code), told)
}

/** The answer that is under way on the connection; node's own handler looks here too. */
function answerOn(socket: Duplex): ServerResponse | null | undefined {
  // oxlint-disable-next-line no-underscore-dangle
  return (socket as { _httpMessage?: ServerResponse | null })._httpMessage
}

/** How long a caller may take to read an answer on a bare socket, for which node keeps no time. */
const bareTime = 5000

function answerBare(socket: Duplex, refused: ApiError, told: Told): void {
  const { status, headers, body } = refusal(refused, told)
  const head = [
    `HTTP/1.1 ${status} ${refused.type}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
  ]
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`)
  socket.resume()
  const late = setTimeout(() => socket.destroy(), bareTime).unref()
  socket.once('close', () => clearTimeout(late))
}

/** Every request of HTTP/1.1 names a host, and none names two (RFC 9112, 3.2): node takes the first, a proxy may the last. */
function hostFault({ rawHeaders, httpVersion }: IncomingMessage): ApiError | null {
  let hosts = 0
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at]
    if (name?.length === 4 && name.toLowerCase() === 'host') hosts += 1
  }
  if (hosts > 1) return new ApiError('InvalidPayload', 'The header Host is sent twice.')
  if (hosts === 1 || httpVersion !== '1.1') return null
  return new ApiError('InvalidPayload', 'The header Host is missing.', { missing: 'host' })
}

function malformed(code: string | undefined): ApiError {
  if (code === 'HPE_HEADER_OVERFLOW') return new ApiError('LimitExceeded', 'The headers are larger than 16 KiB.')
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT')
    return new ApiError('OperationTimeout', 'The request did not arrive completely in time.')
  return new ApiError('InvalidPayload', 'This is not a well-formed HTTP/1.1 request.')
}

interface Draining {
  open: ReadonlySet<ServerResponse>
  sockets: ReadonlySet<Socket>
  grace: number
}

/** Node's own way leaves out the connections that it handed over. */
function dropAll(sockets: ReadonlySet<Socket>): void {
  for (const socket of sockets) socket.destroy()
}

async function drain(server: Server, { open, sockets, grace }: Draining): Promise<number> {
  const deadline = performance.now() + grace
  // http's own close() also cuts idle connections, on which a request may just be under way: only stop listening.
  const closed = new Promise<void>((resolve) => NetServer.prototype.close.call(server, () => resolve()))
  for (const response of open) {
    if (!response.headersSent) response.shouldKeepAlive = false
    endEvents(response)
  }
  await Promise.race([closed, sleep(Math.min(lull, grace))])
  // Browsers open connections to have them ready; node counts these as busy.
  for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy()
  for (let ended = false; !ended && performance.now() < deadline;) {
    // Streams that began before promised to keep the connection; they become idle one by one.
    server.closeIdleConnections()
    ended = await Promise.race([closed.then(() => true), sleep(50).then(() => false)])
  }
  const cut = open.size
  dropAll(sockets)
  server.close()
  await closed
  return cut
}
