import type { MainSchema, Store } from '@steward/db'
import { breathe, DamagedBlob, encodeText, hashBytes, isHash } from './blob-bytes.ts'
import {
  findBlob,
  findChunk,
  insertBlob,
  putChunk,
  removeBlob,
  removeChunks,
  renewBlob,
} from './blob-database.queries.ts'
import type { CollectableBlobs } from './blob-grace.ts'
import { blobGrace } from './blob-grace.ts'
import type { Clock } from './clock.ts'
import { iso } from './clock.ts'

const mebibyte = 1024 * 1024

/**
 * Bodies in the database that servers share: chunks first, each in a transaction of its own so that none is long,
 * then, read back and verified, the row that says the body is there.
 * @param chunkBytes size of a chunk; bodies stored with another size stay readable.
 */
export function databaseBlobs(store: Store<MainSchema>, clock: Clock, chunkBytes = mebibyte): CollectableBlobs {
  return {
    async put(body) {
      const bytes = typeof body === 'string' ? await encodeText(body) : body
      const hash = await hashBytes(bytes)
      const now = (): string => iso(clock.now())
      const known = await store.write((tx) => renewBlob.run(tx, { hash, now: now() }))
      if (known === 0 || !(await isSound(store, hash))) {
        await writeChunks(store, { hash, bytes, chunkBytes })
        const written = await readChunks(store, hash, bytes.length)
        if (!written || (await hashBytes(written)) !== hash) throw new DamagedBlob(hash)
        await store.write((tx) => insertBlob.run(tx, { hash, size: bytes.length, created_at: now() }))
      }
      return { hash, size: bytes.length }
    },
    async get(hash) {
      if (!isHash(hash)) return null
      const row = await findBlob.first(store.reader, { hash })
      if (!row) return null
      const bytes = await readChunks(store, hash, row.size)
      if (bytes && (await hashBytes(bytes)) === hash) return bytes
      if (!(await findBlob.first(store.reader, { hash }))) return null
      throw new DamagedBlob(hash)
    },
    has: async (hash) => isHash(hash) && (await findBlob.first(store.reader, { hash })) !== undefined,
    async age(hash) {
      const row = isHash(hash) ? await findBlob.first(store.reader, { hash }) : undefined
      return row ? clock.now() - Date.parse(row.created_at) : null
    },
    async remove(hash) {
      const before = iso(clock.now() - blobGrace)
      await store.write(async (tx) => {
        if ((await removeBlob.run(tx, { hash, before })) > 0) await removeChunks.run(tx, { hash, from: 0 })
      })
    },
  }
}

interface Chunked {
  hash: string
  bytes: Uint8Array
  chunkBytes: number
}

async function writeChunks(store: Store<MainSchema>, { hash, bytes, chunkBytes }: Chunked): Promise<void> {
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

async function isSound(store: Store<MainSchema>, hash: string): Promise<boolean> {
  const row = await findBlob.first(store.reader, { hash })
  const bytes = row ? await readChunks(store, hash, row.size) : null
  return bytes !== null && (await hashBytes(bytes)) === hash
}
