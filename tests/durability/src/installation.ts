import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { getCompileCacheDir } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { silentLog, type AppContext } from '@steward/api/server'
import { openStores, type OpenOptions, type Stores } from '@steward/db'
import { writesEnded as databaseWritesEnded } from '@steward/db/testing'
import { appOver, takeSecret } from '@steward/installation'
import { appParts, readConfig, serverProgram } from '@steward/server/testing'

/** Where a server keeps its data, over all its lives. */
export interface Installation {
  readonly engine: Stores['engine']
  readonly environment: Readonly<Record<string, string>>
  readonly options: OpenOptions
  /** Deletes its data. */
  remove(): Promise<void>
}

/** A Postgres database of an installation's own, and how to be rid of it. */
export interface Database {
  readonly url: string
  remove(): Promise<void>
}

/** An installation in a new temporary folder, with its tables in a Postgres database if one is given. */
export function newInstallation(database?: Database): Installation {
  const url = database?.url
  const folder = mkdtempSync(join(tmpdir(), 'steward-durability-'))
  const data = join(folder, 'data')
  const environment = {
    STEWARD_DATA: data,
    STEWARD_PORT: '0',
    STEWARD_RATE_LIMIT: '0',
    STEWARD_LOG_LEVEL: 'error',
    STEWARD_SECRET_KEY: '5e'.repeat(32),
    ...(url === undefined ? {} : { STEWARD_DATABASE_URL: url }),
  }
  return {
    engine: url === undefined ? 'sqlite' : 'postgres',
    environment,
    options: url === undefined ? { folder: data } : { url, pool: { read: 2, write: 1 } },
    remove: async () => {
      rmSync(folder, { recursive: true, force: true })
      await database?.remove()
    },
  }
}

/** A look into the data from this process, beside the server. Close it before the server is killed. */
export interface Look {
  stores: Stores
  app: AppContext
}

export async function lookInto<T>(installation: Installation, look: (at: Look) => Promise<T>): Promise<T> {
  const config = readConfig(installation.environment, tmpdir())
  const stores = await openStores(installation.options)
  try {
    const secret = takeSecret(config, false).bytes
    const app = await appOver(config, { stores, secret }, appParts(config, silentLog))
    return await look({ stores, app })
  } finally {
    await stores.close()
  }
}

/** The real server, in a process of its own. */
export interface ServerProcess {
  readonly url: string
  readonly process: ChildProcess
  out(): string
  /** What it logged: errors only. */
  err(): string
  /** The exit code, or the name of the signal that ended it. */
  readonly exit: Promise<number | string>
  kill(signal: NodeJS.Signals): Promise<number | string>
}

const running = new Set<ChildProcess>()
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})

/** Where Node keeps what it compiled, if it does here: a run starts hundreds of servers. */
function keptCode(): Record<string, string> {
  const folder = getCompileCacheDir()
  // Node's answer is the folder of this very version, inside the one it is told.
  return folder === undefined ? {} : { NODE_COMPILE_CACHE: dirname(folder) }
}

/** Begins to start a server; `listening` rejects when it ends before it listens. */
export function launch(installation: Installation): { child: ChildProcess; listening: Promise<ServerProcess> } {
  const child = spawn(process.execPath, [serverProgram], {
    env: { ...keptCode(), ...installation.environment },
    cwd: tmpdir(),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  running.add(child)
  let out = ''
  let err = ''
  const exit = once(child, 'close').then(([code, signal]) => {
    running.delete(child)
    return (code ?? signal) as number | string
  })
  const listening = new Promise<ServerProcess>((resolve, reject) => {
    child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text))
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      out += text
      const url = /Address +(http\S+)/.exec(out)?.[1]
      if (url === undefined || !out.includes('Ctrl-C')) return
      const kill = (signal: NodeJS.Signals): Promise<number | string> => {
        child.kill(signal)
        return exit
      }
      resolve({ url, process: child, out: () => out, err: () => err, exit, kill })
    })
    void exit.then((code) => reject(new Error(`The server ended with ${code}:\n${out}\n${err}`)))
  })
  listening.catch(() => {})
  return { child, listening }
}

/** Starts a server on the installation's data and waits until it listens. @throws Error with what it wrote. */
export function startProcess(installation: Installation): Promise<ServerProcess> {
  return launch(installation).listening
}

/** Waits until the database has ended the writes of a server that was killed. */
export async function writesEnded({ options }: Installation): Promise<void> {
  if ('url' in options) await databaseWritesEnded(options.url)
}
