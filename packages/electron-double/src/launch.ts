import { spawn, type ChildProcess } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { chromium, type Browser, type Page } from 'playwright-core'
import type { Entry } from './env.ts'

export interface LaunchOptions {
  /** The built main module. */
  main: string
  args: string[]
  journal: string
  denyNetwork?: boolean
  /** What stands for the system's keyring: `gnome_libsecret` or `basic_text`. */
  keyring?: string
  /** A link that is handed over before the app is ready, as macOS does. */
  openUrl?: string
  /** More of an environment for the app. */
  env?: Readonly<Record<string, string>>
}

/** Shaped like Playwright's `ElectronApplication`. */
export interface Application {
  firstWindow(): Promise<Page>
  windows(): Page[]
  waitForWindow(matches: (url: string) => boolean): Promise<Page>
  /** Runs in main with the `electron` module. */
  evaluate<R, A = undefined>(run: (electron: typeof Electron, arg: A) => R, arg?: A): Promise<Awaited<R>>
  process(): ChildProcess
  /** Quits the app as a person would. @returns its exit code. */
  close(): Promise<number | null>
  journal(): Entry[]
}

/** Addresses as Chromium has them under the double: tests compare what the app would see. */
export const appUrl = (url: string): string => url.replace(/^http:\/\/([^/:]+)\.app\.localhost/, 'app://$1')

const limit = 60_000
/** Milliseconds that a page may take for what a test waits for. */
const patience = 60_000

/** Starts the built app on the double. @throws Error with what it printed when it does not come up. */
export async function launchDouble({ main, args, journal, ...options }: LaunchOptions): Promise<Application> {
  const here = import.meta.dirname
  const child = spawn(
    process.execPath,
    [
      '--disable-warning=ExperimentalWarning',
      '--import',
      join(here, 'register.ts'),
      join(here, 'run.ts'),
      main,
      ...args,
    ],
    {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      serialization: 'advanced',
      env: {
        // oxlint-disable-next-line node/no-process-env
        ...process.env,
        NODE_OPTIONS: '',
        ...options.env,
        STEWARD_DOUBLE_ROLE: '',
        STEWARD_DOUBLE_JOURNAL: journal,
        STEWARD_DOUBLE_NETWORK: options.denyNetwork ? 'deny' : '',
        STEWARD_DOUBLE_KEYRING: options.keyring ?? 'gnome_libsecret',
        STEWARD_DOUBLE_OPEN_URL: options.openUrl ?? '',
      },
    },
  )
  let output = ''
  child.stdout?.on('data', (data) => (output += String(data)))
  child.stderr?.on('data', (data) => (output += String(data)))
  const ended = new Promise<number | null>((resolve) => void child.once('exit', (code) => resolve(code)))
  const endpoint = await new Promise<string | null>((resolve, reject) => {
    child.on('message', (message) => {
      const { double, endpoint: found } = message as { double?: string; endpoint?: string }
      if (double === 'browser' && found !== undefined) resolve(found)
    })
    void ended.then(() => resolve(null))
    setTimeout(() => reject(new Error(`The app did not start within ${limit} ms:\n${output}`)), limit).unref()
  })
  if (endpoint === null) throw new Ended(await ended, output)
  const browser = await chromium.connectOverCDP(endpoint)
  for (const context of browser.contexts()) context.setDefaultTimeout(patience)
  return application(child, { browser, ended, journal, output: () => output })
}

/** The app ended by itself before it had a window. */
export class Ended extends Error {
  readonly code: number | null
  constructor(code: number | null, output: string) {
    super(`The app ended with ${code} before it was ready:\n${output}`)
    this.code = code
  }
}

interface Parts {
  browser: Browser
  ended: Promise<number | null>
  journal: string
  output: () => string
}

function application(child: ChildProcess, { browser, ended, journal, output }: Parts): Application {
  const asked = new Map<number, PromiseWithResolvers<unknown>>()
  let count = 0
  child.on('message', (message) => {
    const { double, id, value, error } = message as { double: string; id: number; value: unknown; error: string | null }
    if (double !== 'answer') return
    const waiting = asked.get(id)
    asked.delete(id)
    if (error === null) waiting?.resolve(value)
    else waiting?.reject(new Error(error))
  })
  let hasEnded = false
  void ended.then(() => {
    hasEnded = true
    for (const { reject } of asked.values()) reject(new Error(`The app has ended:\n${output()}`))
    return undefined
  })
  const windows = (): Page[] =>
    browser
      .contexts()
      .flatMap((context) => context.pages())
      .filter((page) => appUrl(page.url()).startsWith('app:'))
  const waitForWindow = async (matches: (url: string) => boolean): Promise<Page> => {
    const end = performance.now() + limit
    for (;;) {
      const found = windows().find((page) => matches(appUrl(page.url())))
      if (found) return found
      if (hasEnded || performance.now() > end) throw new Error(`No such window appeared. The app said:\n${output()}`)
      await new Promise((resolve) => void setTimeout(resolve, 10))
    }
  }
  return {
    windows,
    waitForWindow,
    firstWindow: () => waitForWindow(() => true),
    evaluate: (run, arg) => {
      const id = ++count
      const waiting = Promise.withResolvers<unknown>()
      asked.set(id, waiting)
      child.send({ evaluate: id, source: String(run), arg })
      return waiting.promise as never
    },
    process: () => child,
    async close() {
      const timer = setTimeout(() => child.kill('SIGKILL'), 10_000)
      child.send({ evaluate: ++count, source: '({ app }) => app.quit()', arg: null }, () => {})
      const code = await ended
      clearTimeout(timer)
      await browser.close().catch(() => {})
      return code
    },
    journal: () => {
      try {
        return readFileSync(journal, 'utf8')
          .trim()
          .split('\n')
          .filter(Boolean)
          .map((line) => JSON.parse(line) as Entry)
      } catch {
        return []
      }
    },
  }
}
