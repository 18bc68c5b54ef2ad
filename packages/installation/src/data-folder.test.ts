import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { lacksDatabase, refuseLostDatabase, remainsIn } from './data-folder.ts'
import { InstallationFault } from './installation-fault.ts'
import type { Place } from './place.ts'

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

const placeOf = (dataFolder: string): Place => ({ dataFolder, databaseUrl: null, secretKey: null })

describe('what lies in a data folder', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'steward-folder-'))
  })
  afterEach(() => rmSync(folder, { recursive: true }))
  const put = (path: string, text = 'x'): void => {
    mkdirSync(join(folder, dirname(path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  const body = (text: string): string => join('blobs', sha256(text).slice(0, 2), sha256(text))

  test('what belongs to a database is named, what says nothing of one is not', () => {
    expect(remainsIn(folder)).toEqual([])
    put('steward.db-wal', '')
    put(join('blobs', 'README'))
    put(join('backups', 'notes.txt'))
    expect(remainsIn(folder)).toEqual([])
    put('secret.key')
    put('steward.db-wal')
    put(body('one'))
    put(join('blobs', 'installation'))
    put(join('backups', 'a.db'))
    expect(remainsIn(folder)).toEqual([
      'the key secret.key',
      "the database's log steward.db-wal",
      '1 file of bot code in blobs',
      'the id of an installation',
      '1 copy of the database in backups',
    ])
    put(body('two'))
    put(join('backups', 'b.db'))
    expect(remainsIn(folder).join()).toMatch(/2 files of bot code in blobs.*2 copies of the database in backups/)
  })

  test.each(['missing', 'empty'])('no new database is made beside such things where it is %s', (state) => {
    if (state === 'empty') put('steward.db', '')
    expect(lacksDatabase(folder)).toBe(true)
    refuseLostDatabase(placeOf(folder))
    put('installation')
    expect(() => refuseLostDatabase(placeOf(folder))).toThrow(InstallationFault)
    expect(() => refuseLostDatabase(placeOf(folder))).toThrow(
      `steward.db is ${state}, but files that belong to one were found`,
    )
    put('steward.db')
    expect(lacksDatabase(folder)).toBe(false)
    refuseLostDatabase(placeOf(folder))
  })
})
