import { createApi, firstOperator, localActor, silentLog } from '@steward/api/server'
import { BackupUnsupported, DamagedDatabase, openStores, RestoreRefused } from '@steward/db'
import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { backUp, UnfitBackupFolder } from './backup.ts'
import { openDatabases, openInstallation } from './open.ts'
import { keyFileOf, type Place } from './place.ts'
import { restoreBackup, restoreDatabase } from './restore.ts'
import { freshFolder, newPlace, now, onlyBlob, parts, usedPlace } from './installation.testing.ts'

const hashed = /^[0-9a-f]{64}$/

/** Backs the place up into a folder that is not there yet. */
async function backUpOf(
  place: Place,
  withKey = true,
): Promise<{ folder: string; done: Awaited<ReturnType<typeof backUp>> }> {
  const folder = join(freshFolder(), 'backup')
  const stores = await openDatabases(place, silentLog)
  try {
    return { folder, done: await backUp(place, stores, { folder, withKey }) }
  } finally {
    await stores.close()
  }
}

/** The names of the bots in a place, and whether the first one's code is there. */
async function botsIn(place: Place): Promise<string[]> {
  const { app, stores, close } = await openInstallation(place, parts, { existing: true })
  const api = createApi(app)
  const caller = api.caller(localActor((await firstOperator(stores)) ?? ''))
  const [workspace] = (await caller.workspace.list({})).workspaces
  const { bots } = await caller.bot.list({ workspaceId: workspace?.id ?? '' })
  await api.close()
  await close()
  return bots.map(({ name }) => name)
}

describe('a backup', () => {
  test('is taken while the data is in use, and brings all of it back elsewhere', async () => {
    const place = await usedPlace()
    const running = await openInstallation(place, parts)
    const folder = join(freshFolder(), 'backup')
    const done = await backUp(place, running.stores, { folder, withKey: true })
    await running.close()
    const files = [join(folder, 'telemetry.db'), join(folder, 'steward.db')]
    expect(done).toEqual({ files, bodies: 1, missing: [], inDataFolder: false })
    expect(readdirSync(folder).toSorted()).toEqual(['blobs', 'secret.key', 'steward.db', 'telemetry.db'])
    if (process.platform !== 'win32')
      for (const name of ['secret.key', 'steward.db', 'telemetry.db'])
        expect(statSync(join(folder, name)).mode & 0o077).toBe(0)
    const other = await newPlace()
    expect(await restoreBackup(other, folder, { now })).toEqual({
      kept: null,
      bodies: 1,
      missing: [],
      key: 'restored',
      checkpoints: null,
    })
    expect(await botsIn(other)).toEqual(['b'])
    expect(readFileSync(onlyBlob(join(other.dataFolder, 'blobs')), 'utf8')).toBe('export default 1')
  })

  test('is there whole or not at all, and never beside something else', async () => {
    const place = await usedPlace()
    const stores = await openDatabases(place, silentLog)
    const folder = freshFolder()
    // What a backup leaves that was killed on its way.
    mkdirSync(join(folder, '.partial', 'blobs'), { recursive: true })
    writeFileSync(join(folder, '.partial', 'steward.db.partial'), 'half')
    await backUp(place, stores, { folder, withKey: false })
    expect(readdirSync(folder).toSorted()).toEqual(['blobs', 'steward.db', 'telemetry.db'])
    await expect(backUp(place, stores, { folder, withKey: false })).rejects.toThrow(UnfitBackupFolder)
    await stores.close()
  })

  test('does not lie among the blobs, however its place is written, and tells that it lies in the data folder', async () => {
    const place = await usedPlace()
    const stores = await openDatabases(place, silentLog)
    const blobs = join(place.dataFolder, 'blobs')
    const link = join(freshFolder(), 'link')
    symlinkSync(blobs, link)
    const before = readdirSync(blobs, { recursive: true })
    for (const folder of [blobs, join(blobs, 'b'), join(blobs, '..', 'blobs', 'a', 'b'), join(link, 'b')])
      await expect(backUp(place, stores, { folder, withKey: false })).rejects.toMatchObject({ kind: 'among-blobs' })
    expect(readdirSync(blobs, { recursive: true })).toEqual(before)
    const folder = join(place.dataFolder, 'blobs-of-today')
    expect(await backUp(place, stores, { folder, withKey: false })).toMatchObject({ bodies: 1, inDataFolder: true })
    await stores.close()
  })

  test('takes no damaged blob, and names what is missing; a restore does too', async () => {
    const place = await usedPlace()
    const blob = onlyBlob(join(place.dataFolder, 'blobs'))
    writeFileSync(blob, 'export default 2')
    const damaged = await backUpOf(place)
    expect(damaged.done).toMatchObject({ bodies: 0, missing: [expect.stringMatching(hashed)] })
    rmSync(blob)
    const { folder, done } = await backUpOf(place)
    expect(done).toMatchObject({ bodies: 0, missing: damaged.done.missing })
    const other = await newPlace()
    expect(await restoreBackup(other, folder, { now })).toMatchObject({ bodies: 0, missing: done.missing })
    // It is known by then that they are lost.
    expect(await botsIn(other)).toEqual(['b'])
  })

  test('with the key is not made without the right one', async () => {
    const place = await usedPlace()
    const fault = (kind: string) => expect.objectContaining({ kind }) as Error
    const refused = async (kind: string): Promise<void> => {
      const stores = await openDatabases(place, silentLog)
      const folder = join(freshFolder(), 'backup')
      await expect(backUp(place, stores, { folder, withKey: true })).rejects.toEqual(fault(kind))
      expect(existsSync(folder)).toBe(false)
      await stores.close()
    }
    writeFileSync(keyFileOf(place), 'ee'.repeat(32))
    await refused('key-wrong')
    writeFileSync(keyFileOf(place), 'ee')
    await refused('key-damaged')
    rmSync(keyFileOf(place))
    await refused('key-missing')
    expect((await backUpOf(place, false)).done).toMatchObject({ bodies: 1 })
  })

  test('of a database server is left to its own tools', async () => {
    const place = await usedPlace('postgres')
    await expect(backUpOf(place, false)).rejects.toThrow(BackupUnsupported)
  })
})

