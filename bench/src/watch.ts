// Loaded into the measured server before its own code: tells the parent how long the event loop was held.
import { monitorEventLoopDelay } from 'node:perf_hooks'

const resolution = 1
const delay = monitorEventLoopDelay({ resolution })
delay.enable()
process.on('message', (message) => {
  if (message !== 'longestHold') return
  const longestHold = Math.max(0, delay.max / 1e6 - resolution)
  delay.reset()
  process.send?.({ longestHold })
})
// The channel alone must not keep the server alive.
process.channel?.unref()
