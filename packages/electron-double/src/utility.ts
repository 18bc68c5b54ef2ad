import type { ForkOptions, UtilityProcess } from 'electron'
import { fork, type ChildProcess } from 'node:child_process'
import { EventEmitter } from 'node:events'
import type { Readable } from 'node:stream'
import { app } from './app.ts'
import { note, utilityEnv } from './env.ts'
import { electronNode } from './node.ts'
import { writePlain } from './plain.ts'
import { endsOf, FarPorts } from './ports.ts'

let register: string | null = null

/** `utilityProcess`: a real process of its own, which leaves with its parent as Electron's do. */
class DoubleUtility extends EventEmitter {
  readonly #child: ChildProcess
  readonly #ports: FarPorts
  #pid: number | undefined

  constructor(path: string, args: string[], { env, stdio }: ForkOptions) {
    super()
    if (!app.isReady()) throw new Error('utilityProcess cannot be created before app is ready.')
    const ways = Array.isArray(stdio) ? stdio : ['inherit' as const, 'inherit' as const, 'inherit' as const]
    this.#child = fork(path, args, {
      execPath: electronNode() ?? process.execPath,
      execArgv: ['--import', (register ??= writePlain('register-utility')), '--disable-warning=ExperimentalWarning'],
      serialization: 'advanced',
      stdio: [...ways, 'ipc'],
      // oxlint-disable-next-line node/no-process-env
      env: { ...(env ?? process.env), ...utilityEnv },
    })
    this.#ports = new FarPorts({ send: (message) => this.#send(message) })
    this.#child.once('spawn', () => {
      this.#pid = this.#child.pid
      note({ kind: 'host', event: 'fork', pid: this.#pid ?? 0, code: null })
      this.emit('spawn')
    })
    this.#child.on('message', (message) => {
      if (!this.#ports.hear(message)) this.emit('message', (message as { data: unknown }).data)
    })
    this.#child.once('exit', (code) => {
      note({ kind: 'host', event: 'exit', pid: this.#pid ?? 0, code })
      this.#pid = undefined
      this.#ports.closeAll()
      this.emit('exit', code ?? 1)
    })
  }

  get pid(): number | undefined {
    return this.#pid
  }

  get stdout(): Readable | null {
    return this.#child.stdout
  }

  get stderr(): Readable | null {
    return this.#child.stderr
  }

  postMessage(message: unknown, transfer: unknown[] = []): void {
    const ends = endsOf(transfer)
    const ids = ends.map(() => this.#ports.reserve())
    this.#send({ t: 'message', data: structuredClone(message), ports: ids })
    ends.forEach((end, index) => this.#ports.adopt(ids[index] ?? 0, end))
  }

  kill(): boolean {
    return this.#child.kill()
  }

  #send(message: unknown): void {
    if (this.#child.connected) this.#child.send(message as object, () => {})
  }
}

export const utilityProcess = {
  fork: (path: string, args: string[] = [], options: ForkOptions = {}): UtilityProcess =>
    new DoubleUtility(path, args, options),
}
