import { Worker } from 'node:worker_threads'
import type { Job, Result } from './json-worker.ts'

export interface ThreadLimits {
  threads: number
  /** Milliseconds for one job. */
  timeLimit: number
  /** MiB of a thread's heap. */
  memory: number
}

/** `time` and `memory` say that the job was ended, and its thread with it. */
export type Outcome = Result | { refused: 'time' | 'memory' }

interface Waiting {
  job: Job
  caller: string
  resolve: (outcome: Outcome) => void
  reject: (cause: unknown) => void
}

const idleTime = 30_000

/**
 * Threads that read JSON, one job at a time each. A job that exhausts its thread ends alone: the others wait here, not
 * there. One caller has one thread, so that the jobs of another find a free one or wait for a single job.
 */
export class JsonThreads {
  readonly #limits: ThreadLimits
  readonly #waiting: Waiting[] = []
  readonly #idle: Thread[] = []
  readonly #busy = new Map<Thread, string>()

  constructor(limits: ThreadLimits) {
    this.#limits = limits
  }

  run(job: Job, caller: string): Promise<Outcome> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ job, caller, resolve, reject })
      this.#next()
    })
  }

  async close(): Promise<void> {
    await Promise.all([...this.#idle, ...this.#busy.keys()].map((thread) => thread.end()))
  }

  #next(): void {
    while (this.#busy.size < this.#limits.threads) {
      const running = new Set(this.#busy.values())
      const at = this.#waiting.findIndex(({ caller }) => !running.has(caller))
      const [next] = at < 0 ? [] : this.#waiting.splice(at, 1)
      if (!next) return
      void this.#do(next)
    }
  }

  async #do({ job, caller, resolve, reject }: Waiting): Promise<void> {
    const thread = this.#idle.pop() ?? new Thread(this.#limits, (gone) => this.#forget(gone))
    this.#busy.set(thread, caller)
    try {
      resolve(await thread.run(job))
    } catch (cause) {
      reject(cause)
    } finally {
      this.#busy.delete(thread)
      if (thread.isAlive) this.#idle.push(thread)
      this.#next()
    }
  }

  #forget(thread: Thread): void {
    const at = this.#idle.indexOf(thread)
    if (at >= 0) this.#idle.splice(at, 1)
  }
}

/** One worker. It ends after a while without work, and when a job exhausts it. */
class Thread {
  isAlive = true
  readonly #worker: Worker
  readonly #timeLimit: number
  readonly #gone: (thread: Thread) => void
  #settle: ((outcome: Outcome | Error) => void) | null = null
  #idle: NodeJS.Timeout | undefined

  constructor({ memory, timeLimit }: ThreadLimits, gone: (thread: Thread) => void) {
    this.#timeLimit = timeLimit
    this.#gone = gone
    this.#worker = new Worker(new URL('./json-worker.ts', import.meta.url), {
      resourceLimits: { maxOldGenerationSizeMb: memory },
    })
    this.#worker.on('message', (result: Result) => this.#settle?.(result))
    this.#worker.on('error', (cause) => this.#end(isOutOfMemory(cause) ? { refused: 'memory' } : (cause as Error)))
    this.#worker.on('exit', () => this.#end(new Error('The thread that reads JSON has ended.')))
    this.#worker.unref()
  }

  async run(job: Job): Promise<Outcome> {
    clearTimeout(this.#idle)
    const { bytes } = job
    const owned = bytes.byteLength === bytes.buffer.byteLength ? bytes : bytes.slice()
    const { promise, resolve } = Promise.withResolvers<Outcome | Error>()
    this.#settle = resolve
    this.#worker.ref()
    this.#worker.postMessage({ ...job, bytes: owned }, [owned.buffer as ArrayBuffer])
    const late = setTimeout(() => this.#end({ refused: 'time' }), this.#timeLimit)
    const outcome = await promise
    clearTimeout(late)
    this.#rest()
    if (outcome instanceof Error) throw outcome
    return outcome
  }

  async end(): Promise<void> {
    this.#end(new Error('The thread that reads JSON was ended.'))
    await this.#worker.terminate()
  }

  #rest(): void {
    this.#settle = null
    this.#worker.unref()
    if (this.isAlive) this.#idle = setTimeout(() => void this.end(), idleTime).unref()
  }

  /** Nothing is asked of it any more; what it was doing ends so. */
  #end(outcome: Outcome | Error): void {
    if (!this.isAlive) return
    this.isAlive = false
    clearTimeout(this.#idle)
    this.#gone(this)
    this.#settle?.(outcome)
    void this.#worker.terminate()
  }
}

function isOutOfMemory(cause: unknown): boolean {
  return (cause as { code?: unknown } | null)?.code === 'ERR_WORKER_OUT_OF_MEMORY'
}
