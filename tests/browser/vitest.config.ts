import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts'],
    // Nothing here is about how fast a machine is: in CI a page may take many times as long as on a quiet one.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    expect: { poll: { timeout: 60_000 } },
    // Each file has a server and a browser of its own: two at a time.
    maxWorkers: 2,
    isolate: false,
    // The servers run in the workers, and everybody who is seeded has a password.
    setupFiles: ['@steward/api/testing/scrypt'],
    reporters: ['default', ['json', { outputFile: 'test-results/results.json' }]],
  },
})
