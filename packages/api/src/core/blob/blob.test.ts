import { type TestClock, testClock } from '@steward/testkit'
import { randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type MainSchema, openStores, type Store } from '@steward/db'
import { eachDialect, freshDatabase } from '@steward/db/testing'
import { describe, expect, onTestFinished, test } from 'vitest'
import { databaseBlobs } from './blob-database.ts'
import { folderBlobs } from './blob-folder.ts'
import type { CollectableBlobs } from './blob-grace.ts'
import { asideKept, blobGrace } from './blob-grace.ts'
import { createBlobs } from './blob-stores.ts'
import { hour, minute } from '../clock.ts'
import { turnsDuring } from '../loop.testing.ts'
import { sha256 } from '../secrets.ts'

const absent = 'a'.repeat(64)
const mebibyte = 1024 * 1024

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'steward-blobs-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

async function allOf<T>(source: AsyncIterable<T> | undefined): Promise<T[]> {
  const all: T[] = []
  for await (const one of source ?? []) all.push(one)
  return all
}

interface Opened {
  blobs: CollectableBlobs
  clock: TestClock
  /** Changes the stored bytes behind the store's back. */
  damage: (hash: string) => Promise<void>
}

function contract(opened: () => Promise<Opened>): void {
  test('gives back what was put, by its SHA-256', async () => {
    const { blobs } = await opened()
    for (const body of ['', 'x', 'ü€😀', randomBytes(3 * mebibyte + 17)]) {
      const info = await blobs.put(body)
      expect(info).toEqual({ hash: sha256(body), size: Buffer.byteLength(body), made: expect.any(String) })
      expect(await blobs.has(info.hash)).toBe(true)
      expect(Buffer.from((await blobs.get(info.hash)) ?? []).equals(Buffer.from(body as string))).toBe(true)
    }
  })

  test('encodes long texts whole, surrogate pairs at the seams included', async () => {
    const { blobs } = await opened()
    const text = `x${'😀'.repeat(600_000)}`
    expect(await blobs.put(text)).toMatchObject({ hash: sha256(text), size: Buffer.byteLength(text) })
  })

  test('has nothing it was not given', async () => {
    const { blobs } = await opened()
    for (const hash of [absent, '../../etc/passwd', '']) {
      expect(await blobs.get(hash)).toBe(null)
      expect(await blobs.has(hash)).toBe(false)
      expect(await blobs.age(hash)).toBe(null)
      expect(await blobs.open(hash)).toBe(null)
      await blobs.setAside(hash)
      await blobs.discard(hash)
      expect(await blobs.bringBack(hash)).toBe(false)
    }
    expect([(await blobs.collectable().next()).done, (await blobs.expired().next()).done]).toEqual([true, true])
  })

  test('is read in small pieces, and what is damaged fails before its end', async () => {
    const { blobs, damage } = await opened()
    const body = randomBytes(mebibyte + 17)
    const { hash } = await blobs.put(body)
    const found = await blobs.open(hash)
    expect(found?.size).toBe(body.length)
    const pieces = await allOf(found?.slices())
    expect(Buffer.concat(pieces).equals(body)).toBe(true)
    expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThanOrEqual(64 * 1024)
    await damage(hash)
    await expect(allOf(found?.slices())).rejects.toThrow('no longer matches its hash')
  })

  test('is taken back at once by who made it, and never from somebody else', async () => {
    const { blobs } = await opened()
    const listed = async () => (await allOf(blobs.all())).map(({ hash, size }) => [hash, size])
    const made = await blobs.put('code')
    expect(await listed()).toEqual([[made.hash, 4]])
    await blobs.takeBack(made)
    expect([await blobs.has(made.hash), await blobs.get(made.hash), await listed()]).toEqual([false, null, []])

    // The clock of this test stands still: the second put happens at the same moment.
    const first = await blobs.put('code')
    const second = await blobs.put('code')
    expect(second.made).toBe(null)
    await blobs.takeBack(first)
    await blobs.takeBack(second)
    expect(Buffer.from((await blobs.get(first.hash)) ?? []).toString()).toBe('code')
  })

  test('of many who put the same at once and go, none takes it from one who stays', async () => {
    const { blobs } = await opened()
    const body = randomBytes(100_000)
    for (let round = 0; round < 10; round++) {
      const going = async (): Promise<void> => blobs.takeBack(await blobs.put(body))
      const staying = async (): Promise<void> => {
        await blobs.put(body)
      }
      await Promise.all([going(), going(), staying(), going(), going()])
      expect(Buffer.from((await blobs.get(sha256(body))) ?? []).equals(body)).toBe(true)
    }
  })

  test('the same body may be put many times, also at once', async () => {
    const { blobs } = await opened()
    const body = randomBytes(2 * mebibyte + 5)
    const answers = await Promise.all(Array.from({ length: 6 }, () => blobs.put(body)))
    expect(new Set(answers.map((answer) => answer.hash))).toEqual(new Set([sha256(body)]))
    expect(answers.filter(({ made }) => made !== null)).toHaveLength(1)
    expect(Buffer.from((await blobs.get(sha256(body))) ?? []).equals(body)).toBe(true)
  })

  test('keeps a body for its grace, counted from the last put', async () => {
    const { blobs, clock } = await opened()
    const { hash } = await blobs.put('code')
    clock.advance(59 * minute)
    await blobs.setAside(hash)
    expect(await blobs.has(hash)).toBe(true)
    await blobs.put('code')
    clock.advance(59 * minute)
    await blobs.setAside(hash)
    expect(await blobs.age(hash)).toBe(59 * minute)
    clock.advance(2 * minute)
    await blobs.setAside(hash)
    expect([await blobs.has(hash), await blobs.age(hash)]).toEqual([false, null])
    await blobs.put('code')
    expect([await blobs.has(hash), await blobs.age(hash)]).toEqual([true, 0])
    expect(Buffer.from((await blobs.get(hash)) ?? []).toString()).toBe('code')
  })

  /** The hashes that the store lists as set aside long enough ago. */
  const expiredIn = async (blobs: CollectableBlobs): Promise<string[]> => {
    const listed: string[] = []
    for await (const hash of blobs.expired()) listed.push(hash)
    return listed
  }

  test('keeps what is set aside for days before it can be deleted', async () => {
    const { blobs, clock } = await opened()
    const { hash } = await blobs.put('code')
    clock.advance(blobGrace)
    // Only what lies aside can be deleted, whatever its age.
    await blobs.discard(hash)
    expect(await blobs.has(hash)).toBe(true)
    await blobs.setAside(hash)
    clock.advance(asideKept - 1)
    await blobs.setAside(hash)
    await blobs.discard(hash)
    expect(await expiredIn(blobs)).toEqual([])
    clock.advance(1)
    expect(await expiredIn(blobs)).toEqual([hash])
    await blobs.discard(hash)
    expect(await blobs.bringBack(hash)).toBe(false)
    expect([await blobs.get(hash), await expiredIn(blobs)]).toEqual([null, []])
  })

  test('gives back what is set aside to who asks for it, in a grace of its own', async () => {
    const { blobs, clock } = await opened()
    for (const back of [(hash: string) => blobs.get(hash), (hash: string) => blobs.bringBack(hash)]) {
      const { hash } = await blobs.put('code')
      // A put in the millisecond of the one before counts as one later.
      clock.advance(blobGrace + 1)
      await blobs.setAside(hash)
      clock.advance(asideKept)
      expect(await back(hash)).toBeTruthy()
      await blobs.discard(hash)
      expect([await blobs.has(hash), await blobs.age(hash)]).toEqual([true, 0])
      await blobs.setAside(hash)
      expect(Buffer.from((await blobs.get(hash)) ?? []).toString()).toBe('code')
      expect(await expiredIn(blobs)).toEqual([])
    }
  })

  test('what is put again while it lies aside stays when that time is over', async () => {
    const { blobs, clock } = await opened()
    const { hash } = await blobs.put('code')
    clock.advance(blobGrace)
    await blobs.setAside(hash)
    await blobs.put('code')
    clock.advance(asideKept)
    for (const one of await expiredIn(blobs)) await blobs.discard(one)
    expect(Buffer.from((await blobs.get(hash)) ?? []).toString()).toBe('code')
  })

  test('lists what can be collected', async () => {
    const { blobs, clock } = await opened()
    const old = [await blobs.put('one'), await blobs.put('two'), await blobs.put('three')]
    clock.advance(blobGrace)
    await blobs.put('two')
    await blobs.put('four')
    const listed: string[] = []
    for await (const hash of blobs.collectable()) listed.push(hash)
    expect(new Set(listed)).toEqual(new Set([old[0]?.hash, old[2]?.hash]))
    expect(listed).toHaveLength(2)
    for (const hash of listed) await blobs.setAside(hash)
    expect(await blobs.has(sha256('one'))).toBe(false)
    expect(await blobs.has(sha256('two'))).toBe(true)
    expect((await blobs.collectable().next()).done).toBe(true)
  })

  test('setting aside never takes what is put at the same moment', async () => {
    const { blobs, clock } = await opened()
    for (let round = 0; round < 20; round++) {
      const body = `round ${round}`
      const { hash } = await blobs.put(body)
      clock.advance(blobGrace + hour)
      await Promise.all([blobs.setAside(hash), blobs.put(body), blobs.setAside(hash)])
      expect(await blobs.has(hash)).toBe(true)
      expect(Buffer.from((await blobs.get(hash)) ?? []).toString()).toBe(body)
    }
  })

  test('tells damaged bytes, and a new put mends them', async () => {
    const { blobs, damage } = await opened()
    const { hash } = await blobs.put('const answer = 42')
    await damage(hash)
    await expect(blobs.get(hash)).rejects.toThrow('no longer matches its hash')
    await blobs.put('const answer = 42')
    expect(Buffer.from((await blobs.get(hash)) ?? []).toString()).toBe('const answer = 42')
  })

  test('what was mended is not taken back by who made it first, though the clock was set back', async () => {
    const { blobs, clock, damage } = await opened()
    const made = await blobs.put('const answer = 42')
    await damage(made.hash)
    clock.advance(-1)
    await blobs.put('const answer = 42')
    await blobs.takeBack(made)
    expect(Buffer.from((await blobs.get(made.hash)) ?? []).toString()).toBe('const answer = 42')
  })
}

