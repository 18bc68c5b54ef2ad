/** Length of an answer from which on the work behind it is felt by others. */
const largeAnswer = 64 * 1024
/** Callers remembered; beyond it the one seen first is forgotten. */
const mostCallers = 1000

interface Lane {
  isBusy: boolean
  readonly waiting: (() => void)[]
}

/**
 * Lets callers with large answers wait for themselves: the next read of such a caller begins when everybody else has had
 * a turn of the event loop. Without it ten reads that come together are one long hold, since SQLite answers at once.
 */
export interface Turns {
  /** Resolves when it is the caller's turn. @returns whether one was taken, which must be given back by `end`. */
  begin(key: string): Promise<boolean>
  /** @param size length of the answer. */
  end(key: string, turn: { taken: boolean; size: number }): void
}

export function createTurns(): Turns {
  const lanes = new Map<string, Lane>()
  const handOn = (key: string, lane: Lane, size: number): void => {
    const next = lane.waiting.shift()
    if (next) return next()
    lane.isBusy = false
    if (size < largeAnswer) lanes.delete(key)
  }
  return {
    async begin(key) {
      const lane = lanes.get(key)
      if (!lane) return false
      if (lane.isBusy) await new Promise<void>((resolve) => lane.waiting.push(resolve))
      else lane.isBusy = true
      return true
    },
    end(key, { taken, size }) {
      const lane = lanes.get(key)
      if (taken && lane) setImmediate(handOn, key, lane, size)
      else if (size >= largeAnswer && !lane) {
        if (lanes.size >= mostCallers) forgetIdle(lanes)
        // The reads that came with this one wait for the next turn too.
        const busy: Lane = { isBusy: true, waiting: [] }
        lanes.set(key, busy)
        setImmediate(handOn, key, busy, size)
      }
    },
  }
}

function forgetIdle(lanes: Map<string, Lane>): void {
  for (const [key, { isBusy }] of lanes) {
    if (isBusy) continue
    lanes.delete(key)
    return
  }
}
