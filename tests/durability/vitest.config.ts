import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** What takes longest begins first; on a fresh clone nothing is known of the last run. */
const long = ['kill', 'planted', 'start']

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification): number => {
      const at = long.findIndex((name) => moduleId.includes(`${name}.test.`))
      return at < 0 ? long.length : at
    }
    return files.toSorted((a, b) => place(a) - place(b))
  }
}

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts'],
    // Real databases and processes, on machines that have other things to do.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    expect: { poll: { timeout: 30_000 } },
    // Most of the time is spent waiting for processes to start and stop.
    maxWorkers: 2,
    isolate: false,
    sequence: { sequencer: LongestFirst },
    globalSetup: ['@steward/db/testing/global', 'src/compiled.global.ts'],
    reporters: ['default', ['json', { outputFile: 'test-results/results.json' }]],
  },
})