describe('a restore', () => {
  test('replaces nothing unless told, and keeps what was there, the key too', async () => {
    const [place, other] = [await usedPlace(), await usedPlace()]
    const { folder } = await backUpOf(place)
    const former = readFileSync(keyFileOf(other))
    await expect(restoreBackup(other, folder, { now })).rejects.toThrow(RestoreRefused)
    const { kept, key } = await restoreBackup(other, folder, { now, overwrite: true })
    expect([key, readFileSync(join(kept ?? '', 'secret.key'))]).toEqual(['restored', former])
    expect(readFileSync(keyFileOf(other))).toEqual(readFileSync(keyFileOf(place)))
    const owner = (data: string): string => readFileSync(join(data, 'blobs', 'installation'), 'utf8')
    expect(owner(other.dataFolder)).toBe(owner(place.dataFolder))
    expect(await botsIn(other)).toEqual(['b'])
    expect(await restoreBackup(other, folder, { now: () => new Date(0), overwrite: true })).toMatchObject({
      key: 'present',
    })
  })

  test('brings blobs and databases that belong together before anything is started, also where neither has a name', async () => {
    const secretKey = new Uint8Array(32).fill(7)
    const [one, other] = [await usedPlace('sqlite', secretKey), await usedPlace('sqlite', secretKey)]
    const nameIn = (folder: string): string | null => {
      const file = join(folder, 'blobs', 'installation')
      return existsSync(file) ? readFileSync(file, 'utf8').trim() : null
    }
    const former = nameIn(one.dataFolder)
    const { folder } = await backUpOf(other, false)
    await restoreBackup(one, folder, { now, overwrite: true })
    expect(nameIn(one.dataFolder)).toBe(nameIn(other.dataFolder))
    expect(nameIn(one.dataFolder)).not.toBe(former)

    // A backup of before installations had names.
    rmSync(join(folder, 'blobs', 'installation'))
    const stores = await openStores({ folder })
    await stores.main.write((tx) => tx.deleteFrom('installation').execute())
    await stores.close()
    await restoreBackup(one, folder, { now: () => new Date(0), overwrite: true })
    expect(nameIn(one.dataFolder)).toBeNull()
    expect(await botsIn(one)).toEqual(['b'])
    expect(nameIn(one.dataFolder)).toMatch(/^[0-9a-f-]{36}$/)
  })

  test('tells whether the key at hand is the right one', async () => {
    const place = await usedPlace()
    const { folder } = await backUpOf(place, false)
    const secretKey = Buffer.from(readFileSync(keyFileOf(place), 'utf8').trim(), 'hex')
    const keyOf = async (there: Place): Promise<string> => (await restoreBackup(there, folder, { now })).key
    expect(await keyOf(await newPlace())).toBe('missing')
    expect(await keyOf(await newPlace('sqlite', secretKey))).toBe('environment')
    expect(await keyOf(await newPlace('sqlite', Buffer.alloc(32, 7)))).toBe('different')
    const strange = await newPlace()
    mkdirSync(strange.dataFolder)
    writeFileSync(keyFileOf(strange), 'ee'.repeat(32))
    expect(await keyOf(strange)).toBe('different')
    expect(readFileSync(keyFileOf(strange), 'utf8')).toBe('ee'.repeat(32))
  })

  test('sets aside the checkpoints kept elsewhere, which know of a later trail', async () => {
    const { folder } = await backUpOf(await usedPlace())
    const file = join(freshFolder(), 'checkpoints.jsonl')
    writeFileSync(file, '{}')
    const { checkpoints } = await restoreBackup(await newPlace(), folder, { now, checkpoints: file })
    expect([existsSync(file), readFileSync(checkpoints ?? '', 'utf8')]).toEqual([false, '{}'])
    expect(await restoreBackup(await newPlace(), folder, { now, checkpoints: file })).toMatchObject({
      checkpoints: null,
    })
  })

  test('of a bad backup changes nothing', async () => {
    const place = await usedPlace()
    const { folder } = await backUpOf(place)
    rmSync(join(folder, 'telemetry.db'))
    await expect(restoreBackup(place, folder, { now, overwrite: true })).rejects.toThrow(DamagedDatabase)
    expect(await botsIn(place)).toEqual(['b'])
  })

  test('of a database alone finds the blobs that are there, and names those that are not', async () => {
    const place = await usedPlace()
    const { folder } = await backUpOf(place)
    const copy = join(freshFolder(), 'main-before-migration.db')
    cpSync(join(folder, 'steward.db'), copy)
    const { kept, missing } = await restoreDatabase(place, copy, { now })
    expect([existsSync(join(kept ?? '', 'steward.db')), missing]).toEqual([true, []])
    expect(await botsIn(place)).toEqual(['b'])
    rmSync(onlyBlob(join(place.dataFolder, 'blobs')))
    const again = await restoreDatabase(place, copy, { now: () => new Date(0) })
    expect(again.missing).toEqual([expect.stringMatching(hashed)])
  })
})
