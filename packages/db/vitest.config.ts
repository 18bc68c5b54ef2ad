import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts'],
    // Real databases and processes, on machines that have other things to do.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    expect: { poll: { timeout: 30_000 } },
    // Most of the time is spent waiting for time-outs and for a silent server.
    maxWorkers: 4,
    globalSetup: ['./src/global.testing.ts'],
    setupFiles: ['./src/seeded.testing.ts'],
    reporters: ['default', ['json', { outputFile: 'test-results/results.json' }]],
  },
})
