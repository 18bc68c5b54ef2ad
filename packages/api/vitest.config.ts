import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts'],
    // Real databases and processes, on machines that have other things to do.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    expect: { poll: { timeout: 30_000 } },
    // One half waits for Postgres while the other works.
    maxWorkers: 2,
    // No test leaves anything behind in a module, so files need no engine and no copy of the router of their own.
    isolate: false,
    globalSetup: ['@steward/db/testing/global'],
    setupFiles: ['src/people/sign-in/scrypt.testing.ts'],
    reporters: ['default', ['json', { outputFile: 'test-results/results.json' }]],
  },
})
