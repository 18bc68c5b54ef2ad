import { MessageChannelMain, utilityProcess, type UtilityProcess, type WebContents } from 'electron'
import { channels } from '../shared/bridge.ts'
import type { Copied, FromHost, Refusal, Route, ToHost } from '../shared/host-messages.ts'
import { hostEnv } from './host-env.ts'
import { parts } from './paths.ts'

export interface HostEvents {
  /** The host has ended; the windows' ports are dead. `again` says whether another is on its way. */
  gone(again: boolean): void
  /** It opened the data, or could not. */
  ready(refusal: Refusal | null): void
}

const stopLimit = 3_000
const crashWindow = 60_000
const crashLimit = 5
const firstPause = 200
const keptLog = 16 * 1024

/** Electron's own `kill` only asks, which a process that hangs does not hear. */
function end({ pid }: UtilityProcess): void {
  try {
    if (pid !== undefined) process.kill(pid, 'SIGKILL')
  } catch {
    // It ended by itself in this moment.
  }
}

const cutOff: Copied = { error: 'The data process ended before it had finished.', missing: 0 }

function missingOf({ error, missing }: Copied): number {
  if (error !== null) throw new Error(error)
  return missing
}

interface Running {
  child: UtilityProcess
  spawned: Promise<void>
  asked: Map<number, (copied: Copied) => void>
  /** Set while a restore is under way. */
  restored: ((copied: Copied) => void) | null
}

/** Keeps one host process alive: starts it again when it crashes, with growing pauses and not for ever. */
export class HostSupervisor {
  readonly #data: string
  readonly #events: HostEvents
  #running: Running | null = null
  #next: PromiseWithResolvers<Running> = Promise.withResolvers()
  #crashes: number[] = []
  #stopping: Promise<void> | null = null
  #log = ''
  #count = 0

  constructor(data: string, events: HostEvents) {
    this.#data = data
    this.#events = events
  }

  get log(): string {
    return this.#log
  }

  start(restore: string | null = null, acceptLoss = false): Running {
    const args = ['--data', this.#data]
    if (restore !== null) args.push('--restore', restore)
    if (acceptLoss) args.push('--accept-loss')
    const child = utilityProcess.fork(parts.host, args, {
      serviceName: 'Steward data',
      stdio: ['ignore', 'ignore', 'pipe'],
      // oxlint-disable-next-line node/no-process-env
      env: hostEnv(process.env),
    })
    const spawned = new Promise<void>((resolve) => void child.once('spawn', resolve))
    const running: Running = { child, spawned, asked: new Map(), restored: null }
    this.#running = running
    this.#next.resolve(running)
    child.on('message', (message) => this.#hear(running, message as FromHost))
    child.on('exit', (code) => this.#ended(running, code))
    child.stderr?.on('data', (data: unknown) => {
      this.#log = (this.#log + String(data)).slice(-keptLog)
    })
    return running
  }

  /** Gives the window a port to the host. Waits while the host is being started again. */
  async connect(contents: WebContents, route: Route): Promise<void> {
    const { child, spawned } = await this.#next.promise
    await spawned
    if (contents.isDestroyed()) return
    const { port1, port2 } = new MessageChannelMain()
    child.postMessage({ type: 'serve', route } satisfies ToHost, [port1])
    contents.postMessage(channels.port, null, [port2])
  }

  /** @returns how many files of bots' code are not in the backup. @throws Error with the host's words. */
  async backUp(folder: string): Promise<number> {
    const { child, asked } = await this.#next.promise
    const id = ++this.#count
    const copied = await new Promise<Copied>((resolve) => {
      asked.set(id, resolve)
      // oxlint-disable-next-line unicorn/require-post-message-target-origin
      child.postMessage({ type: 'backup', id, folder } satisfies ToHost)
    })
    return missingOf(copied)
  }

  /**
   * Stops the host and starts one that puts a backup in place first.
   * @returns how many files of bots' code are missing then. @throws Error with the host's words.
   */
  async restore(from: string): Promise<number> {
    await this.stop()
    this.#stopping = null
    const copied = await new Promise<Copied>((resolve) => {
      this.start(from).restored = resolve
    })
    return missingOf(copied)
  }

  /** Restarts after a refusal or too many crashes. */
  async restart({ acceptLoss = false } = {}): Promise<void> {
    await this.stop()
    this.#stopping = null
    this.#crashes = []
    this.start(null, acceptLoss)
  }

  /** Asks the host to finish and close its databases; kills it when that takes too long. */
  stop(): Promise<void> {
    return (this.#stopping ??= this.#stop())
  }

  async #stop(): Promise<void> {
    const running = this.#running
    if (!running) return
    const { child } = running
    const ended = new Promise<void>((resolve) => void child.once('exit', () => resolve()))
    await running.spawned
    // oxlint-disable-next-line unicorn/require-post-message-target-origin
    child.postMessage({ type: 'stop' } satisfies ToHost)
    const timer = setTimeout(() => end(child), stopLimit)
    await ended
    clearTimeout(timer)
  }

  #hear(running: Running, message: FromHost): void {
    if (message.type === 'ready') this.#events.ready(message.refusal)
    if (message.type === 'restored') running.restored?.(message)
    if (message.type === 'done') {
      running.asked.get(message.id)?.(message)
      running.asked.delete(message.id)
    }
  }

  #ended(running: Running, code: number): void {
    if (this.#running !== running) return
    this.#running = null
    this.#next = Promise.withResolvers()
    for (const answer of running.asked.values()) answer(cutOff)
    running.restored?.(cutOff)
    const again = this.#stopping === null && this.#mayStart(code)
    this.#events.gone(this.#stopping !== null || again)
    if (again) setTimeout(() => this.#startAgain(), this.#pause())
  }

  #startAgain(): void {
    if (this.#stopping === null && this.#running === null) this.start()
  }

  #mayStart(code: number): boolean {
    this.#log = `${this.#log}The data process ended with code ${code}.\n`.slice(-keptLog)
    const now = performance.now()
    this.#crashes = [...this.#crashes.filter((at) => now - at < crashWindow), now]
    return this.#crashes.length <= crashLimit
  }

  #pause(): number {
    return firstPause * 2 ** (this.#crashes.length - 1)
  }
}