const bigText = (): string => `${randomBytes(8).toString('hex')}${'let ü = "0123456789abcdef";\n'.repeat(380_000)}`

describe('blobs in a folder', () => {
  const opened = async (): Promise<Opened & { folder: string }> => {
    const folder = join(await newFolder(), 'blobs')
    const clock = testClock()
    const blobs = await folderBlobs(folder, clock)
    const damage = (hash: string) => writeFile(join(folder, hash.slice(0, 2), hash.slice(2, 4), hash), 'tampered')
    return { blobs, clock, damage, folder }
  }
  contract(opened)

  test('only the owner may read, and nothing unfinished stays', async () => {
    const { blobs, folder } = await opened()
    const { hash } = await blobs.put('secret code')
    const file = join(folder, hash.slice(0, 2), hash.slice(2, 4), hash)
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    expect((await stat(join(folder, hash.slice(0, 2)))).mode & 0o777).toBe(0o700)
    expect(await readdir(join(folder, 'unfinished'))).toEqual([])
  })

  test('opening clears what a crash left and brings back what was being removed', async () => {
    const { blobs, folder, clock } = await opened()
    const { hash } = await blobs.put('whole')
    const file = join(folder, hash.slice(0, 2), hash.slice(2, 4), hash)
    const workshop = join(folder, 'unfinished')
    await rm(file)
    await writeFile(join(workshop, `${hash}.remove.${process.pid}.1`), 'whole')
    await writeFile(join(workshop, `${absent}.put.${process.pid}.2`), 'hal')
    await writeFile(join(workshop, `${absent}.put.${process.ppid}.3`), 'of a living process')
    const again = await folderBlobs(folder, clock)
    expect(await readdir(workshop)).toEqual([`${absent}.put.${process.ppid}.3`])
    expect(await again.has(absent)).toBe(false)
    expect(await readFile(file, 'utf8')).toBe('whole')
  })

  test('says whose it is once it is told, also after a start', async () => {
    const { blobs, folder, clock } = await opened()
    expect(await blobs.owner()).toBe(null)
    await blobs.claim('installation-1')
    expect(await blobs.owner()).toBe('installation-1')
    expect(await (await folderBlobs(folder, clock)).owner()).toBe('installation-1')
    expect((await stat(join(folder, 'installation'))).mode & 0o777).toBe(0o600)
  })

  test('a sweep leaves the living alone', async () => {
    const { blobs, folder } = await opened()
    const workshop = join(folder, 'unfinished')
    const living = [`${absent}.put.${process.pid}.900`, `${absent}.put.${process.ppid}.3`]
    for (const name of [...living, `${absent}.put.99999999.1`, `${absent}.put.x`])
      await writeFile(join(workshop, name), 'half')
    await blobs.sweep()
    expect((await readdir(workshop)).toSorted()).toEqual(living.toSorted())
  })

  test('a cut file is never given out', async () => {
    const { blobs, folder } = await opened()
    const { hash } = await blobs.put('0123456789')
    await truncate(join(folder, hash.slice(0, 2), hash.slice(2, 4), hash), 5)
    await expect(blobs.get(hash)).rejects.toThrow('no longer matches')
  })

  test('a failed write leaves nothing under the hash', async () => {
    const { blobs, folder } = await opened()
    const hash = sha256('blocked')
    await mkdir(join(folder, hash.slice(0, 2)), { recursive: true })
    await writeFile(join(folder, hash.slice(0, 2), hash.slice(2, 4)), 'a file where a folder should be')
    await expect(blobs.put('blocked')).rejects.toThrow()
    expect(await readdir(join(folder, 'unfinished'))).toEqual([])
  })

  test('10 MB let other work in between', async () => {
    const { blobs } = await opened()
    const turns = await turnsDuring(async () => {
      const { hash } = await blobs.put(bigText())
      await blobs.get(hash)
    })
    expect(turns).toBeGreaterThan(10)
  })
})

