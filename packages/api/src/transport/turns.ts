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
  /**
   * Resolves when it is the caller's turn, which must be given back by `end`. @returns null for who need not wait: most
   * calls, and they should not even take a step of the event loop for it.
   */
  begin(key: string): Promise<void> | null
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
    begin(key) {
      const lane = lanes.get(key)
      if (!lane) return null
      if (lane.isBusy) return new Promise((resolve) => lane.waiting.push(resolve))
      lane.isBusy = true
      return Promise.resolve()
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
