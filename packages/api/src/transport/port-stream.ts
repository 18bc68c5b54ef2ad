import type { Bytes } from './port-messages.ts'
import { streamWindow } from './port-messages.ts'

/** The reading end of a streamed body. The host may send more only as fast as chunks are taken. */
export class InStream {
  readonly readable: ReadableStream<Bytes>
  onEnd: (() => void) | null = null
  readonly #queue: Bytes[] = []
  readonly #credit: (bytes: number) => void
  #controller!: ReadableStreamDefaultController<Bytes>
  #wanted: (() => void) | null = null
  #owed = 0
  #state: 'open' | 'ended' | 'closed' = 'open'

  constructor(credit: (bytes: number) => void, cancel: () => void) {
    this.#credit = credit
    this.readable = new ReadableStream<Bytes>(
      {
        start: (controller) => {
          this.#controller = controller
        },
        pull: () => this.#pull(),
        cancel: () => {
          this.#close()
          cancel()
        },
      },
      { highWaterMark: 0 },
    )
  }

  push(bytes: Bytes): void {
    if (this.#state !== 'open') return
    this.#queue.push(bytes)
    this.#deliver()
  }

  end(): void {
    if (this.#state !== 'open') return
    this.#state = 'ended'
    this.#deliver()
  }

  fail(cause: unknown): void {
    if (this.#state === 'closed') return
    this.#close()
    this.#controller.error(cause)
  }

  #pull(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#wanted = resolve
    this.#deliver()
    return promise
  }

  #deliver(): void {
    const bytes = this.#wanted ? this.#queue.shift() : undefined
    if (bytes) {
      this.#controller.enqueue(bytes)
      this.#pay(bytes.byteLength)
      this.#wanted?.()
      this.#wanted = null
    }
    if (this.#state === 'ended' && this.#queue.length === 0) {
      this.#close()
      this.#controller.close()
    }
  }

  #pay(bytes: number): void {
    this.#owed += bytes
    if (this.#owed < streamWindow / 2 || this.#state !== 'open') return
    this.#credit(this.#owed)
    this.#owed = 0
  }

  #close(): void {
    this.#state = 'closed'
    this.#queue.length = 0
    this.#wanted?.()
    this.#wanted = null
    this.onEnd?.()
  }
}
