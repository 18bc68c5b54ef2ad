import { testClock, versionRow } from '@steward/testkit'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Stores } from '@steward/db'
import { eachDialect } from '@steward/db/testing'
import fc from 'fast-check'
import type { Kysely } from 'kysely'
import { expect, it, onTestFinished } from 'vitest'
import { seedBot } from '../../bots/bot/bot.testing.ts'
import { asideKept, blobGrace } from './blob-grace.ts'
import { countUnnamed } from './blob-write.ts'
import { createBlobs } from './blob-stores.ts'
import { day, hour, iso } from '../clock.ts'
import { storesOf } from '../app-context.ts'
import type { AppContext } from '../app-context.ts'
import { blobsState, BlobsMismatch, mayCollect, takeInstallation } from '../installation/installation.ts'
import type { Timer } from '../write/outbox.ts'
import { seedPerson, seedWorkspace, testApp } from '../app.testing.ts'
import { startJobs } from '../../jobs.ts'

const never: Timer = { after: () => () => {} }

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'steward-collection-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** A version that names the code, of a bot that names none, straight into the tables. Resolves to its id. */
async function seedVersion(app: AppContext, workspaceId: string, code_blob: string): Promise<string> {
  const bot_id = await seedBot(app, workspaceId)
  const id = app.ids.make('version')
  const row = versionRow({ id, bot_id, code_blob })
  await storesOf(app).main.write((tx) => tx.insertInto('version').values(row).execute())
  return id
}

