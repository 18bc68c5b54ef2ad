import type { TestProject } from 'vitest/node'

import { startPostgres } from './testing-postgres.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** A real Postgres for this test run: the address of its database `postgres`. */
    stewardPostgres: string
  }
}

/** Vitest's globalSetup for every package that tests against databases: one Postgres server per run. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await startPostgres()
  project.provide('stewardPostgres', server.url)
  return () => server.remove()
}
