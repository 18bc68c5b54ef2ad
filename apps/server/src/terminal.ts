import { AsyncLocalStorage } from 'node:async_hooks'
import { configOfProcess, type Config } from './config.ts'
import type { ExitCode } from './exit.ts'

/** What a command is given and answers with. */
export interface Terminal {
  /** @throws ConfigError */
  config(): Config
  stdin: AsyncIterable<unknown> & { isTTY?: boolean }
  /** Writes text to stdout as it is; `err` to stderr. */
  out(text: string): void
  err(text: string): void
  /** What it ends with, when it ends by itself. */
  endWith(code: ExitCode): void
}

const ofProcess: Terminal = {
  config: configOfProcess,
  get stdin() {
    return process.stdin
  },
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  endWith: (code) => void (process.exitCode = code),
}

const given = new AsyncLocalStorage<Terminal>()

/** The one that the work under way was given; the process's own by default. */
export function terminal(): Terminal {
  return given.getStore() ?? ofProcess
}

/** Runs a command with a terminal of its own, beside others in this process. */
export function withTerminal<T>(own: Terminal, work: () => Promise<T>): Promise<T> {
  return given.run(own, work)
}
