import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import {
  createApi,
  createSharedRateLimiter,
  fileCheckpointSink,
  prepareFirstRun,
  startJobs,
  type FirstRun,
  type AppContext,
  type Incoming,
  type Log,
  type Outgoing,
  systemClock,
} from '@steward/api/server'
import type { Stores } from '@steward/db'
import type { Config } from './config.ts'
import { exitCode, CliError } from './exit.ts'
import { listen, type HttpServer } from './http/listen.ts'
import { createProxyNotice } from './http/proxies.ts'
import { consoleFolder, readConsole } from './console-files.ts'
import { createMetrics } from './metrics.ts'
import { addressOf, openApp } from './open.ts'

export { readConfig, type Config } from './config.ts'
export { createLog } from './log.ts'

export interface StartOptions {
  config: Config
  log: Log
}

export interface RunningServer {
  /** Where it listens. */
  url: string
  app: AppContext
  api: ReturnType<typeof createApi>
  engine: Stores['engine']
  /** Whether a built console is served. */
  hasConsole: boolean
  /** What the first person needs to get in; nulls once somebody has. */
  firstRun: FirstRun
  /** Resolves when the key of the installation turns out to have been replaced: then nothing can be changed any more. */
  keyReplaced: Promise<void>
  /**
   * Finishes what is under way (up to `grace` milliseconds, 15 s by default), then stops jobs and closes the
   * databases. @returns how many requests had to be cut off.
   */
  close(grace?: number): Promise<number>
  /** Drops all connections now; `close` then comes to its end at once. */
  cut(): void
}

const defaultGrace = 15_000

/**
 * Starts the whole server: listens, opens and migrates the databases, prepares the first run and starts the jobs.
 * Requests that come before it is ready wait.
 * @throws the system's error when the address is taken (nothing has been opened then), CliError, and what `openApp` throws.
 */
export async function startServer({ config, log }: StartOptions): Promise<RunningServer> {
  const metrics = createMetrics()
  const heed = config.trustedProxies === 0 ? createProxyNotice(log) : () => {}
  const ready = Promise.withResolvers<(incoming: Incoming) => Promise<Outgoing>>()
  ready.promise.catch(() => {})
  let respond = async (incoming: Incoming): Promise<Outgoing> => (await ready.promise)(incoming)
  const http = await listen({
    host: config.host,
    port: config.port,
    trustedProxies: config.trustedProxies,
    publicUrl: config.publicUrl,
    log,
    now: () => new Date(systemClock.now()),
    respond: (incoming) => {
      heed(incoming)
      return respond(incoming)
    },
  }).catch((cause: unknown) => {
    throw (cause as NodeJS.ErrnoException).syscall === 'getaddrinfo' ? unknownHost(config.host) : cause
  })
  try {
    const url = addressOf(config.host, http.port)
    const opened = await openApp(config, log, {
      publicUrl: url,
      wrap: (stores) => metrics.timed(stores),
      mailed: (outcome) => metrics.mailed(outcome),
      onProgress: (progress) => log.info({ ...progress }, 'Migrating the database.'),
    })
    return await served({ config, log, metrics, http, url, opened }, (ours) => {
      respond = ours
      ready.resolve(ours)
    })
  } catch (cause) {
    ready.reject(cause)
    http.cut()
    await http.close(0)
    throw cause
  }
}

/** Told apart here: the database's host may be unknown too. */
function unknownHost(host: string): CliError {
  return new CliError(
    exitCode.address,
    `STEWARD_HOST "${host}" is not known. Set it to an address or name of this machine.`,
  )
}

interface Parts {
  config: Config
  log: Log
  metrics: ReturnType<typeof createMetrics>
  http: HttpServer
  url: string
  opened: Awaited<ReturnType<typeof openApp>>
}

async function served(
  { config, log, metrics, http, url, opened }: Parts,
  open: (respond: (incoming: Incoming) => Promise<Outgoing>) => void,
): Promise<RunningServer> {
  const { app, stores } = opened
  try {
    const firstRun = await prepareFirstRun(app)
    let isOpen = true
    const pages = await readConsole(consoleFolder)
    const replaced = Promise.withResolvers<void>()
    const rateLimiter = config.rateLimit > 0 ? limiterOf(app, config.rateLimit) : null
    const api = createApi(app, {
      allowedOrigins: config.allowedOrigins,
      ...(rateLimiter ? { rateLimiter } : {}),
      ...(config.metrics
        ? { metrics: async () => ({ contentType: metrics.contentType, body: await metrics.render() }) }
        : {}),
      observe: (...answer) => metrics.observe(...answer),
      isOpen: () => isOpen,
      keyReplaced: () => replaced.resolve(),
      ...(pages ? { pages } : {}),
    })
    const jobs = startJobs(app, await sinkOf(config))
    metrics.watch({
      get underWay() {
        return http.underWay
      },
      get openStreams() {
        return http.openStreams
      },
      get bodyBytes() {
        return api.bodyBytes
      },
      get unnamedBytes() {
        return jobs.unnamed.bytes
      },
    })
    open((incoming) => api.respond(incoming))
    let closing: Promise<number> | undefined
    const close = async (grace: number): Promise<number> => {
      isOpen = false
      const cut = await http.close(grace)
      await jobs.stop()
      await rateLimiter?.stop()
      await api.close()
      await opened.close()
      if (cut > 0)
        log.warn(
          { requests: cut },
          'Some requests were cut off: they took longer than the time allowed for shutting down.',
        )
      return cut
    }
    return {
      url,
      app,
      api,
      engine: stores.engine,
      hasConsole: pages !== null,
      firstRun,
      keyReplaced: replaced.promise,
      close: (grace = defaultGrace) => (closing ??= close(grace)),
      cut: () => http.cut(),
    }
  } catch (cause) {
    await opened.close()
    throw cause
  }
}

/** Seconds a caller may save its allowance up for: a page that loads at once is no flood. */
const limitWindow = 10

function limiterOf(app: AppContext, perSecond: number) {
  return createSharedRateLimiter(app, { limit: perSecond * limitWindow, windowSeconds: limitWindow })
}

/** The second place for audit checkpoints, where one is set. */
async function sinkOf({ auditCheckpoints: file }: Config) {
  if (file === null) return {}
  await mkdir(dirname(file), { recursive: true })
  return { checkpointSink: fileCheckpointSink(file) }
}
