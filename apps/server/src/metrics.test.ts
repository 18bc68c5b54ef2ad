import perf from 'node:perf_hooks'
import { expect, test, vi } from 'vitest'
import { createMetrics } from './metrics.ts'

test('watches the event loop only where somebody asks, and then has something to tell', async () => {
  const watch = vi.spyOn(perf, 'monitorEventLoopDelay')
  const metrics = createMetrics()
  metrics.observe('bot.get', 200, 0.001)
  expect(watch).not.toHaveBeenCalled()
  const text = await metrics.render()
  expect(await metrics.render()).toContain('process_cpu_seconds_total')
  expect(watch).toHaveBeenCalledTimes(1)
  watch.mockRestore()
  const least = Number(/^nodejs_eventloop_lag_min_seconds (\S+)$/m.exec(text)?.[1])
  expect(least).toBeGreaterThan(0)
  expect(least).toBeLessThan(60)
})
