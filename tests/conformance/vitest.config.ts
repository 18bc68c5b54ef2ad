import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts'],
    // Real servers and databases, on machines that have other things to do.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    expect: { poll: { timeout: 30_000 } },
    maxWorkers: 2,
    isolate: false,
    globalSetup: ['@steward/db/testing/global'],
    reporters: ['default', ['json', { outputFile: 'test-results/results.json' }]],
  },
})
