// Loaded into the measured servers before their own code: tells the parent what they have used of the processor, and how
// long the event loop was held since the last question. That takes a timer, which runs from the first question on.
import { monitorEventLoopDelay } from 'node:perf_hooks'

const resolution = 1
const delay = monitorEventLoopDelay({ resolution })

process.on('message', (message) => {
  if (message === 'cpu') process.send?.({ cpu: process.cpuUsage() })
  if (message !== 'longestHold') return
  delay.enable()
  const longestHold = Math.max(0, delay.max / 1e6 - resolution)
  delay.reset()
  process.send?.({ longestHold })
})
// The channel alone must not keep the server alive.
process.channel?.unref()
