import type { MainSchema, Store } from '@steward/db'
import { sliceBytes } from './blob.ts'
import { breathe, DamagedBlob, encodeText, hashBytes, isHash, verified } from './blob-bytes.ts'
import {
  blobPage,
  chunkBytesOf,
  claimBlob,
  deleteBlob,
  discardBlob,
  expiredBlobs,
  findBlob,
  findChunk,
  insertBlob,
  oldBlobs,
  putChunk,
  removeChunks,
  renewBlob,
  replaceBlob,
  setBlobAside,
  takeBlobBack,
  unfinishedBlobs,
} from './blob-database.queries.ts'
import type { CollectableBlobs } from './blob-grace.ts'
import { asideKept, blobGrace } from './blob-grace.ts'
import type { Clock } from '../clock.ts'
import { iso } from '../clock.ts'
import { findInstallation } from '../installation/installation.queries.ts'

const mebibyte = 1024 * 1024
/** Unfinished bodies that one sweep looks at. */
const mostSwept = 1000

/**
 * Bodies in the database that servers share: chunks first, each in a transaction of its own so that none is long,
 * then, read back and verified, the row that says the body is there.
 * @param chunkBytes size of a chunk; bodies stored with another size stay readable.
 */
export function databaseBlobs(store: Store<MainSchema>, clock: Clock, chunkBytes = mebibyte): CollectableBlobs {
  /** Since when a body has been seen unfinished. */
  const suspects = new Map<string, number>()
  const ago = (milliseconds: number): string => iso(clock.now() - milliseconds)
  const renew = (hash: string): Promise<boolean> => renewIn(store, hash, ago(0))
  return {
    async put(body) {
      const bytes = typeof body === 'string' ? await encodeText(body) : body
      const hash = await hashBytes(bytes)
      const known = (await renew(hash)) && (await isSound(store, hash))
      const made = known ? null : await storeBody(store, { hash, bytes, chunkBytes, clock })
      return { hash, size: bytes.length, made }
    },
    async takeBack({ hash, made }) {
      if (made === null) return
      await store.write(async (tx) => {
        if ((await takeBlobBack.run(tx, { hash, made })) > 0) await removeChunks.run(tx, { hash, from: 0 })
      })
    },
    async open(hash) {
      const row = isHash(hash) ? await findBlob.first(store.reader, { hash }) : undefined
      if (!row) return null
      if (row.set_aside_at !== null) await renew(hash)
      return { hash, size: row.size, slices: () => verified(hash, slicesOf(store, hash, row.size)) }
    },
    async get(hash) {
      if (!isHash(hash)) return null
      const row = await findBlob.first(store.reader, { hash })
      if (!row) return null
      if (row.set_aside_at !== null) await renew(hash)
      const bytes = await readChunks(store, hash, row.size)
      if (bytes && (await hashBytes(bytes)) === hash) return bytes
      if (!(await findBlob.first(store.reader, { hash }))) return null
      throw new DamagedBlob(hash)
    },
    has: async (hash) => isHash(hash) && (await findBlob.first(store.reader, { hash }))?.set_aside_at === null,
    async age(hash) {
      const row = isHash(hash) ? await findBlob.first(store.reader, { hash }) : undefined
      return row?.set_aside_at === null ? clock.now() - Date.parse(row.created_at) : null
    },
    all: () => pages((last) => blobPage.all(store.reader, { last })),
    collectable: () => hashes((last) => oldBlobs.all(store.reader, { until: ago(blobGrace), last })),
    async setAside(hash) {
      await store.write((tx) => setBlobAside.run(tx, { hash, before: ago(blobGrace), now: ago(0) }))
    },
    expired: () => hashes((last) => expiredBlobs.all(store.reader, { until: ago(asideKept), last })),
    async discard(hash) {
      await store.write(async (tx) => {
        if ((await discardBlob.run(tx, { hash, until: ago(asideKept) })) > 0)
          await removeChunks.run(tx, { hash, from: 0 })
      })
    },
    async bringBack(hash) {
      const row = await findBlob.first(store.reader, { hash })
      return row !== undefined && row.set_aside_at !== null && renew(hash)
    },
    async sweep() {
      const now = clock.now()
      const unfinished = await unfinishedBlobs(store.reader, mostSwept)
      for (const hash of suspects.keys()) if (!unfinished.includes(hash)) suspects.delete(hash)
      for (const hash of unfinished) {
        const since = suspects.get(hash)
        if (since === undefined) suspects.set(hash, now)
        else if (now - since >= blobGrace) await removeUnfinished(store, hash, iso(now))
      }
    },
    // They lie in the installation's own database.
    owner: async () => (await findInstallation(store.reader)) ?? null,
    claim: async () => {},
  }
}

async function* hashes(next: (last: string) => Promise<{ hash: string }[]>): AsyncGenerator<string> {
  for await (const { hash } of pages(next)) yield hash
}

