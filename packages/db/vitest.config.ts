import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts'],
    globalSetup: ['./src/testing.global.ts'],
    reporters: ['default', ['json', { outputFile: 'test-results/results.json' }]],
  },
})
