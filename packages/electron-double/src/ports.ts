import { EventEmitter } from 'node:events'

export interface Posted {
  data: unknown
  ports: PortEnd[]
}

/** One end of a channel, wherever its owner is. Messages wait until somebody takes them. */
export class PortEnd {
  peer: PortEnd | null = null
  #take: ((posted: Posted) => void) | null = null
  #onClose: () => void = () => {}
  #queue: Posted[] = []
  #closed = false

  static pair(): [PortEnd, PortEnd] {
    const one = new PortEnd()
    const other = new PortEnd()
    one.peer = other
    other.peer = one
    return [one, other]
  }

  attach(take: (posted: Posted) => void, onClose: () => void): void {
    this.#take = take
    this.#onClose = onClose
    for (const posted of this.#queue.splice(0)) take(posted)
    if (this.#closed) onClose()
  }

  /** Delivers to the other end. */
  post(posted: Posted): void {
    const { peer } = this
    if (!peer || peer.#closed) return
    if (peer.#take) peer.#take(posted)
    else peer.#queue.push(posted)
  }

  /** Ends both ends; the other's owner is told. */
  close(): void {
    if (this.#closed) return
    this.#closed = true
    const { peer } = this
    if (!peer || peer.#closed) return
    peer.#closed = true
    setImmediate(() => peer.#onClose())
    setImmediate(() => this.#onClose())
  }
}

/** `MessagePortMain`: unusable once it has been handed on. */
export class DoublePort extends EventEmitter {
  #end: PortEnd | null
  #started = false

  constructor(end: PortEnd) {
    super()
    this.#end = end
  }

  #use(): PortEnd {
    if (!this.#end) throw new TypeError('This port was handed on and cannot be used any more.')
    return this.#end
  }

  /** @internal Takes the end out of the object, as a transfer does. */
  handOn(): PortEnd {
    const end = this.#use()
    if (this.#started) throw new TypeError('A port that was started is not handed on in this double.')
    this.#end = null
    return end
  }

  start(): void {
    if (this.#started) return
    this.#started = true
    this.#use().attach(
      ({ data, ports }) => this.emit('message', { data, ports: ports.map((end) => new DoublePort(end)) }),
      () => this.emit('close'),
    )
  }

  postMessage(message: unknown, transfer: unknown[] = []): void {
    this.#use().post({ data: structuredClone(message), ports: endsOf(transfer) })
  }

  close(): void {
    this.#use().close()
  }
}

export class DoubleChannel {
  readonly port1: DoublePort
  readonly port2: DoublePort

  constructor() {
    const [one, other] = PortEnd.pair()
    this.port1 = new DoublePort(one)
    this.port2 = new DoublePort(other)
  }
}

/** Electron's ports carry ports and nothing else: a transferred buffer arrives empty, so it is refused here. */
export function endsOf(transfer: unknown[]): PortEnd[] {
  return transfer.map((one) => {
    if (!(one instanceof DoublePort)) throw new TypeError('Only MessagePortMain objects can be transferred.')
    return one.handOn()
  })
}

interface Wire {
  send(message: unknown): void
}

interface PortMessage {
  t: 'port' | 'port-close'
  port: number
  data?: unknown
}

/** The ends of ports whose owner is at the other end of a wire (a page, a child process). */
export class FarPorts {
  readonly #wire: Wire
  readonly #ends = new Map<number, PortEnd>()
  #count = 0

  constructor(wire: Wire) {
    this.#wire = wire
  }

  /** A number for an end that is about to be handed over the wire; `adopt` follows once the other side knows it. */
  reserve(): number {
    return ++this.#count
  }

  adopt(port: number, end: PortEnd): void {
    this.#ends.set(port, end)
    end.attach(
      ({ data, ports }) => {
        if (ports.length > 0) throw new TypeError('Ports over handed-on ports are not written in the double.')
        this.#wire.send({ t: 'port', port, data } satisfies PortMessage)
      },
      () => {
        this.#ends.delete(port)
        this.#wire.send({ t: 'port-close', port } satisfies PortMessage)
      },
    )
  }

  /** @returns whether the message was one of a port. */
  hear(message: unknown): boolean {
    const { t, port, data } = (message ?? {}) as Partial<PortMessage>
    if (port === undefined || (t !== 'port' && t !== 'port-close')) return false
    const end = this.#ends.get(port)
    if (t === 'port') end?.post({ data, ports: [] })
    else end?.close()
    return true
  }

  closeAll(): void {
    for (const end of this.#ends.values()) end.close()
    this.#ends.clear()
  }
}
