import { Worker } from 'node:worker_threads'
import { ApiError } from '../core/errors.ts'
import { mebibyte } from './incoming.ts'
import type { Job, Result } from './json-worker.ts'

/** Reads JSON bodies; large ones in a worker thread, so that no body holds the event loop. */
export interface JsonReader {
  /**
   * @throws InvalidPayload for what is not UTF-8 JSON; LimitExceeded for a large body with too many values in it.
   */
  read(bytes: Uint8Array): Promise<unknown>
  close(): Promise<void>
}

const inlineLimit = mebibyte
const idleTime = 30_000

const broken = (): ApiError => new ApiError('InvalidPayload', 'The body is not valid JSON.')
const tooMany = (): ApiError =>
  new ApiError('LimitExceeded', 'The body holds too many values or is nested too deep. Split it into several calls.')

export function createJsonReader(): JsonReader {
  let thread: Thread | null = null
  return {
    async read(bytes) {
      if (bytes.byteLength <= inlineLimit) return parse(bytes)
      if (!thread?.isAlive) thread = new Thread()
      return thread.run(bytes)
    },
    async close() {
      await thread?.stop()
    },
  }
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    throw broken()
  }
}

interface Waiting {
  resolve(value: unknown): void
  reject(cause: unknown): void
}

/** One worker with its queue. It ends by itself after a while without work, and when a body exhausts its memory. */
class Thread {
  isAlive = true
  readonly #worker: Worker
  readonly #waiting = new Map<number, Waiting>()
  #count = 0
  #idle: NodeJS.Timeout | undefined

  constructor() {
    this.#worker = new Worker(new URL('./json-worker.ts', import.meta.url), {
      resourceLimits: { maxOldGenerationSizeMb: 768 },
    })
    this.#worker.on('message', (result: Result) => this.#settle(result))
    this.#worker.on('error', (cause) => this.#end(isOutOfMemory(cause) ? tooMany() : cause))
    this.#worker.on('exit', () => this.#end(new Error('The thread that reads JSON has ended.')))
    this.#worker.unref()
  }

  run(bytes: Uint8Array): Promise<unknown> {
    clearTimeout(this.#idle)
    const id = ++this.#count
    const owned = bytes.byteLength === bytes.buffer.byteLength ? bytes : bytes.slice()
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject })
      this.#worker.ref()
      this.#worker.postMessage({ id, bytes: owned } satisfies Job, [owned.buffer as ArrayBuffer])
    })
  }

  async stop(): Promise<void> {
    clearTimeout(this.#idle)
    await this.#worker.terminate()
  }

  #settle(result: Result): void {
    const waiting = this.#waiting.get(result.id)
    this.#waiting.delete(result.id)
    if (this.#waiting.size === 0) this.#rest()
    if ('value' in result) waiting?.resolve(result.value)
    else waiting?.reject(result.refused === 'syntax' ? broken() : tooMany())
  }

  #rest(): void {
    this.#worker.unref()
    this.#idle = setTimeout(() => {
      this.isAlive = false
      void this.#worker.terminate()
    }, idleTime).unref()
  }

  #end(cause: unknown): void {
    this.isAlive = false
    clearTimeout(this.#idle)
    for (const waiting of this.#waiting.values()) waiting.reject(cause)
    this.#waiting.clear()
  }
}

function isOutOfMemory(cause: unknown): boolean {
  return (cause as { code?: unknown } | null)?.code === 'ERR_WORKER_OUT_OF_MEMORY'
}
