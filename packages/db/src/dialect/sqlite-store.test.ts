import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import Database from 'better-sqlite3'
import { sql } from 'kysely'
import { afterEach, beforeEach, expect, test } from 'vitest'

import { openFilesIn, tellsOpenFiles } from '../open-files.testing.ts'
import { isBusy } from './portable.ts'
import { SqliteStore } from './sqlite-store.ts'
import { sqliteKinds } from './sqlite.ts'

let folder: string
let file: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'steward-test-'))
  file = join(folder, sqliteKinds.main.file)
})
afterEach(() => rmSync(folder, { recursive: true }))

test('writes that wait for another process give up together, not one after the other', async () => {
  const store = new SqliteStore<{ t: { id: number } }>(folder, sqliteKinds.main, 100)
  await store.write((tx) => sql`create table t (id integer) strict`.execute(tx))
  const other = new Database(file)
  other.exec('begin immediate')
  const writes = Array.from({ length: 20 }, (_, id) => store.write((tx) => tx.insertInto('t').values({ id }).execute()))
  const results = await Promise.allSettled(writes)
  expect(results.every((result) => result.status === 'rejected' && isBusy(result.reason))).toBe(true)
  // Each wait was for many of them: the writes are tried again at moments of their own, so it is not one alone.
  const reasons = results.map((result) => (result.status === 'rejected' ? (result.reason as unknown) : null))
  expect(new Set(reasons).size).toBeLessThan(10)
  other.exec('rollback')
  other.close()
  await store.write((tx) => tx.insertInto('t').values({ id: 99 }).execute())
  expect(await store.reader.selectFrom('t').selectAll().execute()).toEqual([{ id: 99 }])
  await store.close()
})

test('a write is not refused for a row that the commit of its group then lost', async () => {
  const store = new SqliteStore<{ t: { id: number } }>(folder, sqliteKinds.main)
  await store.write((tx) => sql`create table t (id integer primary key) strict`.execute(tx))
  await store.write(async (tx) => {
    await sql`create table part (t integer references t deferrable initially deferred) strict`.execute(tx)
  })
  const orphan = store.write(async (tx) => {
    await tx.insertInto('t').values({ id: 1 }).execute()
    // Found out at the commit only.
    await sql`insert into part values (99)`.execute(tx)
  })
  const same = store.write((tx) => tx.insertInto('t').values({ id: 1 }).execute())
  await expect(orphan).rejects.toThrow(/FOREIGN KEY/)
  await same
  expect(await store.reader.selectFrom('t').selectAll().execute()).toEqual([{ id: 1 }])
  await store.close()
})

test('a library waits for another process inside of SQLite, a write does so outside', async () => {
  const store = new SqliteStore<object>(folder, sqliteKinds.main)
  const patience = sql<{ timeout: number }>`pragma busy_timeout`
  const found = async (): Promise<unknown> => (await patience.execute(store.library)).rows
  const inWrite = (): Promise<unknown> => store.write(async (tx) => (await patience.execute(tx)).rows)
  expect(await inWrite()).toEqual([{ timeout: 0 }])
  expect(await found()).toEqual([{ timeout: 5000 }])
  expect(await inWrite()).toEqual([{ timeout: 0 }])
  await store.close()
})

test.runIf(tellsOpenFiles)('a snapshot that outlives its store leaves no file open', async () => {
  const store = new SqliteStore<object>(folder, sqliteKinds.main)
  const [begun, closed] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const snapshot = store.snapshot(async () => {
    begun.resolve()
    await closed.promise
  })
  await begun.promise
  await store.close()
  expect(openFilesIn(folder)).not.toEqual([])
  closed.resolve()
  await snapshot
  expect(openFilesIn(folder)).toEqual([])
})