eachDialect('collection', (open, engine) => {
  /** An installation whose bodies lie where those of its engine do. */
  async function fixture(stores?: Stores, folder = engine === 'sqlite' ? newFolder() : undefined) {
    const clock = testClock()
    const opened = stores ?? (await open())
    const told: string[] = []
    const say = (_: object, text: string): void => void told.push(text)
    const { app } = testApp(opened, {
      clock,
      blobs: await createBlobs(opened, { clock, folder }),
      log: { debug() {}, info() {}, warn: say, error: say },
    })
    const workspaceId = await seedWorkspace(app, await seedPerson(app, 'owner@example.com'))
    const jobs = startJobs(app, { timer: never })
    onTestFinished(() => jobs.stop())
    const { main } = storesOf(app)
    const collect = (hashes: readonly string[]) =>
      main.write((tx) => {
        const times = { created_at: iso(clock.now()), run_after: iso(clock.now()), attempts: 0, last_error: null }
        const row = { id: app.ids.make('outbox'), lane_id: workspaceId, topic: 'blob.collect' }
        return tx
          .insertInto('outbox')
          .values({ ...row, payload: JSON.stringify({ hashes }), ...times })
          .execute()
      })
    const put = async (text: string) => (await app.blobs.put(text)).hash
    const left = async (hashes: readonly string[]) => {
      const there = await Promise.all(hashes.map((hash) => app.blobs.has(hash)))
      return hashes.filter((_, index) => there[index])
    }
    return { app, clock, told, workspaceId, jobs, main, collect, put, left, folder, stores: opened }
  }

  it('keeps, counts and looks for what a table names that nobody told of', async () => {
    const s = await fixture()
    await takeInstallation(s.app)
    const [named, unnamed] = [await s.put('a picture'), await s.put('nobody names it')]
    const { library } = s.main
    onTestFinished(() => library.schema.dropTable('picture').execute())
    await library.schema.createTable('picture').addColumn('id', 'text').addColumn('file_blob', 'text').execute()
    const picture = library as unknown as Kysely<{ picture: { id: string; file_blob: string } }>
    await picture.insertInto('picture').values({ id: 'one', file_blob: named }).execute()
    expect(await countUnnamed(s.app)).toMatchObject({ blobs: 1 })
    expect(await blobsState(s.app)).toMatchObject({ asked: 1, there: 1 })
    await s.collect([named, unnamed])
    for (const wait of [blobGrace, day, asideKept]) {
      s.clock.advance(wait)
      await s.jobs.outbox.wake()
      await s.jobs.tidy()
    }
    expect(await s.left([named, unnamed])).toEqual([named])
  })

  it('takes what nothing names any more out of use, once its grace is over', async () => {
    const s = await fixture()
    await takeInstallation(s.app)
    const [gone, kept] = [await s.put('gone'), await s.put('kept')]
    s.clock.advance(blobGrace)
    const hashes = [gone, kept, await s.put('young')]
    await seedBot(s.app, s.workspaceId, { code_blob: kept })
    await s.collect(hashes)
    await s.jobs.outbox.wake()
    expect(await s.left(hashes)).toEqual(hashes.slice(1))
    const [row] = await s.main.reader.selectFrom('outbox').selectAll().execute()
    expect(Date.parse(row?.run_after ?? '') - s.clock.now()).toBe(blobGrace)
    s.clock.advance(blobGrace)
    await s.jobs.outbox.wake()
    expect(await s.left(hashes)).toEqual([kept])
    expect(await s.main.reader.selectFrom('outbox').selectAll().execute()).toEqual([])
  })

  it('looks once a day for what no row ever named, as of a write that was refused', async () => {
    const s = await fixture()
    await takeInstallation(s.app)
    const [refused, kept] = [await s.put('refused'), await s.put('kept')]
    expect(s.jobs.unnamed).toEqual({ blobs: 0, bytes: 0 })
    await seedBot(s.app, s.workspaceId, { code_blob: kept })
    await s.jobs.tidy()
    expect(await s.left([refused, kept])).toEqual([refused, kept])
    s.clock.advance(day - 1)
    await s.jobs.tidy()
    expect(await s.left([refused, kept])).toEqual([refused, kept])
    s.clock.advance(1)
    const young = await s.put('young')
    await s.jobs.tidy()
    expect(await s.left([refused, kept, young])).toEqual([kept, young])
    expect(s.jobs.unnamed).toEqual({ blobs: 1, bytes: 5 })
  })

  it('leaves what a version alone names, a day later and whoever asks for its collection', async () => {
    const s = await fixture()
    await takeInstallation(s.app)
    const hash = await s.put('of an old version')
    await seedVersion(s.app, s.workspaceId, hash)
    s.clock.advance(day)
    await s.collect([hash])
    await s.jobs.outbox.wake()
    await s.jobs.tidy()
    expect(await s.left([hash])).toEqual([hash])
  })

  it('deletes days later, and brings back what is named again by then', async () => {
    const s = await fixture()
    await takeInstallation(s.app)
    const hashes = [await s.put('forgotten'), await s.put('named again'), await s.put('named by a version again')]
    s.clock.advance(day)
    await s.jobs.tidy()
    expect(await s.left(hashes)).toEqual([])
    // As a backup of the database does that is put in place.
    await seedBot(s.app, s.workspaceId, { code_blob: hashes[1] ?? '' })
    await seedVersion(s.app, s.workspaceId, hashes[2] ?? '')
    await s.put('a newer one').then((code_blob) => seedBot(s.app, s.workspaceId, { code_blob }))
    s.clock.advance(asideKept - 1)
    await s.jobs.tidy()
    expect(await s.app.blobs.bringBack(hashes[0] ?? '')).toBe(true)
    s.clock.advance(day)
    await s.jobs.tidy()
    expect(await s.left(hashes)).toEqual(hashes.slice(1))
    s.clock.advance(asideKept)
    await s.jobs.tidy()
    expect(await s.app.blobs.get(hashes[0] ?? '')).toBe(null)
    expect(await s.left(hashes)).toEqual(hashes.slice(1))
  })

  it('deletes nothing that is named again, though it is not among the newest that are looked for', async () => {
    const s = await fixture()
    await takeInstallation(s.app)
    const old = await s.put('old')
    s.clock.advance(day)
    await s.jobs.tidy()
    expect(await s.left([old])).toEqual([])
    await seedVersion(s.app, s.workspaceId, old)
    const newer = await s.put('newer')
    for (let i = 0; i < 100; i += 1) await seedVersion(s.app, s.workspaceId, newer)
    s.clock.advance(asideKept)
    await s.jobs.tidy()
    expect(await s.left([old, newer])).toEqual([old, newer])
  })

  it('clears nothing away for a database that was never told whose blobs they are', async () => {
    const s = await fixture()
    const hash = await s.put('unnamed')
    s.clock.advance(day)
    await s.collect([hash])
    await s.jobs.outbox.wake()
    await s.jobs.tidy()
    expect(await s.left([hash])).toEqual([hash])
    expect(s.told).toContainEqual(expect.stringContaining('has not proven that the stored code is its own'))
    const [row] = await s.main.reader.selectFrom('outbox').select('run_after').execute()
    expect(row?.run_after).toBe(iso(s.clock.now() + day))
  })

  it('clears nothing away while most of the code that rows name is missing', async () => {
    const s = await fixture()
    await takeInstallation(s.app)
    const hashes = [await s.put('unnamed'), await s.put('named')]
    await seedBot(s.app, s.workspaceId, { code_blob: hashes[1] ?? '' })
    for (const lost of ['a', 'b']) await seedVersion(s.app, s.workspaceId, lost.repeat(64))
    s.clock.advance(day)
    await s.jobs.tidy()
    expect(await s.left(hashes)).toEqual(hashes)
    await seedVersion(s.app, s.workspaceId, await s.put('one more that is there'))
    s.clock.advance(day)
    await s.jobs.tidy()
    expect(await s.left(hashes)).toEqual([hashes[1]])
  })

  it('never loses a body that is named, whatever happens in which order; the others go', async () => {
    const s = await fixture()
    await takeInstallation(s.app)
    let count = 0
    const step = fc.oneof(
      // One of ten bodies is put, and named or not; it may be there already, or lie aside.
      fc.record({ do: fc.constantFrom('bot' as const, 'version' as const, 'nobody' as const), which: fc.nat(9) }),
      fc.record({ do: fc.constant('forget' as const), which: fc.nat(9) }),
      fc.record({ do: fc.constant('wait' as const), which: fc.constantFrom(1, 23, 24, 24 * 7, 24 * 30) }),
      fc.record({ do: fc.constantFrom('tidy' as const, 'collect' as const), which: fc.constant(0) }),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), async (steps) => {
        count += 1
        const body = (which: number): string => `body ${which} of round ${count}`
        const all = new Set<string>()
        const bots = new Map<string, string>()
        const versions = new Set<string>()
        const isNamed = (hash: string): boolean => versions.has(hash) || [...bots.values()].includes(hash)
        for (const { do: what, which } of steps) {
          if (what === 'wait') s.clock.advance(which * hour)
          else if (what === 'tidy') await s.jobs.tidy()
          else if (what === 'collect') {
            await s.collect([...all])
            await s.jobs.outbox.wake()
          } else if (what === 'forget') {
            const [bot] = [...bots.keys()].slice(which)
            if (bot === undefined) continue
            bots.delete(bot)
            await s.main.write((tx) => tx.deleteFrom('bot').where('id', '=', bot).execute())
          } else {
            const hash = await s.put(body(which))
            all.add(hash)
            if (what === 'bot') bots.set(await seedBot(s.app, s.workspaceId, { code_blob: hash }), hash)
            if (what === 'version') versions.add(hash)
            if (what === 'version') await seedVersion(s.app, s.workspaceId, hash)
          }
          const named = [...all].filter(isNamed)
          expect(await s.left(named)).toEqual(named)
        }
        for (let round = 0; round < 3; round += 1) {
          s.clock.advance(asideKept + day)
          await s.jobs.tidy()
        }
        for (const hash of all) expect((await s.app.blobs.get(hash)) !== null).toBe(isNamed(hash))
      }),
      { numRuns: 10, seed: 9, endOnFailure: true },
    )
  })
})

