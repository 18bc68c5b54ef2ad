import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Fixture } from './fixture.ts'

export interface Server {
  port: number
  /** Resident memory, bytes. */
  memory(): number
  /** CPU time that all threads of the process have taken so far, microseconds. */
  cpu(): Promise<number>
  /** Longest time the event loop was held since the last question, milliseconds; the first one only begins to measure. */
  longestHold(): Promise<number>
  stop(): Promise<void>
}

const path = (name: string): string => fileURLToPath(new URL(name, import.meta.url))
const watched = { execArgv: ['--import', new URL('watch.ts', import.meta.url).href] }

/** Starts one of the two comparison servers; it tells its port over the process channel. */
export async function startBare(file: 'floor' | 'stock', fixture: Fixture): Promise<Server> {
  const child = fork(path(`${file}.server.ts`), [`${fixture.folder}/steward.db`], {
    ...watched,
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const message = await new Promise<{ port: number }>((resolve, reject) => {
    child.once('message', (value) => resolve(value as { port: number }))
    child.once('exit', () => reject(new Error(`The ${file} server did not start.`)))
  })
  return handle(child, message.port)
}

/** Below those that the system itself gives to connections. */
export const somePort = (): number => 20_000 + Math.floor(Math.random() * 12_000)

/** Starts Steward's own server process on the fixture's folder and waits until it is ready. */
export async function startSteward(fixture: Fixture): Promise<Server> {
  const port = somePort()
  const child = fork(path('../../apps/server/src/main.ts'), [], {
    ...watched,
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: {
      ...process.env,
      STEWARD_PORT: String(port),
      STEWARD_DATA: fixture.folder,
      STEWARD_SECRET_KEY: fixture.secret,
      STEWARD_LOG_LEVEL: 'error',
      STEWARD_RATE_LIMIT: '0',
    },
  })
  const gone = new Promise<never>((_, reject) =>
    child.once('exit', (code) => reject(new Error(`Steward stopped with ${code}.`))),
  )
  gone.catch(() => {})
  await Promise.race([ready(port), gone])
  return handle(child, port)
}

/** Resolves with the first good answer of `/ready`. */
export async function ready(port: number): Promise<void> {
  for (;;) {
    const answer = await fetch(`http://127.0.0.1:${port}/ready`).catch(() => null)
    if (answer?.ok) return
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

/** What `watch.ts` in the child answers. */
interface Answer {
  longestHold: number
  cpu: NodeJS.CpuUsage
}

function handle(child: ChildProcess, port: number): Server {
  const ask = (question: keyof Answer): Promise<Answer> =>
    new Promise((resolve) => {
      child.once('message', (value) => resolve(value as Answer))
      child.send(question)
    })
  return {
    port,
    cpu: async () => {
      const { cpu } = await ask('cpu')
      return cpu.user + cpu.system
    },
    memory: () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1] ?? 0) * 1024,
    longestHold: async () => (await ask('longestHold')).longestHold,
    stop: () =>
      new Promise((resolve) => {
        child.once('exit', () => resolve())
        child.kill('SIGTERM')
      }),
  }
}
