import { launchDouble } from '@steward/electron-double'
import type { Application } from '@steward/electron-double'
import { existsSync, mkdtempSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { openChromium } from './browser.ts'
import { startSteward } from './child.ts'
import { at, inTurn, median, megabytes, milliseconds, print, ratio, spread } from './figures.ts'
import { watchPage } from './in-page.ts'
import { callInPage, listOf20, openHost, openPortPage } from './port.ts'
import type { Fixture } from './fixture.ts'

const main = fileURLToPath(new URL('../../apps/desktop/dist/app/main/index.js', import.meta.url))
const starts = 7
const rounds = 6
/** Calls of one kind before the next kind has its turn. */
const block = 50

/** The desktop app on the double of Electron, and its way from the page to a row beside loopback HTTP. */
export async function desktopSuite(fixture: Fixture): Promise<void> {
  if (!existsSync(main)) throw new Error('The desktop app is not built: run this as "npm run bench".')
  const home = mkdtempSync(join(fixture.folder, 'desktop-'))
  await attachStores(home)
  const screens: number[] = []
  for (let n = 0; n < starts; n++) screens.push(await firstScreen(home))
  const host = await callOnTheDouble(home)
  const ways = await callBothWays(fixture)
  printApp(screens, host)
  printWays(ways, host.times)
}

function printApp(screens: number[], host: HostFigures): void {
  print('The desktop app on the double', [
    {
      name: `process start to home shown, warm, median of ${starts}`,
      figure: milliseconds(median(screens)),
      goal: `under 1,500 ms, noise ${Math.round(spread(screens) * 100)} %`,
      met: median(screens) < 1500,
    },
    { name: 'host memory, home shown (resident)', figure: megabytes(host.before), goal: '', met: true },
    {
      name: 'host memory after 1,000 calls (resident)',
      figure: megabytes(host.after),
      goal: 'under 150 MB',
      met: host.after < 150e6,
    },
  ])
}

function printWays({ host, port, http }: Ways, double: number[]): void {
  const sums = host.flatMap((samples, round) => samples.map((time, n) => time + (port[round]?.[n] ?? NaN)))
  const middle = median(sums)
  const noise = Math.round(spread(port.map(median)) * 100)
  print(`bot.list of 20, one call after another, p50 of ${rounds * block}`, [
    { name: 'host alone: request to row and back', figure: milliseconds(median(host.flat())), goal: '', met: true },
    {
      name: 'port alone: Chromium’s own, page to another process',
      figure: milliseconds(median(port.flat())),
      goal: `noise ${noise} %`,
      met: true,
    },
    { name: 'page to row and back: port and host', figure: milliseconds(middle), goal: 'under 3 ms', met: middle < 3 },
    { name: 'the same, p95', figure: milliseconds(at(sums, 0.95)), goal: '', met: true },
    { name: 'over loopback HTTP', figure: milliseconds(median(http.flat())), goal: '', met: true },
    { name: 'loopback HTTP, p95', figure: milliseconds(at(http.flat(), 0.95)), goal: '', met: true },
    { name: 'HTTP / port and host', figure: ratio(median(http.flat()) / middle), goal: '', met: true },
    { name: 'on the double, which relays the port', figure: milliseconds(median(double)), goal: '', met: true },
  ])
}

interface Running {
  api: Application
  page: Page
  workspaceId: string
}

/** Starts the app and waits for a window with the console's first page in it. */
async function start(home: string): Promise<Running> {
  const api = await launchDouble({
    main,
    args: [`--user-data-dir=${join(home, 'data')}`],
    journal: join(home, 'journal'),
  })
  const page = await api.waitForWindow((url) => /^api:\/\/steward\/w\/[^/]+\/home$/.test(url))
  return { api, page, workspaceId: new URL(page.url()).pathname.split('/')[2] ?? '' }
}

/** The first start of all: makes the database and 20 bots in it. */
async function attachStores(home: string): Promise<void> {
  const { api, page, workspaceId } = await start(home)
  await page.evaluate(async (id) => {
    for (let n = 1; n <= 20; n++) {
      const answer = await window.steward?.connection.fetch('/trpc/bot.create', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ workspaceId: id, name: `Bot ${n}` }),
      })
      if (!answer?.ok) throw new Error(`A bot could not be made: ${answer?.status}.`)
    }
  }, workspaceId)
  await api.close()
}

/** From just before the app's process to the frame that shows home, by the machine's clock. */
async function firstScreen(home: string): Promise<number> {
  const began = Date.now()
  const { api, page } = await start(home)
  await page.evaluate(watchPage)
  const shown = await page.evaluate(() => window.bench.homeShown)
  await api.close()
  return shown - began
}

interface HostFigures {
  /** Bytes resident. */
  before: number
  after: number
  /** Milliseconds of the last calls. */
  times: number[]
}

async function callOnTheDouble(home: string): Promise<HostFigures> {
  const { api, page, workspaceId } = await start(home)
  await page.evaluate(watchPage)
  await page.evaluate(() => window.bench.homeShown)
  const before = residentOf(api)
  const path = listOf20(workspaceId)
  await callInPage(page, { path, count: 1000 - rounds * block })
  const times = await callInPage(page, { path, count: rounds * block })
  const after = residentOf(api)
  await api.close()
  return { before, after, times }
}

/** Bytes of the process that holds database and router. */
function residentOf(api: Application): number {
  const fork = api.journal().findLast((entry) => entry.kind === 'host' && entry.event === 'fork')
  if (fork?.kind !== 'host') throw new Error('The app has started no host.')
  const kilobytes = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${fork.pid}/status`, 'utf8'))?.[1]
  return Number(kilobytes) * 1024
}

/** Milliseconds of each call, by round. */
interface Ways {
  host: number[][]
  port: number[][]
  http: number[][]
}

/** The host's part, Chromium's port and loopback HTTP, in turn; port and HTTP in the same Chromium, with the same answer. */
async function callBothWays(fixture: Fixture): Promise<Ways> {
  const host = await openHost(fixture)
  const steward = await startSteward(fixture)
  const browser = await openChromium(mkdtempSync(join(fixture.folder, 'profile-')))
  try {
    const path = listOf20(fixture.small)
    const ported = await openPortPage(browser, fixture, await host.ask(path))
    const page = await browser.newPage()
    // A page of the console: what is no page may fetch nothing.
    await page.goto(`http://127.0.0.1:${steward.port}/sign-in`)
    const headers = { authorization: `Bearer ${fixture.token}` }
    const ways: Ways = { host: [], port: [], http: [] }
    const keep = (samples: number[][], times: number[]): number => samples.push(times)
    const turn = {
      host: async () => keep(ways.host, await askHost(() => host.ask(path))),
      port: async () => keep(ways.port, await callInPage(ported.page, { path, count: block })),
      http: async () => keep(ways.http, await callInPage(page, { path, count: block, headers })),
    }
    // The first rounds warm everything up.
    await inTurn(3, turn)
    for (const samples of Object.values(ways)) samples.length = 0
    await inTurn(rounds, turn)
    await ported.close()
    return ways
  } finally {
    await browser.close()
    await steward.stop()
    await host.close()
  }
}

async function askHost(ask: () => Promise<string>): Promise<number[]> {
  const times: number[] = []
  while (times.length < block) {
    const began = performance.now()
    await ask()
    times.push(performance.now() - began)
  }
  return times
}
