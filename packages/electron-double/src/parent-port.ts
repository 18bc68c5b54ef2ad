import { EventEmitter } from 'node:events'
import { DoublePort, FarPorts, PortEnd } from './ports.ts'

/** `process.parentPort` in a utility process. Messages wait until somebody listens. */
export class ParentPort extends EventEmitter {
  readonly #ports = new FarPorts({ send: (message) => void process.send?.(message) })
  readonly #queue: unknown[] = []

  constructor() {
    super()
    process.on('message', (message) => {
      if (this.#ports.hear(message)) return
      if (this.listenerCount('message') === 0) this.#queue.push(message)
      else this.#deliver(message)
    })
    process.once('disconnect', () => process.exit(0))
    this.on('newListener', (name) => {
      if (name === 'message') setImmediate(() => this.#queue.splice(0).forEach((message) => this.#deliver(message)))
    })
  }

  #deliver(message: unknown): void {
    const { data, ports } = message as { data: unknown; ports: number[] }
    const ends = ports.map((port) => {
      const [one, far] = PortEnd.pair()
      this.#ports.adopt(port, far)
      return new DoublePort(one)
    })
    this.emit('message', { data, ports: ends })
  }

  postMessage(message: unknown): void {
    process.send?.({ t: 'message', data: message })
  }
}
