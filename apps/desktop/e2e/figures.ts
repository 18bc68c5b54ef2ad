// `node apps/desktop/e2e/figures.ts`: what the desktop's way to a row costs, side by side with loopback HTTP.
import { createApp, createHouse, prepareFirstRun } from '@steward/api/server'
import { migrate, openStores } from '@steward/db'
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, type Page } from 'playwright-core'
import { build } from 'vite'
import { buildDesktop } from '../build/build.ts'
import { doubleEnv } from '../double/env.ts'
import { launchDouble } from '../double/launch.ts'
import { built, canBuildConsole, fixtureSite } from './place.ts'

const calls = 300
const folder = mkdtempSync(join(tmpdir(), 'steward-figures-'))
const list = (workspaceId: string): string =>
  `/trpc/bot.list?input=${encodeURIComponent(JSON.stringify({ workspaceId }))}`

interface Times {
  p50: number
  p95: number
}

function timesOf(samples: number[]): Times {
  const sorted = samples.toSorted((one, other) => one - other)
  const at = (part: number): number => Math.round((sorted[Math.floor(sorted.length * part)] ?? 0) * 100) / 100
  return { p50: at(0.5), p95: at(0.95) }
}

/** Times one call after another in the page, reading each answer whole. */
function timeInPage(page: Page, target: string, headers: Record<string, string> = {}): Promise<number[]> {
  return page.evaluate(
    async ([path, count, sent]) => {
      const { steward, portFetch } = window as {
        steward?: { connection: { fetch: typeof fetch } }
        portFetch?: typeof fetch
      }
      const ask = steward?.connection.fetch ?? portFetch ?? window.fetch.bind(window)
      const samples: number[] = []
      for (let round = -30; round < count; round += 1) {
        const began = performance.now()
        const answer = (await (await ask(path, { headers: sent })).json()) as { result: { data: { bots: unknown[] } } }
        if (answer.result.data.bots.length !== 20) throw new Error('The list is not of 20 bots.')
        if (round >= 0) samples.push(performance.now() - began)
      }
      return samples
    },
    [target, calls, headers] as const,
  )
}

/** From the page's real MessagePort over the double's relay to the host's process, to SQLite and back; an upper bound. */
async function onTheDouble() {
  const home = mkdtempSync(join(folder, 'home-'))
  const app = await launchDouble({
    main: join(built.fixture, 'main', 'index.js'),
    args: [`--user-data-dir=${join(home, 'data')}`],
    journal: join(home, 'journal'),
  })
  const page = await app.waitForWindow((url) => url.startsWith('app:'))
  await page.locator('html[data-ready]').waitFor()
  const workspaceId = await page.evaluate(async () => {
    const answer = (await window.call?.('workspace.list', {})) as { workspaces: { id: string }[] } | undefined
    const id = answer?.workspaces[0]?.id ?? ''
    for (let n = 1; n <= 20; n += 1) await window.call?.('bot.create', { workspaceId: id, name: `Bot ${n}` }, true)
    return id
  })
  const samples = await timeInPage(page, list(workspaceId))
  for (let round = 0; round < 3; round += 1) await timeInPage(page, list(workspaceId))
  const fork = app.journal().findLast((entry) => entry.kind === 'host' && entry.event === 'fork')
  const memory = fork?.kind === 'host' ? residentOf(fork.pid) : null
  await app.close()
  return { ...timesOf(samples), hostMemory: memory }
}

/** Megabytes of a process, after more than a thousand calls. */
function residentOf(pid: number): number {
  const kilobytes = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  return Math.round(Number(kilobytes) / 1024)
}

/** The host's own part, without a port: a request to the row and back; and the answer's text. */
async function inTheHost() {
  const stores = await openStores({ folder: mkdtempSync(join(folder, 'data-')) })
  await migrate(stores, { now: () => new Date() })
  const house = await createHouse({
    stores,
    secret: new Uint8Array(32).fill(1),
    settings: { publicUrl: 'http://steward.invalid', signUp: 'invited' },
  })
  const { token } = await prepareFirstRun(house)
  const app = createApp(house)
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  const ask = async (path: string, body: string | null = null): Promise<string> => {
    const init = { method: body === null ? 'GET' : 'POST', headers, body }
    return (await app.handle(new Request(`http://steward.invalid${path}`, init))).text()
  }
  const spaces = JSON.parse(await ask('/trpc/workspace.list?input=%7B%7D')) as {
    result: { data: { workspaces: { id: string }[] } }
  }
  const workspaceId = spaces.result.data.workspaces[0]?.id ?? ''
  for (let n = 1; n <= 20; n += 1) await ask('/trpc/bot.create', JSON.stringify({ workspaceId, name: `Bot ${n}` }))
  const samples: number[] = []
  let text = ''
  for (let round = -30; round < calls; round += 1) {
    const began = performance.now()
    text = await ask(list(workspaceId))
    if (round >= 0) samples.push(performance.now() - began)
  }
  await app.close()
  await stores.close()
  return { times: timesOf(samples), text }
}

