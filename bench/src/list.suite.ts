import { startSteward } from './child.ts'
import { inTurn, median, milliseconds, print, ratio, spread } from './figures.ts'
import { load } from './load.ts'
import type { Fixture } from './fixture.ts'

/** A page of 20 bots out of 100,000 beside the same page out of 1,000. */
export async function listSuite(fixture: Fixture, seconds: number): Promise<void> {
  const steward = await startSteward(fixture)
  const page = (workspaceId: string) => async (): Promise<number> => {
    const head = `GET /v1/admin/bots?pageSize=20 HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer ${fixture.token}\r\nx-workspace-id: ${workspaceId}\r\n\r\n`
    const result = await load({ port: steward.port, request: Buffer.from(head), clients: 1, duration: seconds * 1000 })
    if (result.failed > 0) throw new Error(`${result.failed} lists failed.`)
    return result.p50
  }
  const runs = { small: page(fixture.small), large: page(fixture.large) }
  await inTurn(1, runs)
  const times = await inTurn(5, runs)
  await steward.stop()
  const share = median(times.large) / median(times.small)
  print('bot.list, a page of 20', [
    {
      name: 'out of 1,000',
      figure: milliseconds(median(times.small)),
      goal: `noise ${Math.round(spread(times.small) * 100)} %`,
      met: true,
    },
    { name: 'out of 100,000', figure: milliseconds(median(times.large)), goal: '', met: true },
    { name: '100,000 / 1,000', figure: ratio(share), goal: 'within 1.5', met: share <= 1.5 },
  ])
}