eachDialect('blobs in the database', (open) => {
  const opened = async (chunkBytes?: number): Promise<Opened & { main: Store<MainSchema> }> => {
    const { main } = await open()
    const clock = testClock()
    const blobs = databaseBlobs(main, clock, chunkBytes)
    const damage = (hash: string) =>
      main.write(async (tx) => {
        await tx
          .updateTable('blob_chunk')
          .set({ data: Buffer.from('tampered') })
          .where('hash', '=', hash)
          .execute()
      })
    return { blobs, clock, damage, main }
  }
  contract(opened)

  test('leftovers of a crash, even in chunks of another size, are overwritten', async () => {
    const { blobs, main, clock } = await opened(10)
    const body = Buffer.from('0123456789abcdefghijklmnop')
    const hash = sha256(body)
    await main.write(async (tx) => {
      for (const [seq, part] of ['0123', '4567', '89ab', 'cdef', 'ghij'].entries())
        await tx
          .insertInto('blob_chunk')
          .values({ hash, seq, data: Buffer.from(part) })
          .execute()
    })
    expect(await blobs.has(hash)).toBe(false)
    expect(await blobs.get(hash)).toBe(null)
    await blobs.put(body)
    expect(Buffer.from((await blobs.get(hash)) ?? []).toString()).toBe(body.toString())
    expect(Buffer.from((await databaseBlobs(main, clock, 7).get(hash)) ?? []).toString()).toBe(body.toString())
    expect(await main.reader.selectFrom('blob_chunk').select('seq').where('hash', '=', hash).execute()).toHaveLength(3)
  })

  test('a sweep takes what stays unfinished, never what is whole', async () => {
    const { blobs, main, clock } = await opened(10)
    const body = randomBytes(35)
    const orphan = (seq: number) =>
      main.write((tx) =>
        tx
          .insertInto('blob_chunk')
          .values({ hash: absent, seq, data: Buffer.from('half') })
          .execute(),
      )
    await orphan(0)
    await orphan(1)
    const { hash } = await blobs.put(body)
    await blobs.sweep()
    clock.advance(blobGrace - 1)
    await blobs.sweep()
    const held = () => main.reader.selectFrom('blob_chunk').select('hash').distinct().orderBy('hash').execute()
    expect(await held()).toEqual([{ hash: absent }, { hash }].toSorted((a, b) => (a.hash < b.hash ? -1 : 1)))
    clock.advance(1)
    await blobs.sweep()
    expect(await held()).toEqual([{ hash }])
    expect(Buffer.from((await blobs.get(hash)) ?? []).equals(body)).toBe(true)
    expect(await main.reader.selectFrom('blob').select('hash').execute()).toEqual([{ hash }])
  })

  test('a body put while a sweep takes its leftovers is whole', async () => {
    const { blobs, main, clock } = await opened(10)
    for (let round = 0; round < 20; round++) {
      const body = Buffer.from(`body of round ${round}, some chunks long`)
      const hash = sha256(body)
      await main.write((tx) =>
        tx
          .insertInto('blob_chunk')
          .values({ hash, seq: 0, data: body.subarray(0, 10) })
          .execute(),
      )
      await blobs.sweep()
      clock.advance(blobGrace)
      await Promise.all([blobs.put(body), blobs.sweep(), blobs.sweep()])
      expect(Buffer.from((await blobs.get(hash)) ?? []).equals(body)).toBe(true)
    }
  })

  test('removing leaves no chunk behind', async () => {
    const { blobs, main, clock } = await opened(10)
    const { hash } = await blobs.put(randomBytes(95))
    clock.advance(blobGrace + 1)
    await blobs.setAside(hash)
    clock.advance(asideKept)
    await blobs.discard(hash)
    expect(await main.reader.selectFrom('blob_chunk').select('seq').execute()).toEqual([])
  })

  test('a missing chunk is told', async () => {
    const { blobs, main } = await opened(10)
    const { hash } = await blobs.put(randomBytes(95))
    await main.write((tx) => tx.deleteFrom('blob_chunk').where('seq', '=', 4).execute())
    await expect(blobs.get(hash)).rejects.toThrow('no longer matches')
  })

  test('a folder decides where bodies go', async () => {
    const stores = await open()
    const clock = testClock()
    const folder = join(await newFolder(), 'blobs')
    const inFolder = await createBlobs(stores, { clock, folder })
    const { hash } = await inFolder.put('here')
    const shared = await createBlobs(stores, { clock })
    expect(await shared.has(hash)).toBe(false)
    await shared.put('there')
    expect(await stores.main.reader.selectFrom('blob').select('hash').execute()).toEqual([{ hash: sha256('there') }])
  })
})

// better-sqlite3 writes and syncs on the calling thread; embedded installations keep their bodies in a folder.
test('10 MB in Postgres let other work in between', async () => {
  const database = await freshDatabase('postgres')
  const stores = await openStores(database.options)
  onTestFinished(async () => {
    await stores.close()
    await database.remove()
  })
  const blobs = databaseBlobs(stores.main, testClock())
  const turns = await turnsDuring(async () => {
    const { hash } = await blobs.put(bigText())
    await blobs.get(hash)
  })
  expect(turns).toBeGreaterThan(10)
})
