import type { AppContext } from '../app-context.ts'
import { storesOf } from '../app-context.ts'
import { second } from '../clock.ts'
import type { RateCount, RateLimit, RateLimiter } from './rate-limit.ts'
import { createRateLimiter } from './rate-limit.ts'
import { addRateCounts, deleteRateCounts, findRateCounts } from './rate-limit.queries.ts'
import type { Running, Timer } from '../write/outbox.ts'
import { systemTimer } from '../write/outbox.ts'

/** Milliseconds from the first call that others do not know of until they are told. */
const tellAfter = 250
/** Callers that are told of at once: however many call, the database is asked no more than that. */
const toldAtOnce = 1000

/**
 * A rate limiter whose counts are those of all servers on the database. Each call is judged in memory; servers tell each
 * other what they have counted four times a second, the busiest thousand callers in one statement, and only while there is
 * something to tell. So a caller may have of each further server what it sends there within that time. While the database does not
 * answer each server counts for itself.
 */
export function createSharedRateLimiter(
  app: AppContext,
  limits: Omit<RateLimit, 'counted'>,
  timer: Timer = systemTimer,
): RateLimiter & Running {
  const { main, isShared } = storesOf(app)
  if (!isShared) return { ...createRateLimiter(app.clock, limits), stop: async () => {} }
  const { windowSeconds } = limits
  let telling: Promise<void> = Promise.resolve()
  let isTelling = false
  let cancel: () => void = () => {}
  let isStopped = false
  let isCut = false
  let swept = 0

  const later = (): void => {
    if (isStopped || isTelling) return
    cancel()
    cancel = timer.after(tellAfter, () => {
      isTelling = true
      telling = tell().finally(() => {
        isTelling = false
        if (limiter.hasUntold()) later()
      })
    })
  }
  const limiter = createRateLimiter(app.clock, { ...limits, counted: later })

  async function tell(): Promise<void> {
    const counts = limiter.drain(toldAtOnce)
    try {
      limiter.learn(await exchange(counts))
      isCut = false
    } catch (cause) {
      limiter.restore(counts)
      if (!isCut)
        app.log.warn({ err: cause }, 'The database does not answer: until it does, each server counts calls by itself.')
      isCut = true
    }
  }

  async function exchange(counts: readonly RateCount[]): Promise<RateCount[]> {
    const now = Math.floor(app.clock.now() / second / windowSeconds) * windowSeconds
    const keys = new Map(counts.map(({ key }) => [app.keys.mac(`calls of ${key}`), key]))
    const hashes = new Map([...keys].map(([caller, key]) => [key, caller]))
    const rows = counts.map(({ since, key, calls }) => ({ since, caller: hashes.get(key) ?? '', calls }))
    const all = await main.write(async (tx) => {
      const totals = await addRateCounts(tx, rows)
      // Of callers who were elsewhere in the window before.
      const earlier = await findRateCounts(tx, now - windowSeconds, [...keys.keys()])
      if (swept < now) await deleteRateCounts(tx, now - windowSeconds)
      return [...totals, ...earlier]
    })
    swept = now
    return all.map(({ since, caller, calls }) => ({ since, key: keys.get(caller) ?? '', calls }))
  }

  return {
    take: (key, cost) => limiter.take(key, cost),
    charge: (key, cost) => limiter.charge(key, cost),
    async stop() {
      isStopped = true
      cancel()
      await telling
    },
  }
}
