import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, onTestFinished } from 'vitest'
import { launchDouble, type Application } from '@steward/electron-double'
import { launchElectron, type StartOptions } from './apps.ts'
import { built, electronBinary } from './paths.ts'

export * from './apps.ts'

export interface Driver {
  name: 'double' | 'electron'
  start(options?: StartOptions): Promise<Application>
}

export const double: Driver = {
  name: 'double',
  start: ({ home = freshHome(), args = [], dist = built.fixture, ...options } = {}) =>
    keep(
      launchDouble({
        ...options,
        main: join(dist, 'main', 'index.js'),
        args: [`--user-data-dir=${join(home, 'data')}`, ...args],
        journal: join(home, 'journal.jsonl'),
      }),
    ),
}

const binary = electronBinary()

const electron: Driver = {
  name: 'electron',
  start: ({ home = freshHome(), dist = built.fixture, ...options } = {}) =>
    keep(launchElectron({ ...options, home, executable: binary, main: join(dist, 'main', 'index.js') })),
}

/** Ends an app that a test left running. */
async function keep(starting: Promise<Application>): Promise<Application> {
  const app = await starting
  const end = async (): Promise<void> => {
    if (app.process().exitCode === null && app.process().signalCode === null) await app.close()
  }
  atEnd(end)
  return app
}

const leftovers: (() => unknown)[] = []
// Registered as the file begins: what a hook registers later is not run.
afterAll(async () => {
  for (const end of leftovers.splice(0).toReversed()) await end()
})

/** Does this when the test ends; for what a hook made, when its file ends. */
export function atEnd(end: () => unknown): void {
  try {
    onTestFinished(async () => void (await end()))
  } catch {
    leftovers.push(end)
  }
}

/** A folder for one run of the app; it may be started in it again. */
export function freshHome(): string {
  const home = mkdtempSync(join(tmpdir(), 'steward-desktop-'))
  const remove = (): void => rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
  atEnd(remove)
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
