import { readFileSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import type { PartialStrykerOptions } from '@stryker-mutator/api/core'
import { Stryker } from '@stryker-mutator/core'
import { onlyAt } from './only-sampled.ts'
import { leftAlone, type Place } from './sample.ts'

/** What became of one mutant. */
export interface Outcome {
  /** Path from the root of the repository. */
  readonly file: string
  readonly line: number
  readonly original: string
  readonly replacement: string
  /** `unreached` is unseen too: no test of the package runs this code in its own process. */
  readonly fate: 'seen' | 'unseen' | 'unreached' | 'error'
}

interface Run {
  /** The copy of the checkout. */
  readonly folder: string
  readonly workspace: string
  readonly places: readonly Place[]
}

/** The suites that are a workspace of their own and try this package, in its own process. */
const suitesOf: Readonly<Record<string, readonly string[]>> = {
  'packages/api': ['authorization'],
  'apps/server': ['conformance', 'durability'],
}

/**
 * Without the package's reporters, which would print a report for each mutant, and without the tests that read the
 * sources, where Stryker's own code now stands. Nor with those that kill the server some hundred times: what a death
 * at any moment shows is no small fault, and they take a minute each.
 * What fails once and then passes has not seen a mutant, but a busy machine.
 */
const quietConfig = (
  suites: readonly string[],
): string => `import { QuickFirst } from '../../tests/mutants/src/timings.ts'
import config from './vitest.config.ts'
const exclude = ['**/node_modules/**', '**/{architecture,frozen}.test.ts', '**/durability/src/{kill,planted}.test.ts']
const include = [...config.test.include, ...${JSON.stringify(suites.map((name) => `../../tests/${name}/src/**/*.test.ts`))}]
const setupFiles = ['../../tests/mutants/src/reach.ts', ...(config.test.setupFiles ?? [])]
const sequence = { sequencer: QuickFirst }
const retry = { count: 1, condition: /^(?!.*timed out)/ }
export default {
  ...config,
  test: { ...config.test, include, exclude, setupFiles, sequence, retry, testTimeout: 30_000, reporters: [{}] },
}
`

/**
 * Runs the tests of one workspace against each mutant in it, those only that reach its place.
 * @throws Stryker's error when the tests fail without any fault.
 */
export async function runMutants({ folder, workspace, places }: Run): Promise<Outcome[]> {
  const at = join(folder, workspace)
  writeFileSync(join(at, 'vitest.mutants.config.ts'), quietConfig(suitesOf[workspace] ?? []))
  process.chdir(at)
  onlyAt(places.map(({ place }) => place))
  const options: PartialStrykerOptions = {
    testRunner: 'vitest',
    plugins: ['@stryker-mutator/vitest-runner', ourPlugin('only-sampled.ts'), ourPlugin('at-once.ts')],
    ignorers: ['only-sampled'],
    vitest: { configFile: 'vitest.mutants.config.ts', related: false },
    mutate: places.map(({ file, place }) => `${relative(workspace, file)}:${place}`),
    mutator: { excludedMutations: leftAlone },
    coverageAnalysis: 'perTest',
    // It is a copy: nothing has to be copied again.
    inPlace: true,
    disableTypeChecks: true,
    concurrency: 4,
    timeoutMS: 120_000,
    dryRunTimeoutMinutes: 30,
    reporters: ['progress-append-only', 'at-once'],
    warnings: false,
  }
  const results = await patiently(() => new Stryker(options).runMutationTest())
  return results
    .filter(({ status }) => status !== 'Ignored')
    .map(({ fileName, location, replacement, status }) => {
      const file = relative(folder, fileName)
      return {
        file,
        line: location.start.line,
        ...text(fileName, location),
        replacement: replacement ?? '',
        fate: fateOf(status),
      }
    })
}

/** On a busy machine a test may fail without any fault, before the first is tried. */
async function patiently<T>(run: () => Promise<T>, attempts = 3): Promise<T> {
  try {
    return await run()
  } catch (error) {
    if (attempts === 1) throw error
    console.log(`Once more: ${String(error)}`)
    return patiently(run, attempts - 1)
  }
}

const ourPlugin = (file: string): string => new URL(file, import.meta.url).href

function fateOf(status: string): Outcome['fate'] {
  if (status === 'Survived') return 'unseen'
  if (status === 'NoCoverage') return 'unreached'
  return status === 'Killed' || status === 'Timeout' ? 'seen' : 'error'
}

interface Point {
  readonly line: number
  readonly column: number
}

/** The code that was replaced; places count from 1. Stryker has put the files back by now. */
function text(file: string, { start, end }: { start: Point; end: Point }): { original: string } {
  const lines = readFileSync(file, 'utf8')
    .split('\n')
    .slice(start.line - 1, end.line)
  const last = lines.length - 1
  lines[last] = lines[last]?.slice(0, end.column - 1) ?? ''
  lines[0] = lines[0]?.slice(start.column - 1) ?? ''
  return { original: lines.map((line) => line.trim()).join(' ') }
}
