/*
 * The console as people get it: the real server on a folder of its own, filled through the typed client, and a real
 * Chromium. Tests and screenshots.ts use the same one.
 */
import { type Client, createClient } from '@steward/api/client'
import { type RunningServer, createLog, readConfig, startServer } from '@steward/server'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { env } from 'node:process'
import { type Browser, type BrowserContext, type BrowserContextOptions, type Page, chromium } from 'playwright-core'
import { countRequests } from './requests.ts'
import type { Screen } from './screens.ts'
import { type Seed, people, seed } from './seed.ts'

/** The same server under a name on a LAN. */
export const onLan = (url: string): string => url.replace('127.0.0.1', 'steward.lan')

/** Milliseconds that anything on a page may take: a loaded machine is slow, and no failure of ours. */
const patience = 60_000

export const password = 'a sentence is easiest to keep'
export const ownerEmail = 'mina.osei@northwind.example'

const places = [
  'chromium-headless-shell',
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'microsoft-edge',
]

/** Where a Chromium lies, or null. CHROMIUM says which. */
export function findChromium(): string | null {
  const named = env['CHROMIUM']
  if (named) return existsSync(named) ? named : null
  return places.map((name) => `/usr/bin/${name}`).find((path) => existsSync(path)) ?? null
}

/** What keeps the browser from being driven here, in one line; null when nothing does. */
export function whyNoBrowser(): string | null {
  if (findChromium() === null)
    return env['CHROMIUM']
      ? `There is no browser at CHROMIUM=${env['CHROMIUM']}.`
      : 'No Chromium was found in /usr/bin: set CHROMIUM to the path of one.'
  if (!existsSync(join(import.meta.dirname, '../../../packages/console/dist/index.html')))
    return 'The console is not built: run "npx turbo build" first.'
  return null
}

export interface TestServer {
  server: RunningServer
  url: string
  /** What makes the first person the owner. */
  setUpCode: string
  close(): Promise<void>
}

