import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { freshDatabase } from '@steward/db/testing'
import { onTestFinished } from 'vitest'
import { runCommand } from './commands/program.ts'
import { readConfig } from './config.ts'
import { explained } from './serve.ts'
import { withTerminal, type Terminal } from './terminal.ts'

const sourceOf = (file: string): string => fileURLToPath(new URL(file, import.meta.url))

/** An empty folder that is deleted after the test. */
export function freshFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'steward-server-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

export type Env = Record<string, string>

/** The environment of an installation of the test's own, on either engine. */
export async function freshInstallation(engine: 'sqlite' | 'postgres' = 'sqlite'): Promise<Env> {
  const env = { STEWARD_DATA: join(freshFolder(), 'data'), STEWARD_PORT: '0', STEWARD_RATE_LIMIT: '0' }
  if (engine === 'sqlite') return env
  const database = await freshDatabase('postgres', { empty: true })
  onTestFinished(() => database.remove())
  return { ...env, STEWARD_DATABASE_URL: (database.options as { url: string }).url }
}

/** A child process with what it has written so far. */
export interface Child {
  process: ChildProcess
  out(): string
  err(): string
  /** Resolves the exit code, or the name of the signal that ended it. */
  exit: Promise<number | string>
}

/** Starts `main.ts` or `cli.ts` in a process of its own; it is killed after the test at the latest. */
export function start(file: 'main.ts' | 'cli.ts', args: readonly string[], env: Env, input?: string): Child {
  const child = spawn(process.execPath, [sourceOf(file), ...args], {
    env: { ...withoutOurs(), ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
    cwd: tmpdir(),
  })
  let out = ''
  let err = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text))
  child.stdin.on('error', () => {})
  child.stdin.end(input ?? '')
  const exit = once(child, 'close').then(([code, signal]) => (code ?? signal) as number | string)
  onTestFinished(async () => {
    if (child.exitCode === null) child.kill('SIGKILL')
    await exit
  })
  return { process: child, out: () => out, err: () => err, exit }
}

/** The settings of whoever runs the tests must not reach the children. */
function withoutOurs(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('STEWARD_')))
}

export interface Ran {
  code: number | string
  out: string
  err: string
}

/**
 * Runs a `steward` command to its end, in this process: a process of its own takes ten times as long, and differs by
 * `cli.ts` alone.
 */
export async function steward(env: Env, args: readonly string[], input = ''): Promise<Ran> {
  const ran: Ran = { code: 0, out: '', err: '' }
  const own: Terminal = {
    config: () => readConfig(env, tmpdir()),
    stdin: Readable.from(input === '' ? [] : [Buffer.from(input)]),
    out: (text) => void (ran.out += text),
    err: (text) => void (ran.err += text),
    endWith: (code) => void (ran.code = code),
  }
  await withTerminal(own, () => explained(() => runCommand(args), args.includes('--json')))
  return ran
}

/** The same in a process of its own. */
export async function stewardProcess(env: Env, args: readonly string[], input?: string): Promise<Ran> {
  const child = start('cli.ts', args, env, input)
  const code = await child.exit
  return { code, out: child.out(), err: child.err() }
}

export interface Served extends Child {
  url: string
}

/** Starts a server and resolves once it listens. @throws Error with what it wrote when it ends instead. */
export async function serveIn(env: Env): Promise<Served> {
  const child = start('main.ts', [], env)
  const listening = new Promise<string>((resolve) => {
    const look = (): void => {
      const url = /Address +(http\S+)/.exec(child.out())?.[1]
      if (url !== undefined && child.out().includes('Ctrl-C')) resolve(url)
    }
    child.process.stdout?.on('data', look)
  })
  const ended = child.exit.then((code) => {
    throw new Error(`The server ended with ${code}:\n${child.out()}\n${child.err()}`)
  })
  const url = await Promise.race([listening, ended])
  ended.catch(() => {})
  return { ...child, url }
}

/** The token that a first start prints. */
export function tokenIn(text: string): string {
  const token = /bp_pat_[0-9A-Za-z]{49}/.exec(text)?.[0]
  if (token === undefined) throw new Error(`There is no token in:\n${text}`)
  return token
}