/** Chromium's own MessagePort, page to worker and back, with `portFetch` and `servePort` and the real answer's text. */
async function overChromiumsPort(text: string): Promise<Times> {
  const port = join(import.meta.dirname, '..', 'src', 'shared')
  const bundle = async (code: string): Promise<string> => {
    const entry = join(mkdtempSync(join(folder, 'bundle-')), 'entry.ts')
    writeFileSync(entry, code)
    const result = await build({
      configFile: false,
      logLevel: 'warn',
      build: { write: false, lib: { entry, formats: ['iife'], name: 'x' } },
    })
    const [one] = [result].flat() as { output: { code: string }[] }[]
    return one?.output[0]?.code ?? ''
  }
  const page = await bundle(`
    import { createPortLine } from ${JSON.stringify(join(port, 'port.ts'))}
    const line = createPortLine()
    const { port1, port2 } = new MessageChannel()
    new Worker('/worker.js').postMessage(null, [port2])
    line.attach(port1)
    window.portFetch = line.fetch`)
  const worker = await bundle(`
    import { servePort } from ${JSON.stringify(join(port, 'port-host.ts'))}
    const text = ${JSON.stringify(text)}
    onmessage = ({ ports }) => servePort(ports[0], async () => new Response(text, { headers: { 'content-type': 'application/json' } }))`)
  const files: Record<string, [string, string]> = {
    '/page.js': [page, 'text/javascript'],
    '/worker.js': [worker, 'text/javascript'],
    '/': ['<!doctype html><script src="/page.js"></script>', 'text/html'],
  }
  const server = createServer((request, response) => {
    const [body, type] = files[request.url ?? ''] ?? ['', 'text/plain']
    response.writeHead(body === '' ? 404 : 200, { 'content-type': type }).end(body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  try {
    return await inChromium(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`, (one) =>
      timeInPage(one, '/trpc/bot.list'),
    )
  } finally {
    server.closeAllConnections()
    server.close()
  }
}

/** The same list from a real server in a process of its own, over loopback HTTP. */
async function overHttp(): Promise<Times> {
  const child = spawn(process.execPath, [join(import.meta.dirname, '..', '..', 'server', 'src', 'main.ts')], {
    env: {
      // oxlint-disable-next-line node/no-process-env
      ...process.env,
      STEWARD_PORT: '0',
      STEWARD_DATA: mkdtempSync(join(folder, 'server-')),
      STEWARD_RATE_LIMIT: '0',
    },
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  try {
    const { url, token } = await startOf(child.stdout)
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
    const spaces = (await (await fetch(`${url}/trpc/workspace.list?input=%7B%7D`, { headers })).json()) as {
      result: { data: { workspaces: { id: string }[] } }
    }
    const workspaceId = spaces.result.data.workspaces[0]?.id ?? ''
    for (let n = 1; n <= 20; n += 1)
      await fetch(`${url}/trpc/bot.create`, {
        method: 'POST',
        headers,
        body: JSON.stringify({ workspaceId, name: `Bot ${n}` }),
      })
    return await inChromium(`${url}/health`, (page) => timeInPage(page, list(workspaceId), headers))
  } finally {
    child.kill()
  }
}

async function startOf(out: NodeJS.ReadableStream): Promise<{ url: string; token: string }> {
  let text = ''
  for await (const part of out) {
    text += String(part)
    const url = /http:\/\/127\.0\.0\.1:\d+/.exec(text)?.[0]
    const token = /bp_pat_\w+/.exec(text)?.[0]
    if (url !== undefined && token !== undefined) return { url, token }
  }
  throw new Error(`The server ended:\n${text}`)
}

async function inChromium(url: string, work: (page: Page) => Promise<number[]>): Promise<Times> {
  const browser = await chromium.launch({
    executablePath: doubleEnv.chromium,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
  })
  try {
    const page = await browser.newPage()
    await page.goto(url)
    return timesOf(await work(page))
  } finally {
    await browser.close()
  }
}

/** From "ready" to a page of the real console that shows the person's home; the second start of the same data. */
async function firstScreen(): Promise<number | null> {
  if (!canBuildConsole()) return null
  await buildDesktop({ out: built.console })
  const home = mkdtempSync(join(folder, 'screen-'))
  let took = 0
  for (let start = 1; start <= 2; start += 1) {
    const app = await launchDouble({
      main: join(built.console, 'main', 'index.js'),
      args: [`--user-data-dir=${join(home, 'data')}`],
      journal: join(home, 'journal'),
    })
    const page = await app.waitForWindow((url) => url.startsWith('app:'))
    await page.getByText('All bots').or(page.getByText('No bots yet')).first().waitFor()
    // What the page's own clock says since its navigation began, for the double starts a browser before that.
    took = await page.evaluate(() => performance.now())
    await app.close()
  }
  return Math.round(took)
}

try {
  await buildDesktop({ out: built.fixture, site: fixtureSite })
  const host = await inTheHost()
  const port = await overChromiumsPort(host.text)
  const http = await overHttp()
  const double = await onTheDouble()
  const screen = await firstScreen()
  const line = (what: string, { p50, p95 }: Times): string => `${what.padEnd(66)} p50 ${p50} ms, p95 ${p95} ms`
  console.log(`bot.list of 20, ${calls} calls one after another; the answer has ${host.text.length} characters`)
  console.log(line('request to row and back in the host, no transport', host.times))
  console.log(line('Chromium’s own MessagePort, page to worker and back, same answer', port))
  console.log(line('page to row and back on the double (port, debugger relay, process)', double))
  console.log(line('page to row and back over loopback HTTP (apps/server)', http))
  console.log(`host memory after more than 1,000 calls: ${double.hostMemory} MB`)
  if (screen !== null)
    console.log(`first useful screen of the console on the double, warm: ${screen} ms after navigation`)
} finally {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
}
