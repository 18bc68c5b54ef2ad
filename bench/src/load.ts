import { connect } from 'node:net'
import type { Socket } from 'node:net'
import type { Server } from './child.ts'

/** One request as bytes, sent again and again over kept-alive connections, one at a time on each. */
export interface Shot {
  port: number
  /** Built anew for each request when it is a function (the argument counts the requests). */
  request: Buffer | ((count: number) => Buffer)
  clients: number
  /** Milliseconds. */
  duration: number
}

export interface Load {
  /** Finished requests, and how many per second. */
  count: number
  rate: number
  /** Milliseconds. */
  p50: number
  p99: number
  failed: number
}

/** Formats a request once: method, path, token and a JSON body. */
export function request(method: string, path: string, { token, body }: { token: string; body?: string }): Buffer {
  const head = [`${method} ${path} HTTP/1.1`, 'host: 127.0.0.1', `authorization: Bearer ${token}`]
  if (body !== undefined) head.push('content-type: application/json', `content-length: ${Buffer.byteLength(body)}`)
  return Buffer.from(`${head.join('\r\n')}\r\n\r\n${body ?? ''}`)
}

/**
 * Loads a server with `clients` connections for `duration`. Lighter than a general load generator, so that on two cores
 * the server is what is measured: an answer is read up to its content-length, nothing is parsed.
 */
export async function load(shot: Shot): Promise<Load> {
  const times: number[] = []
  let failed = 0
  let count = 0
  const start = performance.now()
  const end = start + shot.duration
  const next = (): Buffer => (typeof shot.request === 'function' ? shot.request(count++) : shot.request)
  await Promise.all(
    Array.from({ length: shot.clients }, async () => {
      const client = await Client.open(shot.port)
      while (performance.now() < end) {
        const sent = performance.now()
        const status = await client.exchange(next())
        times.push(performance.now() - sent)
        if (status !== 200) failed += 1
      }
      client.close()
    }),
  )
  const seconds = (performance.now() - start) / 1000
  times.sort((a, b) => a - b)
  const at = (share: number): number => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0
  return { count: times.length, rate: times.length / seconds, p50: at(0.5), p99: at(0.99), failed }
}

/** The load, and the CPU time that the server took for each of its requests, microseconds. */
export async function measured(server: Server, shot: Omit<Shot, 'port'>): Promise<Load & { cpu: number }> {
  const before = await server.cpu()
  const result = await load({ ...shot, port: server.port })
  return { ...result, cpu: ((await server.cpu()) - before) / result.count }
}

/** How an answer without a content-length ends; one request at a time is under way, so nothing follows it. */
const lastChunk = Buffer.from('0\r\n\r\n')

/** A kept-alive HTTP/1.1 connection that only counts bytes. */
class Client {
  readonly #socket: Socket
  #settle: ((status: number) => void) | null = null
  #wanted = -1
  #have: Buffer = Buffer.alloc(0)

  private constructor(socket: Socket) {
    this.#socket = socket
    socket.setNoDelay(true)
    socket.on('data', (chunk: Buffer) => this.#read(chunk))
  }

  static open(port: number): Promise<Client> {
    return new Promise((resolve, reject) => {
      const socket = connect(port, '127.0.0.1', () => resolve(new Client(socket)))
      socket.once('error', reject)
    })
  }

  exchange(bytes: Buffer): Promise<number> {
    return new Promise((resolve) => {
      this.#settle = resolve
      this.#socket.write(bytes)
    })
  }

  close(): void {
    this.#socket.destroy()
  }

  #read(chunk: Buffer): void {
    this.#have = this.#have.length === 0 ? chunk : Buffer.concat([this.#have, chunk])
    if (this.#wanted < 0) {
      const head = this.#have.indexOf('\r\n\r\n')
      if (head < 0) return
      const length = /content-length: (\d+)/i.exec(this.#have.toString('latin1', 0, head))?.[1]
      if (length === undefined && !this.#have.subarray(-5).equals(lastChunk)) return
      this.#wanted = length === undefined ? this.#have.length : head + 4 + Number(length)
    }
    if (this.#have.length < this.#wanted) return
    const status = Number(this.#have.toString('latin1', 9, 12))
    this.#have = this.#have.subarray(this.#wanted)
    this.#wanted = -1
    const settle = this.#settle
    this.#settle = null
    settle?.(status)
  }
}
