import { monitorEventLoopDelay } from 'node:perf_hooks'

/** The longest time in milliseconds that the event loop was held; the best of three, as other processes disturb it. */
export async function longestHold(work: () => Promise<unknown>): Promise<number> {
  let best = Number.POSITIVE_INFINITY
  for (let attempt = 0; attempt < 3; attempt++) {
    const delay = monitorEventLoopDelay({ resolution: 5 })
    await new Promise((resolve) => setTimeout(resolve, 30))
    delay.enable()
    await new Promise((resolve) => setTimeout(resolve, 30))
    await work()
    await new Promise((resolve) => setTimeout(resolve, 30))
    delay.disable()
    best = Math.min(best, delay.max / 1e6)
  }
  return best
}
