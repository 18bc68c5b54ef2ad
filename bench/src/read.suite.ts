import { startBare, startSteward } from './child.ts'
import { inTurn, median, microseconds, milliseconds, perSecond, print, ratio, spread } from './figures.ts'
import { measured, request } from './load.ts'
import type { Fixture } from './fixture.ts'

/** Many short turns: on a machine that does other things too, the middle of many is steadier than that of few. */
const rounds = 15

/**
 * Authenticated `bot.get` over HTTP through both endpoints, beside the floor and stock tRPC. Judged by the CPU time that the
 * server takes for a request: rates are as much the load's and the machine's.
 */
export async function readSuite(fixture: Fixture, seconds: number): Promise<void> {
  const [floor, stock, steward] = [
    await startBare('floor', fixture),
    await startBare('stock', fixture),
    await startSteward(fixture),
  ]
  const { token, botId } = fixture
  const input = encodeURIComponent(JSON.stringify({ id: botId }))
  const shots = {
    floor: { server: floor, request: request('GET', `/bots/${botId}`, { token }) },
    stock: { server: stock, request: request('GET', `/bot.get?input=${input}`, { token }) },
    trpc: { server: steward, request: request('GET', `/trpc/bot.get?input=${input}`, { token }) },
    rest: { server: steward, request: request('GET', `/v1/admin/bots/${botId}`, { token }) },
  }
  type Name = keyof typeof shots
  const rates: Record<Name, number[]> = { floor: [], stock: [], trpc: [], rest: [] }
  let p99 = 0
  const measure = (name: Name) => async (): Promise<number> => {
    const { server, request: bytes } = shots[name]
    const result = await measured(server, { request: bytes, clients: 16, duration: (seconds * 5000) / rounds })
    if (result.failed > 0) throw new Error(`${name}: ${result.failed} requests failed.`)
    if (name === 'trpc') p99 = Math.max(p99, result.p99)
    rates[name].push(result.rate)
    return result.cpu
  }
  const runs = { floor: measure('floor'), stock: measure('stock'), trpc: measure('trpc'), rest: measure('rest') }
  await inTurn(3, runs)
  for (const name of Object.keys(rates) as Name[]) rates[name] = []
  p99 = 0
  const cpu = await inTurn(rounds, runs)
  for (const server of [floor, stock, steward]) await server.stop()
  const line = (name: string, key: Name, goal = '') => ({
    name,
    figure: `${microseconds(median(cpu[key]))}, ${perSecond(median(rates[key]))}`,
    goal,
    met: true,
  })
  const share = (name: string, [part, whole]: [Name, Name], least: number) => {
    const value = median(cpu[whole]) / median(cpu[part])
    return { name, figure: ratio(value), goal: `at least ${least}`, met: value >= least }
  }
  print(`bot.get over HTTP, 16 clients: CPU time of the server per request, and rate (medians of ${rounds}, in turn)`, [
    line('floor: node:http + better-sqlite3', 'floor', `noise ${Math.round(spread(cpu.floor) * 100)} %`),
    line('stock tRPC', 'stock'),
    line('Steward, tRPC', 'trpc'),
    line('Steward, REST', 'rest'),
    share('tRPC / floor, by CPU time', ['trpc', 'floor'], 0.45),
    share('REST / floor, by CPU time', ['rest', 'floor'], 0.45),
    share('tRPC / stock tRPC, by CPU time', ['trpc', 'stock'], 3),
    { name: 'p99 of tRPC', figure: milliseconds(p99), goal: '', met: true },
  ])
}
