import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    isolate: false,
    setupFiles: ['@steward/db/testing/seeded'],
    reporters: ['default', ['json', { outputFile: 'test-results/results.json' }]],
  },
})
