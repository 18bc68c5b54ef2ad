import { silentLog } from '@steward/api/server'
import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { appOver, openDatabases, openInstallation } from '../open.ts'
import { keyFileOf } from '../place.ts'
import { engines, freshFolder, newPlace, parts, usedPlace } from '../installation.testing.ts'
import { filesOpenToOthers, folderState, freeSpace, keyFileState, missingDatabaseFile } from './folder.ts'
import { peopleShutOut, recountBots, stuckTasks } from './recount.queries.ts'
import { sealedState } from './sealed.ts'

const at = '2026-01-01T00:00:00.000Z'

describe.each(engines)('what doctor counts again (%s)', (engine) => {
  test('agrees in a sound installation', async () => {
    const { app, stores, secret, close } = await openInstallation(await usedPlace(engine), parts)
    expect(await recountBots(stores)).toEqual({ workspaces: 1, wrong: [] })
    expect(await stuckTasks(stores, { attempts: 1, due: at })).toEqual([])
    expect(await peopleShutOut(stores, { ways: ['credential'], limit: 1 })).toEqual({ people: 0, first: [] })
    expect(await sealedState(app, secret.bytes, stores)).toEqual({ fits: true, tried: 2, closed: 0 })
    await close()
  })

  test('differs where somebody has written past Steward, or work stays undone', async () => {
    const place = await usedPlace(engine)
    const stores = await openDatabases(place, silentLog)
    const task = { lane_id: 'x', payload: '{}', created_at: at }
    await stores.main.write(async (tx) => {
      await tx.updateTable('workspace').set({ bot_count: 7 }).execute()
      const tasks = [
        {
          id: 'outbox_1',
          topic: 'tried',
          attempts: 5,
          last_error: 'disk on fire',
          run_after: '2999-01-01T00:00:00.000Z',
        },
        { id: 'outbox_2', topic: 'late', attempts: 0, last_error: null, run_after: '2025-12-31T23:59:59.999Z' },
        { id: 'outbox_3', topic: 'in time', attempts: 4, last_error: null, run_after: at },
      ]
      await tx
        .insertInto('outbox')
        .values(tasks.map((one) => ({ ...task, ...one })))
        .execute()
    })
    expect((await recountBots(stores)).wrong).toEqual([
      { workspaceId: expect.stringMatching(/^wkspace_/) as string, kept: 7, counted: 1 },
    ])
    expect(await stuckTasks(stores, { attempts: 5, due: at })).toEqual([
      { topic: 'tried', attempts: 5, lastError: 'disk on fire' },
      { topic: 'late', attempts: 0, lastError: null },
    ])
    expect(await peopleShutOut(stores, { ways: ['oidc'], limit: 1 })).toEqual({
      people: 1,
      first: [{ email: 'owner@example.org', provider: 'credential' }],
    })
    await stores.close()
  })

  test('another key fits not, and opens nothing', async () => {
    const place = await usedPlace(engine)
    const stores = await openDatabases(place, silentLog)
    const secret = Buffer.alloc(32, 7)
    const app = await appOver(place, { stores, secret }, parts)
    expect(await sealedState(app, secret, stores)).toEqual({ fits: false, tried: 2, closed: 2 })
    await stores.close()
  })
})

test('which database file is missing is told before opening would make it', async () => {
  const place = await newPlace()
  expect(missingDatabaseFile(place)).toBe('steward.db')
  expect(missingDatabaseFile({ ...place, databaseUrl: 'postgres://elsewhere' })).toBeNull()
  mkdirSync(place.dataFolder)
  writeFileSync(join(place.dataFolder, 'steward.db'), 'x')
  expect(missingDatabaseFile(place)).toBe('telemetry.db')
  writeFileSync(join(place.dataFolder, 'telemetry.db'), 'x')
  expect(missingDatabaseFile(place)).toBeNull()
  // That it was lost is told by opening.
  rmSync(join(place.dataFolder, 'steward.db'))
  writeFileSync(keyFileOf(place), 'ab'.repeat(32))
  expect(missingDatabaseFile(place)).toBeNull()
})

test('the key file is there, missing, damaged or not needed', async () => {
  const place = await newPlace()
  expect(keyFileState(place)).toBe('missing')
  mkdirSync(place.dataFolder)
  writeFileSync(keyFileOf(place), 'ab')
  expect(keyFileState(place)).toBe('damaged')
  expect(keyFileState({ ...place, secretKey: Buffer.alloc(32) })).toBe('not needed')
  writeFileSync(keyFileOf(place), 'ab'.repeat(32))
  expect(keyFileState(place)).toBe('there')
})

test.skipIf(process.platform === 'win32')('what other users of the computer may read is named', async () => {
  const folder = freshFolder()
  const missing = join(folder, 'missing')
  expect([await folderState(missing), await filesOpenToOthers(missing), await freeSpace(missing)]).toEqual([
    'missing',
    null,
    null,
  ])
  expect(await freeSpace(folder)).toBeGreaterThan(0)
  for (const name of ['secret.key', 'steward.db', 'steward.db-wal', 'notes.txt'])
    writeFileSync(join(folder, name), '', { mode: 0o600 })
  expect([await folderState(folder), await filesOpenToOthers(folder)]).toEqual(['sound', []])
  for (const name of ['secret.key', 'steward.db-wal', 'notes.txt']) chmodSync(join(folder, name), 0o640)
  chmodSync(folder, 0o750)
  expect([await folderState(folder), (await filesOpenToOthers(folder))?.toSorted()]).toEqual([
    'open to others',
    ['secret.key', 'steward.db-wal'],
  ])
  // A file cannot be entered by anybody, root included.
  expect(await folderState(join(folder, 'notes.txt'))).toBe('unusable')
})
