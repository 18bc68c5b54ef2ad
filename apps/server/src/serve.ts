import type { Config } from './config.ts'
import { startBlock } from './banner.ts'
import { exitCode, explain, nameOf, type ExitCode } from './exit.ts'
import { createLog } from './log.ts'
import { startServer, type RunningServer } from './server.ts'
import { terminal } from './terminal.ts'

/**
 * Runs `steward serve` until a signal ends it. What people read goes to stdout, the log to stderr.
 * SIGTERM, SIGINT and SIGHUP shut down in order (exit 0); a second one ends at once. So does a key that was replaced
 * meanwhile (exit 1): whatever starts it again does so with the new one, or is told.
 * @throws what `startServer` throws; nothing is left open then.
 */
export async function serve(config: Config): Promise<never> {
  const log = createLog(config)
  // A reader that closes its end (`npm start | head`) must not end the server.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {})
  const end = endOnSignals((text) => log.info({}, text))
  for (const warning of config.warnings) log.warn({}, warning)
  const server = await startServer({ config, log })
  process.stdout.write(startBlock(config, server))
  log.info({ url: server.url, engine: server.engine }, 'Steward is listening.')
  const stop = (cause: unknown): void => {
    log.fatal({ err: cause }, 'Steward has to stop: an unexpected error occurred.')
    void server.close(2000).finally(() => process.exit(exitCode.failed))
  }
  process.once('uncaughtException', stop)
  process.once('unhandledRejection', stop)
  const outlived = server.keyReplaced.then(async () => {
    log.fatal(
      {},
      'Steward has to stop: its secret key was replaced while it was running. Start it again with the new key.',
    )
    await server.close()
    process.exit(exitCode.failed)
  })
  await Promise.race([end(server), outlived])
  log.info({}, 'Steward has stopped.')
  process.exit(exitCode.ok)
}

/** Milliseconds: Ctrl-C under npm arrives more than once, from the terminal and from those in between. */
const oneAsk = 1000

/** Listens for signals from the start, so that one during a long migration is not lost. */
function endOnSignals(say: (text: string) => void): (server: RunningServer) => Promise<void> {
  const asked = Promise.withResolvers<void>()
  let askedAt: number | null = null
  const onSignal = (signal: NodeJS.Signals): void => {
    if (askedAt !== null) {
      if (performance.now() - askedAt > oneAsk) process.exit(signal === 'SIGINT' ? 130 : 143)
      return
    }
    askedAt = performance.now()
    say(`${signal}: finishing open requests. Send a second signal to stop immediately.`)
    asked.resolve()
  }
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, onSignal)
  return async (server) => {
    await asked.promise
    await server.close()
  }
}

/**
 * Runs `work`; on a failure says so in plain words on stderr and ends with the exit code that fits.
 * @param json whether stdout belongs to a machine: then it gets `{"error":{"code","message"}}`.
 */
export async function orExplain(work: () => Promise<void>, json = false): Promise<void> {
  const code = await explained(work, json)
  // What is still open (a timer, a socket half closed) must not keep a failed process alive.
  if (code !== null) setTimeout(() => process.exit(code), 1000).unref()
}

/** The same, for who goes on afterwards. @returns the exit code of the failure; null when there was none. */
export async function explained(work: () => Promise<void>, json: boolean): Promise<ExitCode | null> {
  try {
    await work()
    return null
  } catch (error) {
    const { code, message } = explain(error)
    const here = terminal()
    here.err(`${message}\n`)
    if (json) here.out(`${JSON.stringify({ error: { code: nameOf(code), message } }, null, 2)}\n`)
    here.endWith(code)
    return code
  }
}
