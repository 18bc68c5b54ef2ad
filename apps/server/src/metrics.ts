import { setTimeout as sleep } from 'node:timers/promises'
import type { Store, Stores } from '@steward/db'
import type { MailOutcome } from './mail/smtp.ts'
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client'

/** What is counted of this process, in Prometheus' text format. */
export interface Metrics {
  readonly contentType: string
  render(): Promise<string>
  /** @param path a procedure's, or one of few fixed words: every value makes a series. */
  observe(path: string, status: number, seconds: number): void
  /** One try to send a mail. */
  mailed(outcome: MailOutcome): void
  /** The same stores, with the time their writes wait and take noted. */
  timed(stores: Stores): Stores
  /** Where the numbers of the moment are read when someone asks. */
  watch(source: Watched): void
}

export interface Watched {
  readonly underWay: number
  readonly openStreams: number
  /** Bytes of request bodies that are being read or answered. */
  readonly bodyBytes: number
  /** Bytes of blobs that no row names, as of the last hour; 0 while that is not known. */
  readonly unnamedBytes: number
}

/** Seconds: from a cached read to an upload of a large body. */
const buckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10]

/** Milliseconds: the library looks at the event loop every 10. */
const firstLook = 30

export function createMetrics(): Metrics {
  const register = new Registry()
  const registers = [register]
  const durations = new Histogram({
    name: 'steward_request_duration_seconds',
    help: 'Time from the start of a request to its response.',
    labelNames: ['operation'],
    buckets,
    registers,
  })
  const answers = new Counter({
    name: 'steward_requests_total',
    help: 'Responses by procedure and HTTP status.',
    labelNames: ['operation', 'status'],
    registers,
  })
  const write = new Histogram({
    name: 'steward_write_seconds',
    help: 'Write transactions: time waiting for the lane, and from its start to the durable commit.',
    labelNames: ['store', 'phase'],
    buckets,
    registers,
  })
  let hasDefaults = false
  /**
   * What the library tells of the process. It watches the delay of the event loop with a timer that runs a hundred times
   * a second: only where somebody asks. The first answer waits until there is something to tell.
   */
  const begin = async (): Promise<void> => {
    hasDefaults = true
    collectDefaultMetrics({ register })
    await sleep(firstLook)
  }
  let watched: Watched = { underWay: 0, openStreams: 0, bodyBytes: 0, unnamedBytes: 0 }
  const mails = new Counter({
    name: 'steward_mails_total',
    help: 'Attempts to pass an email to the mail server: sent, failed temporarily, or failed permanently.',
    labelNames: ['outcome'],
    registers,
  })
  const onScrape = (name: string, help: string, read: () => number): void => {
    const gauge: Gauge = new Gauge({ name, help, registers: [], collect: () => gauge.set(read()) })
    register.registerMetric(gauge)
  }
  const loop: Counter = new Counter({
    name: 'steward_event_loop_cpu_seconds_total',
    help: 'CPU time of the thread that handles requests; while it works on one request, all others wait.',
    registers,
    collect() {
      const { user, system } = process.threadCpuUsage()
      loop.reset()
      loop.inc((user + system) / 1e6)
    },
  })
  onScrape('steward_requests_under_way', 'Requests without a complete response yet.', () => watched.underWay)
  onScrape('steward_open_streams', 'Open streaming responses.', () => watched.openStreams)
  onScrape('steward_body_bytes', 'Bytes of request bodies being received.', () => watched.bodyBytes)
  onScrape('steward_unnamed_blob_bytes', 'Bytes of stored code that is no longer used.', () => watched.unnamedBytes)
  return {
    contentType: register.contentType,
    async render() {
      if (!hasDefaults) await begin()
      return register.metrics()
    },
    observe(path, status, seconds) {
      // A batch names all its procedures: one series for each mixture would be without bound.
      const operation = path.includes(',') ? '(batch)' : path
      durations.observe({ operation }, seconds)
      answers.inc({ operation, status })
    },
    mailed: (outcome) => mails.inc({ outcome }),
    timed: (stores) => ({
      engine: stores.engine,
      isShared: stores.isShared,
      main: timedStore(stores.main, 'main', write),
      telemetry: timedStore(stores.telemetry, 'telemetry', write),
      close: () => stores.close(),
    }),
    watch(from) {
      watched = from
    },
  }
}

type WriteTimes = Histogram<'store' | 'phase'>

function timedStore<DB>(inner: Store<DB>, store: string, times: WriteTimes): Store<DB> {
  return {
    engine: inner.engine,
    reader: inner.reader,
    library: inner.library,
    snapshot: (fn) => inner.snapshot(fn),
    ping: () => inner.ping(),
    close: () => inner.close(),
    write(fn, options) {
      const asked = performance.now()
      let began = asked
      const note = (): void => {
        times.observe({ store, phase: 'wait' }, (began - asked) / 1000)
        times.observe({ store, phase: 'run' }, (performance.now() - began) / 1000)
      }
      const done = inner.write((tx) => {
        began = performance.now()
        return fn(tx)
      }, options)
      done.then(note, note)
      return done
    },
  }
}
