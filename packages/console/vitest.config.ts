import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // Each file that drives the console has a server and a browser of its own: two at a time.
    maxWorkers: 2,
    isolate: false,
    reporters: ['default', ['json', { outputFile: 'test-results/results.json' }]],
  },
})
