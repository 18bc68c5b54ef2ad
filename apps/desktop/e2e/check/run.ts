import { mkdtempSync, rmSync } from 'node:fs'
import { homedir, release, tmpdir, type } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import type { Application } from '@steward/electron-double'
import { pageOf, type Result } from './page.ts'
import { startFeed, steps, type Stage } from './steps.ts'

/** The app under check, packed. */
export interface Subject {
  /** What it runs on. */
  name: string
  start(home: string, args: string[]): Promise<Application>
  /** Starts it beside one that runs; resolves when that process has ended. */
  startAgain(home: string, args: string[]): Promise<void>
}

export interface Checked {
  results: Result[]
  /** Markdown that can be sent as it is. */
  page: string
}

/** Runs every step, also after one that failed. @param patience seconds to wait for what should happen. */
export async function runCheck(subject: Subject, patience = 10): Promise<Checked> {
  const home = mkdtempSync(join(tmpdir(), 'steward-check-'))
  const feed = await startFeed()
  const startAgain = (args: string[]): Promise<void> => subject.startAgain(home, args)
  let app: Application | null = null
  try {
    const started = performance.now()
    app = await subject.start(home, []).catch((cause: unknown) => cause as never)
    const stage = app instanceof Error ? app : await stageOf(app, { home, feed, startAgain, patience })
    const results = stage instanceof Error ? notStarted(stage) : await runSteps(stage, started)
    const versions = stage instanceof Error ? {} : await versionsOf(stage.app)
    const about = { driver: subject.name, versions, system: systemName(), at: new Date() }
    const checkout = join(import.meta.dirname, '../../../..')
    const hidden = [
      [home, '<data>'],
      [checkout, '<checkout>'],
      [tmpdir(), '<temporary>'],
      [homedir(), '<home>'],
    ] as const
    return { results, page: pageOf(about, results, hidden) }
  } finally {
    if (app !== null && !(app instanceof Error)) await app.close().catch(() => {})
    feed.close()
    rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
  }
}

async function stageOf(app: Application, rest: Omit<Stage, 'app' | 'page'>): Promise<Stage | Error> {
  try {
    const page: Page = await app.waitForWindow((url) => url.startsWith('app://steward/'))
    await page.waitForFunction(() => window.steward !== undefined)
    return { ...rest, app, page }
  } catch (cause) {
    return cause as Error
  }
}

async function runSteps(stage: Stage, started: number): Promise<Result[]> {
  const results: Result[] = []
  let begun = started
  for (const step of steps) {
    const [status, detail] = await step.run(stage).then(
      (seen) => ['ok', seen] as const,
      (cause: unknown) => ['failed', cause instanceof Error ? cause.message : String(cause)] as const,
    )
    results.push({ step: step.name, status, detail, milliseconds: Math.round(performance.now() - begun) })
    begun = performance.now()
  }
  return results
}

function notStarted(cause: Error): Result[] {
  return steps.map(({ name }, index) => ({
    step: name,
    status: index === 0 ? ('failed' as const) : ('skipped' as const),
    detail: index === 0 ? cause.message : 'The app did not start.',
    milliseconds: 0,
  }))
}

const versionsOf = (app: Application): Promise<Record<string, string>> =>
  app.evaluate(({ app: shell }) => {
    const { electron, chrome, node, openssl } = process.versions as Partial<NodeJS.ProcessVersions>
    const known = { Steward: shell.getVersion(), Electron: electron, Chromium: chrome, Node: node, crypto: openssl }
    return Object.fromEntries(Object.entries(known).filter((one): one is [string, string] => one[1] !== undefined))
  })

function systemName(): string {
  const { header } = process.report.getReport() as { header?: { glibcVersionRuntime?: string } }
  const glibc = header?.glibcVersionRuntime
  return `${type()} ${release()} ${process.arch}${glibc === undefined ? '' : `, glibc ${glibc}`}`
}
