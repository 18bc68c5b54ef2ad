// `@steward/testkit/vitest`: what the configurations of the test suites share.
import type { TestUserConfig, ViteUserConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Begins with the files of these names; what is long must not begin last, and a fresh clone knows nothing of a last run. */
const longestFirst = (long: readonly string[]) =>
  class LongestFirst extends BaseSequencer {
    override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
      const place = ({ moduleId }: TestSpecification): number => {
        const at = long.findIndex((name) => moduleId.endsWith(`/${name}.test.ts`))
        return at < 0 ? long.length : at
      }
      // oxlint-disable-next-line unicorn/no-array-sort -- The runner's method, not an array's.
      const usual = await super.sort(files)
      return usual.toSorted((a, b) => place(a) - place(b))
    }
  }

/**
 * The configuration of a suite with real databases, servers or browsers: two files at a time, in two workers that keep
 * their modules. No limit is there to find what is slow: machines have other things to do.
 * @param longest names of the files that take longest, without their ending.
 */
export function suite({
  longest = [],
  ...test
}: TestUserConfig & { longest?: readonly string[] } = {}): ViteUserConfig {
  return {
    test: {
      include: ['src/**/*.test.ts'],
      testTimeout: 300_000,
      hookTimeout: 300_000,
      expect: { poll: { timeout: 60_000 } },
      maxWorkers: 2,
      isolate: false,
      sequence: { sequencer: longestFirst(longest) },
      reporters: ['default', ['json', { outputFile: 'test-results/results.json' }]],
      ...test,
    },
  }
}
