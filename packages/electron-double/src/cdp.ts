import { EventEmitter } from 'node:events'

type Params = Record<string, unknown>
interface Answer {
  id?: number
  sessionId?: string
  method?: string
  params?: Params
  result?: Params
  error?: { message: string }
}

/** A connection to a browser over the Chrome DevTools Protocol, with flat sessions. */
export class Cdp {
  readonly #socket: WebSocket
  readonly #asked = new Map<number, PromiseWithResolvers<Params> & { method: string }>()
  readonly #sessions = new Map<string, EventEmitter>()
  readonly root = new CdpSession(this, undefined)
  #count = 0

  private constructor(socket: WebSocket) {
    this.#socket = socket
    socket.addEventListener('message', ({ data }) => this.#hear(JSON.parse(String(data)) as Answer))
    socket.addEventListener('close', () => {
      for (const { reject } of this.#asked.values()) reject(new Error('The browser has ended.'))
      this.#asked.clear()
    })
  }

  static async connect(url: string): Promise<Cdp> {
    const socket = new WebSocket(url)
    await new Promise<void>((resolve, reject) => {
      socket.addEventListener('open', () => resolve())
      socket.addEventListener('error', () => reject(new Error(`${url} does not answer.`)))
    })
    return new Cdp(socket)
  }

  session(id: string): CdpSession {
    return new CdpSession(this, id)
  }

  /** @internal */
  emitter(id: string | undefined): EventEmitter {
    const key = id ?? ''
    let one = this.#sessions.get(key)
    if (!one) this.#sessions.set(key, (one = new EventEmitter()))
    return one
  }

  send(method: string, params: Params, sessionId?: string): Promise<Params> {
    const id = ++this.#count
    const asked = { ...Promise.withResolvers<Params>(), method }
    this.#asked.set(id, asked)
    this.#socket.send(JSON.stringify({ id, method, params, ...(sessionId !== undefined && { sessionId }) }))
    return asked.promise
  }

  close(): void {
    this.#socket.close()
  }

  #hear({ id, sessionId, method, params, result, error }: Answer): void {
    if (method !== undefined) return void this.emitter(sessionId).emit(method, params ?? {})
    const asked = this.#asked.get(id ?? 0)
    this.#asked.delete(id ?? 0)
    if (error) asked?.reject(new Error(`${asked.method}: ${error.message}`))
    else asked?.resolve(result ?? {})
  }
}

export class CdpSession {
  readonly #cdp: Cdp
  readonly #id: string | undefined

  constructor(cdp: Cdp, id: string | undefined) {
    this.#cdp = cdp
    this.#id = id
  }

  send(method: string, params: Params = {}): Promise<Params> {
    return this.#cdp.send(method, params, this.#id)
  }

  /** Sends where the answer does not matter and the page may be gone. */
  tell(method: string, params: Params = {}): void {
    this.send(method, params).catch(() => {})
  }

  on<P = Params>(method: string, listener: (params: P) => void): void {
    this.#cdp.emitter(this.#id).on(method, listener)
  }
}
