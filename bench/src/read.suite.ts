import { startBare, startSteward } from './child.ts'
import { inTurn, median, milliseconds, perSecond, print, ratio, spread } from './figures.ts'
import { load, request } from './load.ts'
import type { Scene } from './scene.ts'

/** Authenticated `bot.get` over HTTP through both doors, beside the floor and stock tRPC. */
export async function readSuite(scene: Scene, seconds: number): Promise<void> {
  const [floor, stock, steward] = [
    await startBare('floor', scene),
    await startBare('stock', scene),
    await startSteward(scene),
  ]
  const { token, botId } = scene
  const input = encodeURIComponent(JSON.stringify({ id: botId }))
  const shots = {
    floor: { port: floor.port, request: request('GET', `/bots/${botId}`, { token }) },
    stock: { port: stock.port, request: request('GET', `/bot.get?input=${input}`, { token }) },
    trpc: { port: steward.port, request: request('GET', `/trpc/bot.get?input=${input}`, { token }) },
    rest: { port: steward.port, request: request('GET', `/v1/admin/bots/${botId}`, { token }) },
  }
  let p99 = 0
  const measure = (name: keyof typeof shots) => async (): Promise<number> => {
    const result = await load({ ...shots[name], clients: 16, duration: seconds * 1000 })
    if (result.failed > 0) throw new Error(`${name}: ${result.failed} requests failed.`)
    if (name === 'trpc') p99 = Math.max(p99, result.p99)
    return result.rate
  }
  const runs = { floor: measure('floor'), stock: measure('stock'), trpc: measure('trpc'), rest: measure('rest') }
  await inTurn(1, runs)
  const rates = await inTurn(5, runs)
  for (const server of [floor, stock, steward]) await server.stop()
  const middle = {
    floor: median(rates.floor),
    stock: median(rates.stock),
    trpc: median(rates.trpc),
    rest: median(rates.rest),
  }
  print('bot.get over HTTP, 16 clients (rates are medians of 5, taken in turn)', [
    {
      name: 'floor: node:http + better-sqlite3',
      figure: perSecond(middle.floor),
      goal: `noise ${Math.round(spread(rates.floor) * 100)} %`,
      met: true,
    },
    { name: 'stock tRPC', figure: perSecond(middle.stock), goal: '', met: true },
    { name: 'Steward, tRPC', figure: perSecond(middle.trpc), goal: '', met: true },
    { name: 'Steward, REST', figure: perSecond(middle.rest), goal: '', met: true },
    {
      name: 'tRPC / floor',
      figure: ratio(middle.trpc / middle.floor),
      goal: 'at least 0.2, aiming at 0.4',
      met: middle.trpc / middle.floor >= 0.2,
    },
    {
      name: 'REST / floor',
      figure: ratio(middle.rest / middle.floor),
      goal: 'at least 0.2, aiming at 0.4',
      met: middle.rest / middle.floor >= 0.2,
    },
    {
      name: 'tRPC / stock tRPC',
      figure: ratio(middle.trpc / middle.stock),
      goal: 'at least 3',
      met: middle.trpc / middle.stock >= 3,
    },
    { name: 'p99 of tRPC', figure: milliseconds(p99), goal: '', met: true },
  ])
}
