import type { OutboxTable } from '@steward/db'
import { hour, iso, minute, second } from '../clock.ts'
import type { AppContext } from '../app-context.ts'
import { storesOf } from '../app-context.ts'
import { claim, dueMessages, firstDue, putOff, settle } from './outbox.queries.ts'
import type { Topic } from './write.ts'

/** Where waiting comes from; injected so that tests need not. */
export interface Timer {
  /** Calls `fn` once after so many milliseconds, unless cancelled by the returned function. */
  after(milliseconds: number, fn: () => void): () => void
}

/** The process's own timer; it keeps no process alive. */
export const systemTimer: Timer = {
  after(milliseconds, fn) {
    const timer = setTimeout(fn, milliseconds)
    timer.unref()
    return () => clearTimeout(timer)
  },
}

export interface Delivery {
  id: string
  laneId: string
  payload: unknown
  /** 1 at the first try. */
  attempt: number
}

/**
 * Does a message's work: at least once, so doing it twice must do no harm. `again` asks to be called later although
 * nothing failed, in so many milliseconds.
 */
export type Handler = (delivery: Delivery) => Promise<void | { again: number }>

/**
 * What is done for some topics. Those that wait for machines elsewhere have a dispatcher of their own, so that nothing
 * else waits behind them.
 */
export type Handlers = Partial<Readonly<Record<Topic, Handler>>>

export interface Running {
  /** Starts no new work and resolves when the work under way is done. */
  stop(): Promise<void>
}

export interface Dispatcher extends Running {
  /** Looks for due messages now. Resolves when none is left that is due. */
  wake(): Promise<void>
}

/** How long a message that was taken is out of sight; longer work may be done twice. */
const lease = 5 * minute
/** How often messages of other processes are looked for: each looks after its own, so these are those of one that ended. */
const pollEvery = 10 * second
/** When it is tried again after the outbox could not be read. */
const afterFailure = second
/** After a commit: many commits in a row cause one look. */
const settleTime = 20
const batch = 20
const maxErrorLength = 500

/**
 * Delivers the outbox: takes due messages one by one, calls the handler of their topic, deletes them on success and
 * puts them off on failure, longer each time. Several processes may do so at once. It looks after each commit of this
 * process, when the next message is due, and every ten seconds.
 */
export function startOutbox(app: AppContext, handlers: Handlers, timer: Timer = systemTimer): Dispatcher {
  const due = dueFor(app, handlers)
  let stopped = false
  const isStopped = (): boolean => stopped
  let running: Promise<void> | null = null
  let askedAgain = false
  let scheduled: { at: number; cancel: () => void } | null = null

  const schedule = (wait: number): void => {
    const at = app.clock.now() + wait
    if (stopped || (scheduled && scheduled.at <= at)) return
    scheduled?.cancel()
    const cancel = timer.after(wait, () => {
      scheduled = null
      void wake()
    })
    scheduled = { at, cancel }
  }

  /** @returns milliseconds until it is to be called again. */
  const work = async (): Promise<number> => {
    do {
      askedAgain = false
      await drain(app, { handlers, due: due.messages }, isStopped)
    } while (askedAgain && !isStopped())
    const first = isStopped() ? undefined : await due.first.first(storesOf(app).main.reader, {})
    const left = first ? Date.parse(first.run_after) - app.clock.now() : pollEvery
    return Math.min(pollEvery, Math.max(settleTime, left))
  }

  const wake = (): Promise<void> => {
    if (stopped) return running ?? Promise.resolve()
    askedAgain = true
    running ??= work()
      .catch((cause: unknown) => {
        app.log.error({ err: cause }, 'The outbox could not be read.')
        return afterFailure
      })
      .then((wait) => {
        running = null
        return schedule(wait)
      })
    return running
  }

  const ignore = app.events.subscribeAll(() => schedule(settleTime))
  schedule(settleTime)
  return {
    wake,
    async stop() {
      stopped = true
      ignore()
      scheduled?.cancel()
      await running
    },
  }
}

interface Due {
  messages: ReturnType<typeof dueMessages>
  first: ReturnType<typeof firstDue>
}

/** A slow topic's own messages; else all that are of no slow topic, so that one that nobody handles is reported. */
function dueFor({ areas }: AppContext, handlers: Handlers): Due {
  const slow = Object.entries(areas.topics).flatMap(([topic, handling]) => (handling.slow ? [topic] : []))
  const own = slow.filter((topic) => topic in handlers)
  const [topics, which] = own.length > 0 ? ([own, 'these'] as const) : ([slow, 'others'] as const)
  return { messages: dueMessages(topics, which), first: firstDue(topics, which) }
}

/** Delivers until nothing is due. */
async function drain(
  app: AppContext,
  { handlers, due: query }: { handlers: Handlers; due: Due['messages'] },
  isStopped: () => boolean,
): Promise<void> {
  const { main } = storesOf(app)
  for (;;) {
    const due = await query.all(main.reader, { now: iso(app.clock.now()), limit: batch })
    for (const row of due) {
      if (isStopped()) return
      await deliver(app, handlers, row)
    }
    if (due.length < batch) return
  }
}

async function deliver(app: AppContext, handlers: Handlers, row: OutboxTable): Promise<void> {
  const { main } = storesOf(app)
  const until = iso(app.clock.now() + lease)
  const attempts = row.attempts + 1
  const taken = await main.write((tx) => claim.run(tx, { id: row.id, run_after: row.run_after, until, attempts }))
  if (taken === 0) return
  const mine = { id: row.id, run_after: until }
  try {
    const handler = (handlers as Partial<Record<string, Handler>>)[row.topic]
    if (!handler) throw new Error(`Nothing handles the topic ${row.topic}.`)
    const delivery = { id: row.id, laneId: row.lane_id, payload: JSON.parse(row.payload) as unknown, attempt: attempts }
    const later = await handler(delivery)
    if (!later) await main.write((tx) => settle.run(tx, mine))
    else
      await main.write((tx) =>
        putOff.run(tx, {
          ...mine,
          until: iso(app.clock.now() + later.again),
          attempts: row.attempts,
          last_error: null,
        }),
      )
  } catch (cause) {
    app.log.warn({ err: cause, message: row.id, topic: row.topic, attempts }, 'An outbox message failed.')
    const last_error = String(cause).slice(0, maxErrorLength)
    const next = iso(app.clock.now() + backoff(attempts))
    await main.write((tx) => putOff.run(tx, { ...mine, until: next, attempts, last_error }))
  }
}

/** Milliseconds before the next try: 1 s, 2 s, 4 s … up to an hour. A message is never given up. */
export function backoff(attempts: number): number {
  return Math.min(hour, second * 2 ** Math.min(attempts - 1, 20))
}
