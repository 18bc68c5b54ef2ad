import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import type { TestProject } from 'vitest/node'

import { migrate } from './migrate.ts'
import { openStores } from './dialect/open.ts'
import { startPostgres } from './postgres.testing.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** A real Postgres for this test run: the address of its database `postgres`. */
    stewardPostgres: string
    /** A folder with migrated, empty SQLite stores, to be copied. */
    stewardTemplate: string
  }
}

/** Vitest's globalSetup for every package that tests against databases: one Postgres server per run. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await startPostgres()
  const template = mkdtempSync(join(tmpdir(), 'steward-template-'))
  const stores = await openStores({ folder: template })
  await migrate(stores, { now: () => new Date('2026-01-01T00:00:00.000Z') })
  await stores.close()
  project.provide('stewardPostgres', server.url)
  project.provide('stewardTemplate', template)
  return async () => {
    rmSync(template, { recursive: true, force: true })
    await server.remove()
  }
}
