import type { MainSchema, Params, Reader, Tx } from '@steward/db'
import { prepare, prepareWrite } from '@steward/db'

export const findBlob = prepare((db: Reader<MainSchema>, p: Params<{ hash: string }>) =>
  db.selectFrom('blob').select(['size', 'created_at', 'set_aside_at']).where('hash', '=', p.hash),
)

export const findChunk = prepare((db: Reader<MainSchema>, p: Params<{ hash: string; seq: number }>) =>
  db.selectFrom('blob_chunk').select('data').where('hash', '=', p.hash).where('seq', '=', p.seq),
)

/** Also brings back what was set aside. Resolves to 0 when the body is not what it `was` any more. */
export const renewBlob = prepareWrite((tx: Tx<MainSchema>, p: Params<{ hash: string; was: string; now: string }>) =>
  tx
    .updateTable('blob')
    .set({ created_at: p.now, set_aside_at: null })
    .where('hash', '=', p.hash)
    .where('created_at', '=', p.was),
)

/** Overwrites what a crash may have left, whatever its chunk size was. */
export const putChunk = prepareWrite((tx: Tx<MainSchema>, p: Params<{ hash: string; seq: number; data: Uint8Array }>) =>
  tx
    .insertInto('blob_chunk')
    .values({ hash: p.hash, seq: p.seq, data: p.data })
    .onConflict((conflict) =>
      conflict.columns(['hash', 'seq']).doUpdateSet((eb) => ({ data: eb.ref('excluded.data') })),
    ),
)

export const removeChunks = prepareWrite((tx: Tx<MainSchema>, p: Params<{ hash: string; from: number }>) =>
  tx.deleteFrom('blob_chunk').where('hash', '=', p.hash).where('seq', '>=', p.from),
)

/** Resolves to 0 when there is a row of the body already. */
export const insertBlob = prepareWrite(
  (tx: Tx<MainSchema>, p: Params<{ hash: string; size: number; created_at: string }>) =>
    tx
      .insertInto('blob')
      .values({ hash: p.hash, size: p.size, created_at: p.created_at })
      .onConflict((conflict) => conflict.column('hash').doNothing()),
)

/** What a body that was damaged, or put twice at once, is from now on. */
export const replaceBlob = prepareWrite(
  (tx: Tx<MainSchema>, p: Params<{ hash: string; size: number; created_at: string }>) =>
    tx
      .updateTable('blob')
      .set({ size: p.size, created_at: p.created_at, set_aside_at: null })
      .where('hash', '=', p.hash),
)

/** Resolves to 0 when it was put again since. */
export const takeBlobBack = prepareWrite((tx: Tx<MainSchema>, p: Params<{ hash: string; made: string }>) =>
  tx.deleteFrom('blob').where('hash', '=', p.hash).where('created_at', '=', p.made),
)

/** A page of the bodies in use, by hash. */
export const blobPage = prepare((db: Reader<MainSchema>, p: Params<{ last: string }>) =>
  db
    .selectFrom('blob')
    .select(['hash', 'size'])
    .where('set_aside_at', 'is', null)
    .where('hash', '>', p.last)
    .orderBy('hash')
    .limit(500),
)

/** Resolves to 0 when the body was put after `before`. */
export const setBlobAside = prepareWrite(
  (tx: Tx<MainSchema>, p: Params<{ hash: string; before: string; now: string }>) =>
    tx
      .updateTable('blob')
      .set({ set_aside_at: p.now })
      .where('hash', '=', p.hash)
      .where('created_at', '<=', p.before)
      .where('set_aside_at', 'is', null),
)

/** Resolves to 0 when it was not set aside, or later than `until`. */
export const discardBlob = prepareWrite((tx: Tx<MainSchema>, p: Params<{ hash: string; until: string }>) =>
  tx.deleteFrom('blob').where('hash', '=', p.hash).where('set_aside_at', '<=', p.until),
)

/** A page of the bodies set aside at `until` or before, by hash. */
export const expiredBlobs = prepare((db: Reader<MainSchema>, p: Params<{ until: string; last: string }>) =>
  db
    .selectFrom('blob')
    .select('hash')
    .where('set_aside_at', '<=', p.until)
    .where('hash', '>', p.last)
    .orderBy('hash')
    .limit(500),
)

/** A page of the bodies last put at `until` or before, by hash. */
export const oldBlobs = prepare((db: Reader<MainSchema>, p: Params<{ until: string; last: string }>) =>
  db
    .selectFrom('blob')
    .select('hash')
    .where('created_at', '<=', p.until)
    .where('set_aside_at', 'is', null)
    .where('hash', '>', p.last)
    .orderBy('hash')
    .limit(500),
)

/** Deletes a body whatever its age; within a transaction that made the row itself. */
export const deleteBlob = prepareWrite((tx: Tx<MainSchema>, p: Params<{ hash: string }>) =>
  tx.deleteFrom('blob').where('hash', '=', p.hash),
)

/** Waits for a transaction that is naming the same body; resolves to 0 when the body is there. */
export const claimBlob = prepareWrite((tx: Tx<MainSchema>, p: Params<{ hash: string; now: string }>) =>
  tx
    .insertInto('blob')
    .values({ hash: p.hash, size: 0, created_at: p.now })
    .onConflict((conflict) => conflict.column('hash').doNothing()),
)

/** Bytes in all chunks of a body, null without any. */
export const chunkBytesOf = prepare((db: Reader<MainSchema>, p: Params<{ hash: string }>) =>
  db
    .selectFrom('blob_chunk')
    .select((eb) => eb.fn.sum<number | null>(eb.fn<number>('length', ['data'])).as('bytes'))
    .where('hash', '=', p.hash),
)

/** Bodies whose first chunk is there, but which no row says to be whole: being written, or left by a crash. */
export async function unfinishedBlobs(db: Reader<MainSchema>, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom('blob_chunk as c')
    .leftJoin('blob as b', 'b.hash', 'c.hash')
    .select('c.hash')
    .where('c.seq', '=', 0)
    .where('b.hash', 'is', null)
    .orderBy('c.hash')
    .limit(limit)
    .execute()
  return rows.map((row) => row.hash)
}
