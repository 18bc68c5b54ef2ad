import { silentLog } from '@steward/api/server'
import { mainSchema, migrate } from '@steward/db'
import { mainMigrations } from '@steward/db/testing'
import { cpSync, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { InstallationFault, type FaultKind } from './installation-fault.ts'
import { isInUse, openDatabases, openInstallation, requireDatabase, type OpenOptions } from './open.ts'
import { backupFolderName, keyFileOf, type Place } from './place.ts'
import { engines, freshFolder, newPlace, now, onlyBlob, parts, usedPlace } from './installation.testing.ts'

/** What keeps a place from being opened; null when nothing does. */
async function faultOf(place: Place, options: OpenOptions = {}): Promise<FaultKind | null> {
  try {
    await (await openInstallation(place, parts, options)).close()
    return null
  } catch (cause) {
    if (cause instanceof InstallationFault) return cause.kind
    throw cause
  }
}

describe.each(engines)('an installation (%s)', (engine) => {
  test('is made once, and is the same when it is opened again', async () => {
    const place = await newPlace(engine)
    const first = await openInstallation(place, parts)
    expect(first.secret).toMatchObject({ from: 'file', made: true })
    const [owner, schema] = [await first.app.blobs.owner(), await mainSchema(first.stores)]
    expect([owner === null, schema.pending]).toEqual([false, []])
    expect(await isInUse(place)).toBe(true)
    await first.close()
    // A database server takes a moment to end a connection.
    await expect.poll(() => isInUse(place)).toBe(false)
    const again = await openInstallation(place, parts, { existing: true })
    expect(again.secret).toEqual({ ...first.secret, made: false })
    expect(await again.app.blobs.owner()).toBe(owner)
    await again.close()
  })

  test('of an earlier version, or of a first start that did not end, is brought to the schema of today', async () => {
    const place = await newPlace(engine)
    const stores = await openDatabases(place, silentLog)
    await migrate(stores, { now, steps: { main: mainMigrations.slice(0, 1), telemetry: [] } })
    await stores.close()
    const opened = await openInstallation(place, parts)
    expect((await mainSchema(opened.stores)).pending).toEqual([])
    await opened.close()
    // A database server has backups of its own.
    expect(existsSync(join(place.dataFolder, backupFolderName))).toBe(engine === 'sqlite')
  })

  test('is not made where one was expected', async () => {
    const place = await newPlace(engine)
    expect(await faultOf(place, { existing: true })).toBe('none')
    expect(existsSync(place.dataFolder)).toBe(false)
    const stores = await openDatabases(await newPlace(engine), silentLog)
    expect((await mainSchema(stores)).applied).toEqual([])
    await stores.close()
  })

  test('opens with its own key only', async () => {
    const place = await usedPlace(engine)
    const file = keyFileOf(place)
    const key = readFileSync(file)
    const other = Buffer.alloc(32, 7)
    expect(await faultOf({ ...place, secretKey: other })).toBe('key-wrong')
    writeFileSync(file, 'short')
    expect(await faultOf(place)).toBe('key-damaged')
    rmSync(file)
    expect(await faultOf(place)).toBe('key-missing')
    expect(existsSync(file)).toBe(false)
    const anyKey = await openInstallation({ ...place, secretKey: other }, parts, { anyKey: true })
    expect(anyKey.secret).toMatchObject({ bytes: other, from: 'environment' })
    await anyKey.close()
    writeFileSync(file, key)
    expect(await faultOf(place)).toBeNull()
  })

  test('whose blobs are gone opens when the loss is accepted, and from then on', async () => {
    const place = await usedPlace(engine)
    const folder = join(place.dataFolder, 'blobs')
    if (engine === 'sqlite') renameSync(folder, join(freshFolder(), 'blobs'))
    else {
      const stores = await openDatabases(place, silentLog)
      await stores.main.write(async (tx) => {
        await tx.deleteFrom('blob_chunk').execute()
        await tx.deleteFrom('blob').execute()
      })
      await stores.close()
    }
    if (engine === 'sqlite')
      expect([await faultOf(place), existsSync(join(folder, 'installation'))]).toEqual(['blobs-missing', false])
    expect(await faultOf(place, { acceptLoss: true })).toBeNull()
    expect(await faultOf(place)).toBeNull()
  })
})

describe('an embedded database', () => {
  test.each(['missing', 'empty'])('that is %s is not made anew beside what belongs to it', async (how) => {
    const place = await usedPlace()
    const file = join(place.dataFolder, 'steward.db')
    const database = readFileSync(file)
    if (how === 'empty') writeFileSync(file, '')
    else rmSync(file)
    expect([await faultOf(place), await faultOf(place, { existing: true })]).toEqual(['lost', 'lost'])
    expect(() => requireDatabase(place)).toThrow(`steward.db is ${how}, but`)
    expect(existsSync(file)).toBe(how === 'empty')
    writeFileSync(file, database)
    expect(await faultOf(place)).toBeNull()
  })

  test('that is damaged is told as such, and not changed', async () => {
    const place = await usedPlace()
    const file = join(place.dataFolder, 'steward.db')
    const wreck = readFileSync(file).fill(0x5a, 4096 * 3, 4096 * 3 + 64)
    writeFileSync(file, wreck)
    expect(await faultOf(place)).toBe('damaged')
    expect(readFileSync(file).equals(wreck)).toBe(true)
  })

  test('of another installation is told by the blobs', async () => {
    const secret = Buffer.alloc(32, 7)
    const [one, other] = [await usedPlace('sqlite', secret), await usedPlace('sqlite', secret)]
    const blob = readFileSync(onlyBlob(join(one.dataFolder, 'blobs')))
    for (const name of ['steward.db', 'telemetry.db']) cpSync(join(other.dataFolder, name), join(one.dataFolder, name))
    expect(await faultOf(one)).toBe('blobs-foreign')
    expect(readFileSync(onlyBlob(join(one.dataFolder, 'blobs')))).toEqual(blob)
  })
})

describe('a database apart from the data folder', () => {
  test('is told from an empty one, and from that of another installation', async () => {
    const [place, other] = [await usedPlace('postgres'), await usedPlace('postgres')]
    const empty = await newPlace('postgres')
    expect(readFileSync(join(place.dataFolder, 'installation'), 'utf8').trim()).not.toBe('')
    expect(await faultOf({ ...empty, dataFolder: place.dataFolder })).toBe('lost')
    const secretKey = Buffer.from(readFileSync(keyFileOf(other), 'utf8').trim(), 'hex')
    expect(await faultOf({ ...other, secretKey, dataFolder: place.dataFolder })).toBe('folder-foreign')
    expect(await faultOf(place)).toBeNull()
  })
})
