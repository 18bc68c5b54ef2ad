import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  resolve: { alias: { electron: fileURLToPath(new URL('e2e/no-electron.ts', import.meta.url)) } },
  test: {
    include: ['src/**/*.test.ts', 'e2e/**/*.test.ts'],
    globalSetup: ['e2e/global.ts'],
    // Each file starts whole apps: two at a time are enough for a small machine.
    maxWorkers: 2,
    testTimeout: 180_000,
    hookTimeout: 180_000,
    reporters: [
      'default',
      ['json', { outputFile: join(process.env['STEWARD_DESKTOP_REPORT'] ?? 'test-results', 'results.json') }],
    ],
  },
})
