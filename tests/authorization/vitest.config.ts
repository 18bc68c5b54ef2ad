import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts'],
    // Real databases, on machines that have other things to do.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    // One half waits for Postgres while the other works.
    maxWorkers: 2,
    isolate: false,
    globalSetup: ['@steward/db/testing/global'],
    setupFiles: ['@steward/api/testing/scrypt'],
    reporters: ['default', ['json', { outputFile: 'test-results/results.json' }]],
  },
})