eachDialect('whose blobs they are', (open) => {
  /** An installation with a folder of bodies, on either engine. */
  async function at(folder: string, stores: Stores) {
    const clock = testClock()
    const { app } = testApp(stores, { clock, blobs: await createBlobs(stores, { clock, folder }) })
    let home: Promise<string> | undefined
    const workspace = async () => seedWorkspace(app, await seedPerson(app, 'owner@example.com'))
    const withCode = async (text: string): Promise<string> => {
      const { hash } = await app.blobs.put(text)
      await seedBot(app, await (home ??= workspace()), { code_blob: hash })
      return hash
    }
    return { app, clock, withCode }
  }

  it('is settled at the first start, and stays', async () => {
    const [folder, stores] = [newFolder(), await open()]
    const s = await at(folder, stores)
    const id = await takeInstallation(s.app)
    expect(id).toMatch(/^[0-9a-f-]{36}$/)
    expect(await s.app.blobs.owner()).toBe(id)
    await s.withCode('code')
    expect(await takeInstallation(s.app)).toBe(id)
    expect(await takeInstallation((await at(folder, stores)).app)).toBe(id)
  })

  it('400 blobs of another database are refused, and none of them is cleared away', async () => {
    const folder = newFolder()
    const before = await at(folder, await open())
    await takeInstallation(before.app)
    const hashes = await Promise.all(Array.from({ length: 400 }, (_, i) => before.withCode(`code ${i}`)))
    const s = await at(folder, await open())
    await expect(takeInstallation(s.app)).rejects.toThrow(BlobsMismatch)
    // Even if its jobs ran.
    s.clock.advance(30 * day)
    const jobs = startJobs(s.app, { timer: never })
    await jobs.tidy()
    s.clock.advance(30 * day)
    await jobs.tidy()
    await jobs.stop()
    for (const hash of hashes) expect(await s.app.blobs.has(hash)).toBe(true)
  })

  it('blobs that are gone are told, and accepted only when that is said', async () => {
    const [folder, stores] = [newFolder(), await open()]
    const before = await at(folder, stores)
    const id = await takeInstallation(before.app)
    await before.withCode('code')
    rmSync(folder, { recursive: true })
    const { app } = await at(folder, stores)
    await expect(takeInstallation(app)).rejects.toMatchObject({ kind: 'missing' })
    expect(await app.blobs.owner()).toBe(null)
    expect(await takeInstallation(app, { acceptLoss: true })).toBe(id)
    expect(await app.blobs.owner()).toBe(id)
    // From then on the process starts; but nothing is cleared away by a database whose code is missing.
    expect(await takeInstallation(app)).toBe(id)
    expect(mayCollect(await blobsState(app))).toBe(false)
  })

  it('an older database takes the blobs that it names, and none that it does not know', async () => {
    const [folder, other] = [newFolder(), newFolder()]
    const s = await at(folder, await open())
    const code = await s.withCode('code')
    await s.app.blobs.claim('of-the-folder')
    expect(await takeInstallation(s.app)).toBe('of-the-folder')
    const stranger = await at(other, await open())
    await stranger.app.blobs.put('code')
    await stranger.app.blobs.claim('of-somebody')
    await expect(takeInstallation(stranger.app)).rejects.toMatchObject({ kind: 'foreign' })
    expect(await s.app.blobs.has(code)).toBe(true)
  })
})
