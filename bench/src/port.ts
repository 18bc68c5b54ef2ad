import { createApi } from '@steward/api/server'
import type { Actor } from '@steward/api/server'
import { openInstallation } from '@steward/installation'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { BrowserContext, Page } from 'playwright-core'
import { build } from 'vite'
import type { Fixture } from './fixture.ts'

declare global {
  interface Window {
    /** A `fetch` over the port, where there is one. */
    portFetch?: typeof fetch
    steward?: { connection: { fetch: typeof fetch } }
  }
}

/** The address of a list of 20. */
export const listOf20 = (workspaceId: string): string =>
  `/trpc/bot.list?input=${encodeURIComponent(JSON.stringify({ workspaceId, pageSize: 20 }))}`

/** Calls one after another in a page, each answer read whole. @returns the milliseconds of each. */
export function callInPage(
  page: Page,
  { path, count, headers = {} }: { path: string; count: number; headers?: Record<string, string> },
): Promise<number[]> {
  return page.evaluate(
    async ([target, wanted, sent]) => {
      const ask = window.steward?.connection.fetch ?? window.portFetch ?? window.fetch.bind(window)
      const times: number[] = []
      while (times.length < wanted) {
        const began = performance.now()
        const answer = (await (await ask(target, { headers: sent })).json()) as {
          result: { data: { bots: unknown[] } }
        }
        times.push(performance.now() - began)
        if (answer.result.data.bots.length !== 20) throw new Error('The list is not of 20 bots.')
      }
      return times
    },
    [path, count, headers] as const,
  )
}

export interface Host {
  /** The answer's text. */
  ask(path: string): Promise<string>
  close(): Promise<void>
}

/** The app as the desktop's host asks it, in this process: from a request to the row and back, without transport. */
export async function openHost(fixture: Fixture): Promise<Host> {
  const place = { dataFolder: fixture.folder, databaseUrl: null, secretKey: Buffer.from(fixture.secret, 'base64') }
  const settings = { publicUrl: 'http://steward.invalid', signUp: 'invited' as const }
  const { app, close } = await openInstallation(place, { settings })
  const api = createApi(app)
  const owner: Actor = { kind: 'user', userId: fixture.userId, credential: { kind: 'local' } }
  return {
    ask: async (path) => (await api.handle(new Request(`http://steward.invalid${path}`), owner)).text(),
    close: async () => {
      await api.close()
      await close()
    },
  }
}

export interface PortPage {
  page: Page
  close(): Promise<void>
}

const shared = (name: string): string =>
  JSON.stringify(new URL(`../../packages/api/src/transport/${name}`, import.meta.url).pathname)

/**
 * A page with a port to a frame of another site, which Chromium runs in another process: the path a window's port takes
 * to the host in Electron. The frame answers every call with `text`.
 */
export async function openPortPage(browser: BrowserContext, fixture: Fixture, text: string): Promise<PortPage> {
  const files: Record<string, [body: string, type: string]> = {
    '/page.js': [await bundle(fixture.folder, pageCode), 'text/javascript'],
    '/frame.js': [await bundle(fixture.folder, frameCode(text)), 'text/javascript'],
    '/page': ['<!doctype html><iframe></iframe><script src="/page.js"></script>', 'text/html'],
    '/frame': ['<!doctype html><script src="/frame.js"></script>', 'text/html'],
  }
  const server = createServer((request, response) => {
    const [body, type] = files[request.url ?? ''] ?? ['', 'text/plain']
    response.writeHead(body === '' ? 404 : 200, { 'content-type': type }).end(body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const page = await browser.newPage()
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/page`)
  await page.waitForFunction(() => window.portFetch !== undefined)
  await requireOtherProcess(browser, page)
  return {
    page,
    close: async () => {
      await page.close()
      server.closeAllConnections()
      server.close()
    },
  }
}

const pageCode = `
  import { createPortLine } from ${shared('port.ts')}
  const frame = document.querySelector('iframe')
  frame.addEventListener('load', () => {
    const { port1, port2 } = new MessageChannel()
    const line = createPortLine()
    line.attach(port1)
    frame.contentWindow.postMessage(null, '*', [port2])
    window.portFetch = line.fetch
  })
  frame.src = 'http://localhost:' + location.port + '/frame'`

const frameCode = (text: string): string => `
  import { servePort } from ${shared('port-host.ts')}
  const text = ${JSON.stringify(text)}
  const headers = { 'content-type': 'application/json' }
  addEventListener('message', ({ ports }) => servePort(ports[0], async () => new Response(text, { headers })))`

/** A frame has a target of its own only where it has a process of its own. */
async function requireOtherProcess(browser: BrowserContext, page: Page): Promise<void> {
  const session = await browser.newCDPSession(page)
  const { targetInfos } = await session.send('Target.getTargets')
  await session.detach()
  if (!targetInfos.some(({ type, url }) => type === 'iframe' && url.startsWith('http://localhost:')))
    throw new Error('Chromium keeps the frame in the page’s process: what would be measured is not the port’s way.')
}

async function bundle(folder: string, code: string): Promise<string> {
  const entry = join(mkdtempSync(join(folder, 'bundle-')), 'entry.ts')
  writeFileSync(entry, code)
  const result = await build({
    configFile: false,
    logLevel: 'warn',
    build: { write: false, lib: { entry, formats: ['iife'], name: 'bundle' } },
  })
  const [one] = [result].flat() as { output: { code: string }[] }[]
  if (!one?.output[0]) throw new Error('Nothing was bundled.')
  return one.output[0].code
}
