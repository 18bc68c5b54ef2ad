import {
  closeSync,
  existsSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'

import Database from 'better-sqlite3'
import { expect, onTestFinished, test } from 'vitest'

import { DamagedDatabase } from '../errors.ts'
import { openStores } from './open.ts'
import { freshDatabase } from '../databases.testing.ts'
import { refuseDamage } from './sqlite-damage.ts'
import { sqliteKinds } from './sqlite.ts'

const pageSize = 4096

/** The main file of an installation with 2,000 preferences, closed in good order. */
async function filled(): Promise<{ folder: string; file: string }> {
  const database = await freshDatabase('sqlite')
  onTestFinished(() => database.remove())
  const { folder } = database.options as { folder: string }
  const file = join(folder, 'steward.db')
  const connection = new Database(file)
  connection.exec(`with recursive n(i) as (select 1 union all select i + 1 from n where i < 2000)
    insert into idempotency select 'a', 'key ' || i, hex(randomblob(32)), hex(randomblob(100)), '2026' from n`)
  connection.close()
  return { folder, file }
}

/** Spoils the head of the page that `wanted` picks of those of a table. */
function spoil(file: string, pages: 'root' | 'middle' | 'last'): void {
  const database = new Database(file, { readonly: true })
  const numbers = database
    .prepare("select pageno from dbstat where name = 'idempotency' order by path")
    .pluck()
    .all() as number[]
  const root = database.prepare("select rootpage from sqlite_schema where name = 'idempotency'").pluck().get() as number
  database.close()
  const page = { root, middle: numbers[Math.floor(numbers.length / 2)], last: numbers.at(-1) }[pages] ?? 0
  const descriptor = openSync(file, 'r+')
  writeSync(descriptor, Buffer.alloc(64, 0x5a), 0, 64, (page - 1) * pageSize)
  closeSync(descriptor)
}

test('a file with a damaged page is refused, and nothing is written to it', async () => {
  for (const pages of ['root', 'middle'] as const) {
    const { folder, file } = await filled()
    spoil(file, pages)
    const before = readFileSync(file)
    await expect(openStores({ folder })).rejects.toThrow(DamagedDatabase)
    await expect(openStores({ folder })).rejects.toThrow(/steward\.db is damaged.* It was not changed\.$/)
    expect(readFileSync(file).equals(before)).toBe(true)
    expect(existsSync(`${file}-wal`) ? statSync(`${file}-wal`).size : 0).toBe(0)
  }
})

test('the refusal says what is wrong, in one line', async () => {
  const spoilt = await filled()
  spoil(spoilt.file, 'middle')
  expect(() => refuseDamage(spoilt.file, sqliteKinds.main)).toThrow(/is damaged \(Tree \d+ page \d+[^\n]*\)\. It was/)
  const { file } = await filled()
  const database = new Database(file)
  database.unsafeMode().exec(`create table odd (size integer); insert into odd values (null);
    pragma writable_schema = on; update sqlite_schema set sql = replace(sql, 'integer', 'integer not null')
    where name = 'odd'`)
  database.close()
  expect(() => refuseDamage(file, sqliteKinds.main)).toThrow('is damaged (NULL value in odd.size). It was not changed.')
})

test('what a log holds is not folded into a damaged file', async () => {
  const { folder, file } = await filled()
  const stores = await openStores({ folder })
  await stores.main.write((tx) =>
    tx.insertInto('installation').values({ number: 1, id: 'i', created_at: '' }).execute(),
  )
  // As a kill leaves it: the log holds a commit, and nobody folds it.
  const [main, log] = [readFileSync(file), readFileSync(`${file}-wal`)]
  await stores.close()
  writeFileSync(file, main)
  writeFileSync(`${file}-wal`, log)
  spoil(file, 'middle')
  const before = readFileSync(file)
  await expect(openStores({ folder })).rejects.toThrow(DamagedDatabase)
  expect(readFileSync(file).equals(before)).toBe(true)
  expect(readFileSync(`${file}-wal`).equals(log)).toBe(true)
})

test('of a large file the ends of its tables are looked at', async () => {
  const { file } = await filled()
  const check = (): void => refuseDamage(file, sqliteKinds.main, 0)
  expect(check).not.toThrow()
  spoil(file, 'last')
  expect(check).toThrow(DamagedDatabase)
  const cut = await filled()
  truncateSync(cut.file, pageSize * 3)
  expect(() => refuseDamage(cut.file, sqliteKinds.main, 0)).toThrow(DamagedDatabase)
})

test('what is not there or still empty is nobody’s damage', async () => {
  const { file } = await filled()
  truncateSync(file, 0)
  expect(() => refuseDamage(file, sqliteKinds.main)).not.toThrow()
  rmSync(file)
  expect(() => refuseDamage(file, sqliteKinds.main)).not.toThrow()
})