async function* pages<T extends { hash: string }>(next: (last: string) => Promise<T[]>): AsyncGenerator<T> {
  for (let last = ''; ;) {
    const page = await next(last)
    yield* page
    const end = page.at(-1)
    if (!end) return
    last = end.hash
  }
}

interface Body {
  hash: string
  bytes: Uint8Array
  chunkBytes: number
  clock: Clock
}

/**
 * Starts the grace of a body anew, with a time that it did not have before: that tells its makers that somebody else
 * put it too. @returns false when it is not there (any more).
 */
async function renewIn(store: Store<MainSchema>, hash: string, now: string): Promise<boolean> {
  for (;;) {
    const was = (await findBlob.first(store.reader, { hash }))?.created_at
    if (was === undefined) return false
    if ((await store.write((tx) => renewBlob.run(tx, { hash, was, now: later(now, was) }))) > 0) return true
  }
}

const later = (now: string, was: string): string => (now > was ? now : iso(Date.parse(was) + 1))

/** Tries of a `put` whose chunks others took away: each of them does so once, a sweep or a `takeBack` of the same body. */
const mostTries = 10

/** @returns what `takeBack` knows it by; null when somebody else made it meanwhile. */
async function storeBody(store: Store<MainSchema>, body: Body): Promise<string | null> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await storeOnce(store, body)
    } catch (cause) {
      if (!(cause instanceof DamagedBlob) || attempt === mostTries) throw cause
    }
  }
}

/** The row comes before the count: from then on no sweep takes chunks away. */
async function storeOnce(store: Store<MainSchema>, body: Body): Promise<string | null> {
  const { hash, bytes, clock } = body
  await writeChunks(store, body)
  const written = await readChunks(store, hash, bytes.length)
  if (!written || (await hashBytes(written)) !== hash) throw new DamagedBlob(hash)
  return store.write(async (tx) => {
    const now = iso(clock.now())
    const isNew = (await insertBlob.run(tx, { hash, size: bytes.length, created_at: now })) > 0
    if (!isNew) {
      const was = (await findBlob.first(tx, { hash }))?.created_at ?? now
      await replaceBlob.run(tx, { hash, size: bytes.length, created_at: later(now, was) })
    }
    const held = (await chunkBytesOf.first(tx, { hash }))?.bytes ?? 0
    if (held !== bytes.length) throw new DamagedBlob(hash)
    return isNew ? now : null
  })
}

/** The row that it makes and deletes holds up a `put` that is about to name the same body. */
async function removeUnfinished(store: Store<MainSchema>, hash: string, now: string): Promise<void> {
  await store.write(async (tx) => {
    if ((await claimBlob.run(tx, { hash, now })) === 0) return
    await removeChunks.run(tx, { hash, from: 0 })
    await deleteBlob.run(tx, { hash })
  })
}

async function writeChunks(store: Store<MainSchema>, { hash, bytes, chunkBytes }: Body): Promise<void> {
  const count = Math.ceil(bytes.length / chunkBytes)
  for (let seq = 0; seq < count; seq++) {
    const slice = bytes.subarray(seq * chunkBytes, (seq + 1) * chunkBytes)
    // Drivers tell bytes by their being a Buffer; this one shares the memory.
    const data = Buffer.from(slice.buffer, slice.byteOffset, slice.byteLength)
    await store.write((tx) => putChunk.run(tx, { hash, seq, data }))
    await breathe()
  }
  await store.write((tx) => removeChunks.run(tx, { hash, from: count }))
}

/** Null when chunks are missing or too many. */
async function readChunks(store: Store<MainSchema>, hash: string, size: number): Promise<Uint8Array | null> {
  const bytes = new Uint8Array(size)
  let filled = 0
  for (let seq = 0; filled < size; seq++) {
    const chunk = await findChunk.first(store.reader, { hash, seq })
    if (!chunk || chunk.data.length === 0 || filled + chunk.data.length > size) return null
    bytes.set(chunk.data, filled)
    filled += chunk.data.length
    await breathe()
  }
  return bytes
}

/** Each chunk is a query of its own, so a reader that has stopped holds no connection. @throws DamagedBlob */
async function* slicesOf(store: Store<MainSchema>, hash: string, size: number): AsyncGenerator<Uint8Array> {
  let filled = 0
  for (let seq = 0; filled < size; seq++) {
    const data = (await findChunk.first(store.reader, { hash, seq }))?.data
    if (!data || data.length === 0) throw new DamagedBlob(hash)
    for (let at = 0; at < data.length; at += sliceBytes) yield data.subarray(at, at + sliceBytes)
    filled += data.length
  }
}

async function isSound(store: Store<MainSchema>, hash: string): Promise<boolean> {
  const row = await findBlob.first(store.reader, { hash })
  const bytes = row ? await readChunks(store, hash, row.size) : null
  return bytes !== null && (await hashBytes(bytes)) === hash
}
