// How apps are started and steered; what the test runner has to do with it is in drivers.ts.
import { join } from 'node:path'
import { _electron, type Page } from 'playwright-core'
import { appUrl, type Application } from '@steward/electron-double'
import type { Shell } from '../src/shared/bridge.ts'

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
  /** `gnome_libsecret` unless told; `basic_text` is no keyring, and what a machine without one has. */
  keyring?: 'gnome_libsecret' | 'basic_text'
  dist?: string
  /** More of an environment for the app. */
  env?: Readonly<Record<string, string>>
  /** A link handed over before the app is ready, as macOS does; on the double only. */
  openUrl?: string
}

/** What the real Electron is started with. */
export interface ElectronOptions extends Omit<StartOptions, 'dist'> {
  home: string
  executable: string | null
  /** Asks the system which keyring it has, instead of naming one. */
  ownKeyring?: boolean
  /** The built main module; none where the executable brings its own. */
  main?: string
}

export async function launchElectron({
  home,
  executable,
  main,
  args = [],
  keyring = 'gnome_libsecret',
  ownKeyring = false,
  env = {},
}: ElectronOptions): Promise<Application> {
  const store = `--password-store=${keyring === 'basic_text' ? 'basic' : 'gnome-libsecret'}`
  const app = await _electron.launch({
    ...(executable !== null && { executablePath: executable }),
    args: [
      ...(main === undefined ? [] : [main]),
      `--user-data-dir=${join(home, 'data')}`,
      ...(process.platform === 'linux' && !ownKeyring ? [store] : []),
      ...args,
    ],
    // oxlint-disable-next-line node/no-process-env
    env: { ...(process.env as Record<string, string>), ...env },
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

export const urlOf = (page: Page): string => appUrl(page.url())

/** Resolves the fixture page once it has read from the host. */
export async function readyPage(app: Application): Promise<Page> {
  const page = await app.waitForWindow((url) => url.startsWith('app://steward/'))
  await page.locator('html[data-ready]').waitFor()
  return page
}

/** Waits until something is so. @throws Error after a minute, or as many seconds as are given. */
export async function until(what: string, isSo: () => boolean | Promise<boolean>, seconds = 60): Promise<void> {
  const end = performance.now() + seconds * 1000
  while (!(await isSo())) {
    if (performance.now() > end) throw new Error(`Not so within ${seconds} seconds: ${what}.`)
    await new Promise((resolve) => void setTimeout(resolve, 20))
  }
}

/** The process id of the host, as main knows it. */
export async function hostPid(app: Application): Promise<number> {
  const forked = app.journal().findLast((entry) => entry.kind === 'host' && entry.event === 'fork')
  if (forked?.kind === 'host') return forked.pid
  return app.evaluate(({ app: electronApp }) => {
    const host = electronApp
      .getAppMetrics()
      .find(({ name, serviceName }) => name === 'Steward data' || serviceName === 'Steward data')
    if (!host) throw new Error('There is no host.')
    return host.pid
  })
}

export function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

/** Clicks an item of the app's menu. */
export const clickMenu = (app: Application, id: string): Promise<void> =>
  app.evaluate(({ Menu }, item) => Menu.getApplicationMenu()?.getMenuItemById(item)?.click(), id)

/** Says beforehand what the person answers to dialogs; what was asked is kept. */
export async function scriptDialogs(
  app: Application,
  answers: { save?: string; open?: string; button?: number },
): Promise<void> {
  await app.evaluate(({ dialog }, given) => {
    const asked: string[] = []
    Object.assign(globalThis, { asked })
    const words = (args: unknown[]): string => (args.at(-1) as { message?: string; title?: string }).message ?? ''
    Object.assign(dialog, {
      showSaveDialog: async () => ({ canceled: given.save === undefined, filePath: given.save ?? '' }),
      showOpenDialog: async () => ({
        canceled: given.open === undefined,
        filePaths: given.open === undefined ? [] : [given.open],
      }),
      showMessageBox: async (...args: unknown[]) => {
        asked.push(words(args))
        return { response: given.button ?? 0, checkboxChecked: false }
      },
    })
  }, answers)
}

/** What dialogs asked since `scriptDialogs`. */
export const askedOf = (app: Application): Promise<string[]> =>
  app.evaluate(() => (globalThis as unknown as { asked: string[] }).asked)
