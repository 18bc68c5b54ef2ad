import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import Database from 'better-sqlite3'
import { afterEach, beforeEach, expect, test } from 'vitest'

import { ForeignFile, LaneTimeout, UnsafeSqlite } from '../errors.ts'
import { Semaphore } from '../concurrency.ts'
import { isBusy } from './portable.ts'
import { SqliteConnection } from './sqlite-connection.ts'
import { openReader, openWriter, refuseOldLibrary, setAll, sqliteKinds } from './sqlite.ts'

let folder: string
let file: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'steward-test-'))
  file = join(folder, 'data', 'steward.db')
})
afterEach(() => rmSync(folder, { recursive: true }))

const read = (database: Database.Database, names: readonly string[]): unknown[] =>
  names.map((name) => database.pragma(name, { simple: true }))

test('settings hold on every open, where better-sqlite3 alone would fall back', () => {
  const writing = ['journal_mode', 'synchronous', 'foreign_keys', 'secure_delete']
  const names = [...writing, 'trusted_schema', 'cell_size_check', 'busy_timeout']
  for (let open = 1; open <= 2; open += 1) {
    const main = openWriter(file, sqliteKinds.main)
    expect(read(main, names)).toEqual(['wal', 2, 1, 1, 0, 1, 5000])
    main.close()
  }
  const bare = new Database(file)
  expect(bare.pragma('synchronous', { simple: true })).toBe(1)
  bare.close()
  const telemetry = openWriter(join(folder, 'telemetry.db'), sqliteKinds.telemetry)
  expect(read(telemetry, names)).toEqual(['wal', 1, 1, 1, 0, 1, 5000])
  telemetry.close()
})

test('folder and files are readable by their owner only', () => {
  const main = openWriter(file, sqliteKinds.main)
  main.exec('create table t (id integer) strict')
  expect(statSync(join(folder, 'data')).mode & 0o777).toBe(0o700)
  for (const name of [file, `${file}-wal`, `${file}-shm`]) expect(statSync(name).mode & 0o777).toBe(0o600)
  main.close()
})

test('what was deleted or replaced is not in the file any more', () => {
  const main = openWriter(file, sqliteKinds.main)
  main.exec('create table t (id integer primary key, secret text) strict; create index by_secret on t (secret)')
  const insert = main.prepare('insert into t values (?, ?)')
  // Short ones share a page, long ones have pages of their own.
  for (let id = 1; id <= 300; id += 1) insert.run(id, `erased-${id}`.repeat(id % 3 === 0 ? 2000 : 5))
  main.pragma('wal_checkpoint(truncate)')
  expect(readFileSync(file).includes('erased-')).toBe(true)
  main.exec("update t set secret = 'replaced' where id <= 100; delete from t where id > 100")
  main.close()
  expect(existsSync(`${file}-wal`)).toBe(false)
  expect(readFileSync(file).includes('erased-')).toBe(false)
})

test('the two kinds of file are told apart', () => {
  openWriter(file, sqliteKinds.main).close()
  expect(() => openWriter(file, sqliteKinds.telemetry)).toThrow(ForeignFile)
  expect(() => openReader(file, sqliteKinds.telemetry)).toThrow(ForeignFile)
  const { main, telemetry } = sqliteKinds
  const why = `its application id is ${main.applicationId}, not ${telemetry.applicationId}`
  expect(() => openReader(file, telemetry)).toThrow(why)
})

test('a stranger’s file is refused and not changed by a byte', () => {
  const stranger = join(folder, 'stranger.db')
  const database = new Database(stranger)
  database.exec('create table theirs (id integer)')
  database.close()
  const bytes = readFileSync(stranger)
  expect(() => openWriter(stranger, sqliteKinds.main)).toThrow(/other tables/)
  expect(readFileSync(stranger).equals(bytes)).toBe(true)
  expect(existsSync(`${stranger}-wal`)).toBe(false)

  const text = join(folder, 'notes.txt')
  writeFileSync(text, 'not a database '.repeat(100))
  expect(() => openWriter(text, sqliteKinds.main)).toThrow(ForeignFile)
  expect(readFileSync(text, 'utf8')).toBe('not a database '.repeat(100))
})

test('libraries with the WAL-reset race are refused', () => {
  for (const old of ['3.51.2', '3.40.1', '2.99.99', '3.7.0']) expect(() => refuseOldLibrary(old)).toThrow(UnsafeSqlite)
  for (const fixed of ['3.51.3', '3.52.0', '3.54.1', '4.0.0']) expect(() => refuseOldLibrary(fixed)).not.toThrow()
})

test('a reading connection is never blocked by an open write, and cannot write', () => {
  const writer = openWriter(file, sqliteKinds.main)
  writer.exec('create table t (id integer) strict; insert into t values (1)')
  const reader = openReader(file, sqliteKinds.main)
  writer.exec('begin exclusive; insert into t values (2)')
  expect(reader.prepare('select count(*) from t').pluck().get()).toBe(1)
  writer.exec('commit')
  expect(reader.prepare('select count(*) from t').pluck().get()).toBe(2)
  expect(() => reader.exec('insert into t values (3)')).toThrow(/readonly/)
  writer.close()
  reader.close()
})

test.each([
  ['refuses', 'journal_mode', 'wal'],
  ['does not know', 'no_such_setting', 1],
])('a setting that SQLite %s is noticed, though it says nothing', (_, name, wanted) => {
  const database = new Database(':memory:')
  expect(() => setAll(database, { foreign_keys: 1, [name]: wanted })).toThrow(UnsafeSqlite)
  database.close()
})

test('a statement is prepared once, and what is not used is let go', () => {
  const connection = new SqliteConnection(openWriter(file, sqliteKinds.main))
  const often = connection.statement('select 0')
  for (let index = 1; index <= 5000; index += 1) {
    connection.statement(`select ${index}`)
    if (index % 100 === 0) expect(connection.statement('select 0')).toBe(often)
  }
  expect(connection.kept).toBeLessThanOrEqual(1000)
  expect(connection.statement('select 1').pluck().get()).toBe(1)
  connection.database.close()
})

test('a cached `select *` shows a column that another connection adds', () => {
  const connection = new SqliteConnection(openWriter(file, sqliteKinds.main))
  connection.database.exec('create table t (id integer) strict; insert into t values (1)')
  expect(connection.statement('select * from t').all()).toEqual([{ id: 1 }])
  const other = openWriter(file, sqliteKinds.main)
  other.exec("alter table t add column name text; update t set name = 'n'")
  other.close()
  expect(connection.statement('select * from t').all()).toEqual([{ id: 1, name: 'n' }])
  connection.database.close()
})

test('a semaphore serves in order and gives up in time', async () => {
  const semaphore = new Semaphore('main', 20)
  const order: number[] = []
  await semaphore.enter()
  const waiting = [1, 2].map(async (number) => {
    await semaphore.enter()
    order.push(number)
    semaphore.leave()
  })
  semaphore.leave()
  await Promise.all(waiting)
  expect(order).toEqual([1, 2])
  await semaphore.enter()
  const late = semaphore.enter()
  await expect(late).rejects.toThrow(LaneTimeout)
  await expect(late).rejects.toSatisfy(isBusy)
  semaphore.leave()
  await semaphore.enter()
})
