import { expect, test } from 'vitest'
import { freshInstallation, serveIn, tokenIn } from './process.testing.ts'

test('two servers on one database share the limit of a caller, whose answers tell it', async () => {
  const env = { ...(await freshInstallation('postgres')), STEWARD_RATE_LIMIT: '2' }
  const first = await serveIn(env)
  const headers = { authorization: `Bearer ${tokenIn(first.out())}` }
  const second = await serveIn(env)
  const call = async ({ url }: { url: string }) => {
    const response = await fetch(`${url}/v1/admin/workspaces`, { headers })
    await response.arrayBuffer()
    return response
  }
  const statuses: number[] = []
  let last: Response | undefined
  const round = async (): Promise<number> => {
    // The first admits what the limit allows, and is at it all the time.
    for (let i = 0; i < 30; i += 1) await call(first)
    last = await call(second)
    statuses.push(last.status)
    return last.status
  }
  await expect.poll(round, { interval: 100 }).toBe(429)
  expect(last?.headers.get('ratelimit-limit')).toBe('20')
  expect(last?.headers.get('ratelimit-remaining')).toBe('0')
  expect(last?.headers.get('retry-after')).toBe(last?.headers.get('ratelimit-reset'))
  // It knows nothing of the caller at first; by itself it would have let twenty through.
  expect(statuses[0]).toBe(200)
  expect(statuses.length).toBeLessThan(20)
  for (const server of [first, second]) {
    server.process.kill('SIGTERM')
    expect(await server.exit).toBe(0)
  }
})