/** A server on an empty folder that nobody owns yet. */
export async function startTestServer(more: Record<string, string> = {}): Promise<TestServer> {
  const folder = mkdtempSync(join(tmpdir(), 'steward-console-'))
  const settings = {
    STEWARD_DATA: 'data',
    STEWARD_PORT: '0',
    STEWARD_LOG_LEVEL: 'fatal',
    STEWARD_RATE_LIMIT: '0',
    // Each context says an address of its own: attempts to sign in are counted by it.
    STEWARD_TRUST_PROXY: '1',
    ...more,
  }
  const config = readConfig(settings, folder)
  const server = await startServer({ config, log: createLog(config) })
  return {
    server,
    url: server.url,
    setUpCode: server.firstRun.setupCode ?? '',
    close: async () => {
      await server.close(1000)
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

export interface Visit {
  context: BrowserContext
  page: Page
  /** What must not happen and did: console errors, refusals of the policy, requests to other origins. */
  wrongs: string[]
}

/** A session in a browser. */
export type SignedIn = Awaited<ReturnType<BrowserContext['storageState']>>

export interface VisitOptions {
  /** Whose session to bring along; nobody's unless told. */
  as?: 'owner' | SignedIn
  /** Answers of 4xx are part of what is tried. */
  refusals?: boolean
  /** Another server than the fixture's. */
  url?: string
  /** What the browser's pages may do; by default the clipboard. */
  permissions?: string[]
}

export interface Fixture {
  url: string
  /** Speaks as the owner. */
  client: Client
  seed: Seed
  visit(options?: VisitOptions): Promise<Visit>
  /** Signs in over the endpoint for browsers; to be given to `visit`. */
  signIn(email: string): Promise<SignedIn>
  /** How to visit as whom a screen is for. */
  visitorOf(screen: Pick<Screen, 'as' | 'refused'>): Promise<VisitOptions>
  close(): Promise<void>
}

/** @throws Error in one line when there is no browser or no built console. */
export async function openFixture(): Promise<Fixture> {
  const reason = whyNoBrowser()
  if (reason !== null) throw new Error(reason)
  const app = await startTestServer()
  let browser: Browser | undefined
  try {
    browser = await chromium.launch({
      executablePath: findChromium() ?? '',
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        // Names of a LAN, where plain http is no secure context as it is on this machine's own.
        '--host-resolver-rules=MAP *.lan 127.0.0.1',
      ],
    })
    return await served(app, browser)
  } catch (cause) {
    await browser?.close()
    await app.close()
    throw cause
  }
}

async function served(app: TestServer, browser: Browser): Promise<Fixture> {
  const { url } = app
  const anyone = createClient({ url })
  const mina = { email: ownerEmail, name: 'Mina Osei', password }
  await anyone.setup.claim.mutate({ code: app.setUpCode, ...mina, keepFirstToken: true })
  const client = createClient({ url, token: app.server.firstRun.token ?? '' })
  const seeded = await seed({ client, anyone, password })
  const newContext = contexts(browser)
  const signIn = async (email: string): Promise<SignedIn> => {
    const context = await newContext({})
    const answer = await context.request.post(`${url}/auth/sign-in/email`, {
      data: { email, password },
      headers: { origin: url },
    })
    if (!answer.ok()) throw new Error(`${email} could not sign in: ${await answer.text()}`)
    const state = await context.storageState()
    await context.close()
    return state
  }
  const ownersState = await signIn(ownerEmail)
  let viewersState: SignedIn | undefined
  const viewer = people.find(({ role }) => role === 'viewer')?.email ?? ''
  return {
    url,
    client,
    seed: seeded,
    signIn,
    visitorOf: async ({ as, refused = false }) => {
      // Without a session the first call is always refused.
      if (as === 'nobody') return { refusals: true }
      return { as: as === 'viewer' ? (viewersState ??= await signIn(viewer)) : 'owner', refusals: refused }
    },
    visit: async ({ as, refusals = false, url: baseURL = url, permissions } = {}) => {
      const storageState = as === 'owner' ? ownersState : as
      const context = await newContext({
        baseURL,
        ...(storageState && { storageState }),
        ...(permissions && { permissions }),
      })
      return watched(context, { origin: new URL(baseURL).origin, refusals })
    },
    close: async () => {
      await browser.close()
      await app.close()
    },
  }
}

function contexts(browser: Browser): (options: BrowserContextOptions) => Promise<BrowserContext> {
  let count = 0
  return async (options) => {
    count += 1
    const context = await browser.newContext({
      viewport: { width: 1280, height: 800 },
      reducedMotion: 'reduce',
      colorScheme: 'light',
      permissions: ['clipboard-read', 'clipboard-write'],
      extraHTTPHeaders: { 'x-forwarded-for': `10.1.${Math.floor(count / 250)}.${(count % 250) + 1}` },
      ...options,
    })
    context.setDefaultTimeout(patience)
    return context
  }
}

async function watched(
  context: BrowserContext,
  { origin, refusals }: { origin: string; refusals: boolean },
): Promise<Visit> {
  const wrongs: string[] = []
  countRequests(context)
  context.on('request', (request) => {
    const at = new URL(request.url())
    // blob: is what a page makes itself, such as a file to save.
    if (at.origin !== origin && at.protocol !== 'blob:') wrongs.push(`request to ${request.url()}`)
  })
  context.on('console', (message) => {
    const text = message.text()
    const refused = refusals && /Failed to load resource.* status of 4\d\d/.test(text)
    if (message.type() === 'error' && !refused) wrongs.push(`console: ${text} (${message.location().url})`)
  })
  context.on('weberror', (error) => wrongs.push(`page: ${error.error().message}`))
  await context.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
      // eslint-disable-next-line no-console -- read by the listener above.
      console.error(`policy: ${violatedDirective} refused ${blockedURI}`),
    )
  })
  return { context, page: await context.newPage(), wrongs }
}
