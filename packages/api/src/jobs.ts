import type { AppContext } from './core/app-context.ts'
import type { JobOptions, Retention } from './core/area.ts'
import type { Unnamed } from './core/blob/blob-write.ts'
import { countUnnamed } from './core/blob/blob-write.ts'
import { hour, iso } from './core/clock.ts'
import type { Dispatcher, Handlers, Running, Timer } from './core/write/outbox.ts'
import { startOutbox, systemTimer } from './core/write/outbox.ts'

export type { JobOptions } from './core/area.ts'

export interface Jobs extends Running {
  readonly outbox: Dispatcher
  readonly mail: Dispatcher
  /** Does the hourly work now, and once a day the collection of blobs. Resolves when it is done; what fails is logged. */
  tidy(): Promise<void>
  /** What lay in the blob store without a row that names it, when it was last tidied; nothing before that. */
  readonly unnamed: Unnamed
}

/** Rows deleted in one transaction, at most: the write lane is everybody's. */
const sweepBatch = 500

/**
 * Starts the background work of a process: the outbox, the deletion of what has run out, and what the areas do besides.
 * Several processes on one database may each have theirs.
 */
export function startJobs(app: AppContext, options: JobOptions = {}): Jobs {
  const { timer = systemTimer } = options
  const jobs = app.areas.jobs.map((make) => make(app, options))
  const line = oneByOne(app)
  let unnamed: Unnamed = { blobs: 0, bytes: 0 }
  const tidy = async (): Promise<void> => {
    for (const { name, hourly } of jobs) if (hourly) void line(name, hourly)
    for (const retention of app.areas.retention) void line(retention.what, () => sweep(app, retention))
    await line('counting', async () => {
      unnamed = await countUnnamed(app)
    })
  }
  const outbox = startOutbox(app, handlers(app, options, 'quick'), timer)
  const mail = startOutbox(app, handlers(app, options, 'slow'), timer)
  const ignore = app.events.subscribeAll((committed) => {
    for (const job of jobs) if (job.isDue?.(committed)) void line(job.name, async () => job.run?.(committed))
  })
  const hourly = repeat(timer, hour, tidy)
  return {
    outbox,
    mail,
    tidy,
    get unnamed() {
      return unnamed
    },
    async stop() {
      ignore()
      hourly()
      await Promise.all([outbox.stop(), mail.stop()])
      await line('stopping', async () => {})
    },
  }
}

/** Runs pieces of work one after another; what fails is logged and the next begins. */
function oneByOne(app: AppContext): (name: string, work: () => Promise<void>) => Promise<void> {
  let last: Promise<void> = Promise.resolve()
  return (name, work) => {
    last = last
      .then(work)
      .catch((cause: unknown) => app.log.error({ err: cause, job: name }, 'A background job failed.'))
    return last
  }
}

/** Calls `work` soon and then so many milliseconds after each end, until the returned function is called. */
function repeat(timer: Timer, milliseconds: number, work: () => Promise<void>): () => void {
  let stopped = false
  let cancel = timer.after(0, run)
  function run(): void {
    void work().then(() => {
      if (!stopped) cancel = timer.after(milliseconds, run)
      return undefined
    })
  }
  return () => {
    stopped = true
    cancel()
  }
}

/** What is done for the topics of all areas: those that wait for machines elsewhere, or the others. */
export function handlers(app: AppContext, options: JobOptions = {}, which: 'quick' | 'slow' = 'quick'): Handlers {
  const all = Object.entries(app.areas.topics).filter(([, { slow }]) => (slow === true) === (which === 'slow'))
  return Object.fromEntries(all.map(([topic, { handler }]) => [topic, handler(app, options)]))
}

/** Deletes what has run out, some at a time. */
async function sweep(app: AppContext, { kept = 0, sweep: next }: Retention): Promise<void> {
  const before = iso(app.clock.now() - kept)
  while ((await next(app, { before, limit: sweepBatch })) === sweepBatch);
}
