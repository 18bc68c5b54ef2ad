import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest'

import { backup } from './sqlite-backup.ts'
import { restore, restoreMain } from './sqlite-restore.ts'
import { BackupUnsupported, DamagedDatabase, ForeignFile, RestoreRefused, SchemaTooNew } from '../errors.ts'
import { migrate } from '../migrate.ts'
import { mainMigrations, telemetryMigrations } from '../migrations/index.ts'
import { openStores } from './open.ts'
import type { Stores } from '../store.ts'
import { freshDatabase } from '../databases.testing.ts'
import { openFilesIn, tellsOpenFiles } from '../open-files.testing.ts'

const now = (): Date => new Date('2026-02-03T04:05:06.789Z')

describe('backup and restore', () => {
  let base: string
  let folder: string
  let stores: Stores

  beforeEach(async () => {
    base = mkdtempSync(join(tmpdir(), 'steward-test-'))
    folder = join(base, 'data')
    stores = await openStores({ folder })
    await migrate(stores, { now })
    await addUser('before')
  })
  afterEach(async () => {
    await stores.close()
    rmSync(base, { recursive: true })
  })

  const addUser = (id: string): Promise<unknown> =>
    stores.main.write((tx) =>
      tx
        .insertInto('preference')
        .values({ owner_kind: 'user', owner_id: id, key: 'k', value: '1', updated_at: now().toISOString() })
        .execute(),
    )
  const users = async (): Promise<string[]> => {
    const rows = await stores.main.reader.selectFrom('preference').select('owner_id').orderBy('owner_id').execute()
    return rows.map((row) => row.owner_id)
  }
  const reopen = async (where: string): Promise<void> => {
    stores = await openStores({ folder: where })
    await migrate(stores, { now })
  }

  test('a round trip brings back what was there, and keeps what was replaced', async () => {
    const { files } = await backup(stores, join(base, 'copy'))
    expect(files.map((file) => statSync(file).mode & 0o077)).toEqual([0, 0])
    await addUser('since')
    await stores.close()
    const { kept } = restore(folder, join(base, 'copy'), { now, overwrite: true })
    await reopen(folder)
    expect(await users()).toEqual(['before'])
    await addUser('after')
    await stores.close()
    await reopen(String(kept))
    expect(await users()).toEqual(['before', 'since'])
  })

  test('a backup can be restored into a new folder', async () => {
    await backup(stores, join(base, 'copy'))
    expect(restore(join(base, 'new'), join(base, 'copy'), { now })).toEqual({ kept: undefined })
    await stores.close()
    await reopen(join(base, 'new'))
    expect(await users()).toEqual(['before'])
    expect(statSync(join(base, 'new', 'steward.db')).mode & 0o077).toBe(0)
  })

  test('a backup is not written over another', async () => {
    await backup(stores, join(base, 'copy'))
    await expect(backup(stores, join(base, 'copy'))).rejects.toThrow(BackupUnsupported)
  })

  test('an existing database is not overwritten unless told, and never while in use', async () => {
    await backup(stores, join(base, 'copy'))
    const restoring = (overwrite: boolean) => () => restore(folder, join(base, 'copy'), { now, overwrite })
    expect(restoring(false)).toThrow(RestoreRefused)
    expect(restoring(true)).toThrow(/in use/)
    await addUser('still works')
    expect(await users()).toEqual(['before', 'still works'])
    expect(readdirSync(folder).filter((name) => name.includes('incoming'))).toEqual([])
  })

  test('bad backups are refused, and nothing is changed', async () => {
    const copy = join(base, 'copy')
    await backup(stores, copy)
    await stores.close()
    const refused = (error: new (...args: never[]) => Error): void => {
      expect(() => restore(folder, copy, { now, overwrite: true })).toThrow(error)
      expect(readdirSync(folder).toSorted()).toEqual(['steward.db', 'telemetry.db'])
    }
    const main = join(copy, 'steward.db')
    const good = readFileSync(main)
    const withBytes = (at: number, bytes: readonly number[]): void => {
      const bad = Buffer.from(good)
      bad.set(bytes, at)
      writeFileSync(main, bad)
    }
    // The header's user_version is at 60, the application id at 68 (https://sqlite.org/fileformat.html).
    withBytes(60, [0, 0, 0, 99])
    refused(SchemaTooNew)
    copyFileSync(join(copy, 'telemetry.db'), main)
    refused(ForeignFile)
    writeFileSync(main, 'no database at all, but long enough to be read as a header'.repeat(20))
    refused(ForeignFile)
    withBytes(4096 + 3, [0xff, 0xff, 0xff, 0xff])
    refused(DamagedDatabase)
    // The page of the schema, without which SQLite cannot even check the others.
    withBytes(100, [0xff, 0xff, 0xff, 0xff])
    refused(DamagedDatabase)
    rmSync(main)
    refused(DamagedDatabase)
    writeFileSync(main, good)
    restore(folder, copy, { now, overwrite: true })
    expect(existsSync(join(folder, 'steward.db'))).toBe(true)
  })

  test('a data folder that was copied as files brings what its log holds', async () => {
    await addUser('in the log')
    const copied = join(base, 'files')
    cpSync(folder, copied, { recursive: true })
    await stores.close()
    restore(join(base, 'new'), copied, { now })
    expect(readdirSync(join(base, 'new')).toSorted()).toEqual(['steward.db', 'telemetry.db'])
    await reopen(join(base, 'new'))
    expect(await users()).toEqual(['before', 'in the log'])
  })

  test.each([
    ['its shared memory cannot be written', (shm: string) => mkdirSync(shm)],
    ['it cannot be opened', (shm: string) => symlinkSync(join(base, 'missing', 'shm'), shm)],
  ])('also where %s, as on a disk that is read-only', async (_, takePlaceOf) => {
    await addUser('in the log')
    const copied = join(base, 'files')
    cpSync(folder, copied, { recursive: true })
    // In the place of the file that SQLite would have to make.
    for (const name of ['steward.db-shm', 'telemetry.db-shm']) {
      rmSync(join(copied, name))
      takePlaceOf(join(copied, name))
    }
    await stores.close()
    restore(join(base, 'new'), copied, { now })
    expect(readdirSync(join(base, 'new')).toSorted()).toEqual(['steward.db', 'telemetry.db'])
    await reopen(join(base, 'new'))
    expect(await users()).toEqual(['before', 'in the log'])
  })

  test('a copy of the main store alone is put in place, and telemetry stays', async () => {
    const { files } = await backup(stores, join(base, 'copy'))
    await addUser('since')
    const telemetry = (): Promise<unknown> =>
      stores.telemetry.reader
        .selectFrom('schema_migration' as never)
        .selectAll()
        .execute()
    const before = await telemetry()
    expect(() => restoreMain(folder, String(files[0]), { now })).toThrow(RestoreRefused)
    await stores.close()
    expect(() => restoreMain(folder, String(files[1]), { now })).toThrow(ForeignFile)
    const { kept } = restoreMain(folder, String(files[0]), { now })
    expect(readdirSync(folder).toSorted()).toEqual([
      'before-restore-2026-02-03T040506.789Z',
      'steward.db',
      'telemetry.db',
    ])
    await reopen(folder)
    expect([await users(), await telemetry()]).toEqual([['before'], before])
    await stores.close()
    await reopen(String(kept))
    expect(await users()).toEqual(['before', 'since'])
  })

  test('a bad data folder that was copied with its log is refused for what it is', async () => {
    await stores.close()
    const copied = join(base, 'files')
    const main = join(copied, 'steward.db')
    const refusedWith = (change: (good: Buffer<ArrayBuffer>) => Uint8Array): (() => unknown) => {
      cpSync(folder, copied, { recursive: true })
      writeFileSync(`${main}-wal`, '')
      writeFileSync(main, change(readFileSync(main)))
      return () => restore(join(base, 'new'), copied, { now })
    }
    const wreck = refusedWith((good) => good.fill(0xee, 4096, 8192))
    expect(wreck).toThrow(DamagedDatabase)
    const stranger = refusedWith((good) => good.fill(0x01, 68, 72))
    expect(stranger).toThrow(ForeignFile)
    expect(readdirSync(join(base, 'new'))).toEqual([])
    mkdirSync(join(base, 'new', 'steward.db.incoming.partial'))
    const inTheWay = refusedWith((good) => good)
    expect(inTheWay).toThrow(/EISDIR/)
  })

  test('a data folder that was copied after it was closed', async () => {
    await stores.close()
    restore(join(base, 'new'), folder, { now })
    expect(readdirSync(join(base, 'new')).toSorted()).toEqual(['steward.db', 'telemetry.db'])
    await reopen(join(base, 'new'))
    expect(await users()).toEqual(['before'])
  })

  test('of a folder that another process is writing to, one moment is brought back', async () => {
    await addUser('x'.repeat(8_000_000))
    const write = `import Database from 'better-sqlite3'
      const database = new Database(process.argv[1])
      const change = database.prepare("update preference set updated_at = ?")
      for (let i = 0; ; i++) { change.run(String(i)); if (i === 0) console.log('writing') }`
    const args = ['--input-type=module', '-e', write, join(folder, 'steward.db')]
    const writer = spawn(process.execPath, args, { cwd: import.meta.dirname, stdio: ['ignore', 'pipe', 'inherit'] })
    onTestFinished(() => void writer.kill('SIGKILL'))
    await once(writer.stdout, 'data')
    for (const copy of ['a', 'b', 'c']) restore(join(base, copy), folder, { now })
    writer.kill('SIGKILL')
    await once(writer, 'exit')
    await stores.close()
    for (const copy of ['a', 'b', 'c']) {
      await reopen(join(base, copy))
      const rows = await stores.main.reader.selectFrom('preference').select('updated_at').distinct().execute()
      expect(rows).toEqual([{ updated_at: expect.stringMatching(/^\d+$/) as string }])
      await stores.close()
    }
    await reopen(folder)
  })

  test('a log that was left without its database is not read into the new one', async () => {
    await backup(stores, join(base, 'copy'))
    await addUser('lost')
    const wreck = join(base, 'wreck')
    cpSync(folder, wreck, { recursive: true })
    for (const file of ['steward.db', 'telemetry.db']) rmSync(join(wreck, file))
    await stores.close()
    const { kept } = restore(wreck, join(base, 'copy'), { now })
    expect(readdirSync(String(kept))).toContain('steward.db-wal')
    await reopen(wreck)
    expect(await users()).toEqual(['before'])
  })

  test.each([
    ['a page', 4096],
    ['the header', 0],
  ])('a damaged database (%s) is replaced, and kept', async (_, at) => {
    await backup(stores, join(base, 'copy'))
    await stores.close()
    const main = join(folder, 'steward.db')
    const wreck = readFileSync(main)
    wreck.fill(0xee, at, at + 4096)
    writeFileSync(main, wreck)
    expect(() => restore(folder, join(base, 'copy'), { now })).toThrow(RestoreRefused)
    const { kept } = restore(folder, join(base, 'copy'), { now, overwrite: true })
    const aside = readFileSync(join(String(kept), 'steward.db')).subarray(at, at + 4096)
    expect(aside.equals(wreck.subarray(at, at + 4096))).toBe(true)
    await reopen(folder)
    expect(await users()).toEqual(['before'])
  })

  test('the header of a copy names the schema', async () => {
    const { files } = await backup(stores, join(base, 'copy'))
    const versions = files.map((file) => readFileSync(file).readUInt32BE(60))
    expect(versions).toEqual([mainMigrations.length, telemetryMigrations.length])
  })

  test.runIf(tellsOpenFiles)('neither a backup nor a restore leaves a file open', async () => {
    await backup(stores, join(base, 'copy'))
    expect(openFilesIn(join(base, 'copy'))).toEqual([])
    restore(join(base, 'new'), join(base, 'copy'), { now })
    restore(join(base, 'newer'), folder, { now })
    await stores.close()
    expect(openFilesIn(base)).toEqual([])
    expect(openFilesIn(folder)).toEqual([])
  })

  test('on Postgres it names the tool instead', async () => {
    const database = await freshDatabase('postgres', { empty: true })
    const postgres = await openStores(database.options)
    await expect(backup(postgres, join(base, 'copy'))).rejects.toThrow(/pg_dump/)
    expect(existsSync(join(base, 'copy'))).toBe(false)
    await postgres.close()
    await database.remove()
  })
})
