// A setup file of every package's tests while mutants are tried: it carries the mutant into the processes and threads
// that the tests start, and tells Stryker which test files reached what there. Stryker itself sees tests only, in their
// own process: what a file reaches before its tests it would try against every test of the package.
import children, { type SpawnOptions } from 'node:child_process'
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import threads, { type WorkerOptions } from 'node:worker_threads'
import { afterAll, beforeAll, inject, type RunnerTestCase, type RunnerTestSuite } from 'vitest'
import { timingsFile } from './timings.ts'

/** How often each mutant's place was reached, by the mutant's number. */
type Hits = Record<string, number>

interface Coverage {
  /** Outside of any test. */
  static: Hits
  perTest: Record<string, Hits>
}

const injected = inject as (key: string) => string
const shared = globalThis as { __stryker__?: { mutantCoverage?: Coverage }; childrenAreTold?: true }
const names = ['__STRYKER_ACTIVE_MUTANT__', 'MUTANTS_HITS']

/** A child with an environment of its own is told all the same. A thread reads NODE_OPTIONS only when it is given options. */
function tellChildren(): void {
  const { spawn } = children
  const { Worker } = threads
  const told = (own: NodeJS.ProcessEnv): NodeJS.ProcessEnv => {
    const ours = names.map((name) => [name, process.env[name]]).filter(([, value]) => value !== undefined)
    const options = [own['NODE_OPTIONS'], process.env['NODE_OPTIONS']].filter((value) => value !== undefined)
    return { ...own, ...Object.fromEntries(ours), NODE_OPTIONS: options.join(' ') }
  }
  class ToldWorker extends Worker {
    constructor(file: string | URL, options: WorkerOptions = {}) {
      super(file, { execArgv: process.execArgv, ...options })
    }
  }
  Object.assign(children, {
    spawn: (command: string, args: readonly string[], options: SpawnOptions = {}) =>
      spawn(command, args, { ...options, env: told(options.env ?? process.env) }),
  })
  Object.assign(threads, { Worker: ToldWorker })
  syncBuiltinESMExports()
}

// Files of one worker may share its modules: once is enough.
if (!shared.childrenAreTold) tellChildren()
shared.childrenAreTold = true

if (injected('mode') === 'mutant') {
  beforeAll(() => {
    process.env['__STRYKER_ACTIVE_MUTANT__'] = injected('activeMutant')
    return () => void delete process.env['__STRYKER_ACTIVE_MUTANT__']
  })
} else {
  let folder = ''
  let began = 0
  let loaded: Hits = {}

  beforeAll(() => {
    began = performance.now()
    folder = mkdtempSync(join(tmpdir(), 'steward-reach-'))
    // What loading the modules reached stays as it is: such a mutant is tried against everything.
    loaded = { ...coverage().static }
    process.env['MUTANTS_HITS'] = join(folder, 'hits')
    process.env['NODE_OPTIONS'] = `--import=${new URL('reach-child.ts', import.meta.url).href}`
  })

  // oxlint-disable-next-line no-empty-pattern
  afterAll(({}, file) => {
    delete process.env['MUTANTS_HITS']
    delete process.env['NODE_OPTIONS']
    for (const id of reachedOutsideOfTests())
      for (const test of testsOf(file)) {
        const hits = (coverage().perTest[test] ??= {})
        hits[id] = (hits[id] ?? 0) + 1
      }
    coverage().static = loaded
    rmSync(folder, { recursive: true })
    appendFileSync(timingsFile, `${file.file.filepath}\t${performance.now() - began}\n`)
  })

  const reachedOutsideOfTests = (): Set<string> => {
    const hitsFile = join(folder, 'hits')
    const elsewhere = existsSync(hitsFile) ? readFileSync(hitsFile, 'utf8').trim().split('\n') : []
    const here = Object.entries(coverage().static).filter(([id, times]) => times > (loaded[id] ?? 0))
    return new Set([...elsewhere, ...here.map(([id]) => id)])
  }
}

function coverage(): Coverage {
  const stryker = (shared['__stryker__'] ??= {})
  return (stryker.mutantCoverage ??= { static: {}, perTest: {} })
}

/** The tests' names, as Stryker's runner makes them. */
function testsOf(suite: Readonly<RunnerTestSuite>): string[] {
  return suite.tasks.flatMap((task) =>
    task.type === 'suite' ? testsOf(task) : task.mode === 'run' ? [nameOf(task)] : [],
  )
}

function nameOf(test: RunnerTestCase): string {
  const parts = [test.name]
  for (let suite = test.suite; suite; suite = suite.suite) parts.unshift(suite.name)
  return `${test.file.filepath}#${parts.join(injected('testNameSeparator')).trim()}`
}
