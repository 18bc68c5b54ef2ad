import { testClock } from '@steward/testkit'
import type { Stores } from '@steward/db'
import { eachDialect } from '@steward/db/testing'
import { expect, it } from 'vitest'
import { appRouter } from '../../root.ts'
import { countUnnamed } from './blob-write.ts'
import { createBlobs } from './blob-stores.ts'
import { ApiError } from '../errors.ts'
import { callerFor, seedPerson, seedWorkspace, testApp } from '../app.testing.ts'

/** A workspace with a bot; `quota` says whether one more bot is refused inside the write. */
async function fixture(stores: Stores) {
  let isFull = false
  const quota = async (): Promise<void> => {
    if (isFull) throw new ApiError('QuotaExceeded', 'Full.')
  }
  const { app } = testApp(stores, { quota, blobs: await createBlobs(stores, { clock: testClock() }) })
  const ada = await seedPerson(app, 'ada@example.com')
  const workspaceId = await seedWorkspace(app, ada)
  const caller = callerFor(appRouter, app)(ada.actor)
  const { bot } = await caller.bot.create({ workspaceId, name: 'b' })
  const fill = (): void => void (isFull = true)
  return { app, workspaceId, caller, id: bot.id, fill, unnamed: () => countUnnamed(app) }
}

const none = { blobs: 0, bytes: 0 }
const refused = expect.objectContaining({ constructor: ApiError }) as Error

eachDialect('code of refused writes', (open) => {
  it('is not kept', async () => {
    const { caller, id, workspaceId, fill, unnamed } = await fixture(await open())
    const wrong = { configuration: { schema: { type: 'object', required: ['a'] }, data: {} } }
    const missing = { integrations: { x: { enabled: true } } }
    const tooMany = { events: Object.fromEntries(Array.from({ length: 21 }, (_, i) => [`e${i}`, { schema: {} }])) }
    for (const part of [wrong, missing, tooMany])
      await expect(caller.bot.update({ id, code: 'update', ...part })).rejects.toEqual(refused)
    const { botJson } = {
      botJson: { code: 'publish', integrations: { x: { id: 'intver_00000000000000000000000000' } } },
    }
    await expect(caller.bot.publishJson({ id, botJson })).rejects.toEqual(refused)
    fill()
    await expect(caller.bot.create({ workspaceId, code: 'create' })).rejects.toMatchObject({ type: 'QuotaExceeded' })
    expect(await unnamed()).toEqual(none)
  })

  it('stays when a row names it, or somebody else is about to', async () => {
    const { caller, id, workspaceId, fill, app, unnamed } = await fixture(await open())
    await caller.bot.update({ id, code: 'shared' })
    const other = await app.blobs.put('wanted')
    fill()
    for (const code of ['shared', 'wanted'])
      await expect(caller.bot.create({ workspaceId, code })).rejects.toMatchObject({ type: 'QuotaExceeded' })
    expect((await caller.bot.getJson({ id }))['code']).toBe('shared')
    expect(await app.blobs.has(other.hash)).toBe(true)
    expect(await unnamed()).toEqual({ blobs: 1, bytes: 6 })
  })
})
