import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { _electron, type Page } from 'playwright-core'
import { afterAll, describe, onTestFinished } from 'vitest'
import { appUrl, launchDouble, type Application } from '../double/launch.ts'
import type { Shell } from '../src/shared/bridge.ts'
import { built, electronBinary } from './place.ts'

declare global {
  interface Window {
    stewardShell: Shell
    steward?: { connection: { fetch: typeof fetch; kind: string; name: string } }
    /** The fixture page's own: calls a procedure. */
    call?: (path: string, input: unknown, isChange?: boolean) => Promise<unknown>
  }
}

export interface StartOptions {
  /** Where the app keeps everything; a fresh folder unless told. */
  home?: string
  args?: string[]
  denyNetwork?: boolean
  keyring?: string
  dist?: string
}

export interface Driver {
  name: 'double' | 'electron'
  start(options?: StartOptions): Promise<Application>
}

export const double: Driver = {
  name: 'double',
  start: ({
    home = freshHome(),
    args = [],
    denyNetwork = false,
    keyring = 'gnome_libsecret',
    dist = built.fixture,
  } = {}) =>
    keep(
      launchDouble({
        main: join(dist, 'main', 'index.js'),
        args: [`--user-data-dir=${join(home, 'data')}`, ...args],
        journal: join(home, 'journal.jsonl'),
        denyNetwork,
        keyring,
      }),
    ),
}

const binary = electronBinary()

const electron: Driver = {
  name: 'electron',
  start: ({ home = freshHome(), args = [], dist = built.fixture } = {}) => keep(launchElectron(dist, home, args)),
}

async function launchElectron(dist: string, home: string, args: string[]): Promise<Application> {
  const app = await _electron.launch({
    ...(binary !== null && { executablePath: binary }),
    args: [join(dist, 'main', 'index.js'), `--user-data-dir=${join(home, 'data')}`, ...args],
  })
  const child = app.process()
  const ended = new Promise<number | null>((resolve) => void child.once('exit', (code) => resolve(code)))
  const waitForWindow = async (matches: (url: string) => boolean): Promise<Page> =>
    app.windows().find((page) => matches(page.url())) ?? app.waitForEvent('window', (page) => matches(page.url()))
  return {
    firstWindow: () => app.firstWindow(),
    windows: () => app.windows(),
    waitForWindow,
    evaluate: (run, arg) => app.evaluate(run as never, arg as never),
    process: () => child,
    async close() {
      await app.close()
      return ended
    },
    journal: () => [],
  }
}

/** Ends an app that a test left running. */
async function keep(starting: Promise<Application>): Promise<Application> {
  const app = await starting
  const end = async (): Promise<void> => {
    if (app.process().exitCode === null && app.process().signalCode === null) await app.close()
  }
  try {
    onTestFinished(end)
  } catch {
    afterAll(end)
  }
  return app
}

/** A folder for one run of the app; it may be started in it again. */
export function freshHome(): string {
  const home = mkdtempSync(join(tmpdir(), 'steward-desktop-'))
  const remove = (): void => rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
  try {
    onTestFinished(remove)
  } catch {
    afterAll(remove)
  }
  return home
}

/** Describes `suite` for both drivers; the real Electron's is skipped where its binary is absent. */
export function eachDriver(name: string, suite: (driver: Driver) => void): void {
  describe(`${name} (double)`, () => {
    suite(double)
  })
  describe.skipIf(binary === null)(`${name} (electron)`, () => {
    suite(electron)
  })
}

export const urlOf = (page: Page): string => appUrl(page.url())

/** Resolves the fixture page once it has read from the host. */
export async function readyPage(app: Application): Promise<Page> {
  const page = await app.waitForWindow((url) => url.startsWith('app://steward/'))
  await page.locator('html[data-ready]').waitFor()
  return page
}

/** Waits until something is so. @throws Error after ten seconds. */
export async function until(what: string, isSo: () => boolean | Promise<boolean>): Promise<void> {
  const end = performance.now() + 10_000
  while (!(await isSo())) {
    if (performance.now() > end) throw new Error(`Not so within ten seconds: ${what}.`)
    await new Promise((resolve) => void setTimeout(resolve, 20))
  }
}
