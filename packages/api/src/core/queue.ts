export interface QueueLimits {
  /** How much runs at one time. */
  atOnce: number
  /** How much more may wait for its turn. */
  waiting: number
}

/**
 * Runs work a little at a time, in the order it came.
 * @param full what is thrown at once when too much waits already.
 */
export function createQueue({ atOnce, waiting }: QueueLimits, full: () => Error) {
  const turns: (() => void)[] = []
  let running = 0
  const begin = async (): Promise<void> => {
    if (running < atOnce) running += 1
    else if (turns.length >= waiting) throw full()
    // Whoever ends hands over its turn, so nobody who comes later is before this one.
    else await new Promise<void>((resolve) => turns.push(resolve))
  }
  const end = (): void => {
    const next = turns.shift()
    if (next) next()
    else running -= 1
  }
  return async <T>(work: () => Promise<T>): Promise<T> => {
    await begin()
    try {
      return await work()
    } finally {
      end()
    }
  }
}
