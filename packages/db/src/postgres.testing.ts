import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, chownSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

import pg from 'pg'

import { postgresBinaries, unprivileged } from './postgres-binaries.testing.ts'

export interface PostgresServer {
  /** `postgres://…/postgres`; the port stays the same over restarts. */
  readonly url: string
  /** The same server, another database. */
  urlOf(database: string): string
  /** Starts again after `stop` or `kill`. */
  start(): Promise<void>
  /** An orderly stop: sessions are ended, data is kept. */
  stop(): Promise<void>
  /** SIGKILL: as if the machine had lost this process. */
  kill(): Promise<void>
  restart(): Promise<void>
  /** Stops it and deletes its data. */
  remove(): Promise<void>
}

const prefix = 'steward-pg-'

/**
 * Starts a real Postgres on a free local port, with its data in a temporary folder.
 * `durable` leaves fsync on, as in production; without it tests are faster.
 */
export async function startPostgres({ durable = false }: { durable?: boolean } = {}): Promise<PostgresServer> {
  removeLeftovers()
  const binaries = postgresBinaries()
  const user = unprivileged()
  const folder = mkdtempSync(join(tmpdir(), prefix))
  chmodSync(folder, 0o711)
  writeFileSync(join(folder, 'owner'), String(process.pid))
  const data = join(folder, 'data')
  mkdirSync(data, { mode: 0o700 })
  if (user.uid !== undefined && user.gid !== undefined) chownSync(data, user.uid, user.gid)
  initialise(binaries.initdb, data, user)
  const port = await freePort()
  const urlOf = (database: string): string => `postgres://postgres@127.0.0.1:${port}/${database}`

  const flags = ['listen_addresses=127.0.0.1', `port=${port}`, 'unix_socket_directories=', 'max_connections=300']
  if (!durable) flags.push('fsync=off', 'full_page_writes=off', 'synchronous_commit=off')
  let child: ChildProcess | undefined
  const start = async (): Promise<void> => {
    const deadline = Date.now() + 60_000
    // After a SIGKILL it refuses to start until the last session of the dead server has noticed and left.
    for (let up = false; !up;) {
      child = spawn(binaries.postgres, ['-D', data, ...flags.flatMap((flag) => ['-c', flag])], {
        ...user,
        stdio: 'ignore',
      })
      up = await ready(urlOf('postgres'), { child, deadline })
    }
  }
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    const running = child
    child = undefined
    if (running === undefined || running.exitCode !== null) return
    const gone = once(running, 'exit')
    running.kill(signal)
    await gone
  }
  const lastResort = (): void => {
    child?.kill('SIGQUIT')
    rmSync(folder, { recursive: true, force: true })
  }
  process.once('exit', lastResort)
  await start()
  return {
    url: urlOf('postgres'),
    urlOf,
    start,
    stop: () => end('SIGINT'),
    kill: () => end('SIGKILL'),
    restart: async () => {
      await end('SIGINT')
      await start()
    },
    remove: async () => {
      await end('SIGINT')
      process.off('exit', lastResort)
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function initialise(initdb: string, data: string, user: { uid?: number; gid?: number }): void {
  // English order by ICU, as on many servers: text that forgets its collation is then found out by tests.
  const locale = ['--encoding=UTF8', '--locale=C', '--locale-provider=icu', '--icu-locale=en-US']
  const args = [`--pgdata=${data}`, '--username=postgres', '--auth=trust', '--no-sync', ...locale]
  const { status, stderr, error } = spawnSync(initdb, args, { ...user, encoding: 'utf8' })
  if (status !== 0) throw new Error(`initdb failed: ${stderr}`, { cause: error })
}

/** Waits until nothing writes to the database: a commit that a killed process had sent may still be done. */
export async function writesEnded(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const writing = `select 1 from pg_stat_activity where application_name = 'steward main write'
      and datname = current_database() and state <> 'idle' limit 1`
    while ((await client.query(writing)).rowCount !== 0) await sleep(5)
  } finally {
    await client.end()
  }
}

interface Wait {
  child: ChildProcess
  deadline: number
}

/** True once it answers, false when it has ended instead. */
async function ready(url: string, { child, deadline }: Wait): Promise<boolean> {
  for (;;) {
    const client = new pg.Client({ connectionString: url })
    client.on('error', () => {})
    try {
      await client.connect()
      return true
    } catch (error) {
      if (Date.now() > deadline) throw new Error('Postgres did not start.', { cause: error })
      if (child.exitCode !== null) return false
    } finally {
      await client.end().catch(() => {})
      await sleep(25)
    }
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

/** Folders of test runs that were killed. A server that still runs in one ends itself when its files are gone. */
function removeLeftovers(): void {
  for (const name of readdirSync(tmpdir()).filter((entry) => entry.startsWith(prefix))) {
    const folder = join(tmpdir(), name)
    if (!ownerLives(folder)) rmSync(folder, { recursive: true, force: true })
  }
}

function ownerLives(folder: string): boolean {
  try {
    process.kill(Number(readFileSync(join(folder, 'owner'), 'utf8')), 0)
    return true
  } catch (error) {
    // No right to signal it (EPERM) means it lives; a folder without a note was abandoned.
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
