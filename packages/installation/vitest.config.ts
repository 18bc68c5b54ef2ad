import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts'],
    // Real databases, on machines that have other things to do.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    expect: { poll: { timeout: 30_000 } },
    maxWorkers: 2,
    isolate: false,
    globalSetup: ['../db/src/global.testing.ts'],
    setupFiles: ['../api/src/people/sign-in/scrypt.testing.ts'],
    reporters: ['default', ['json', { outputFile: 'test-results/results.json' }]],
  },
})
