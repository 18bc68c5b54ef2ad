import type { MainSchema, Params, Reader, Tx } from '@steward/db'
import { prepare, prepareWrite } from '@steward/db'

export const findBlob = prepare((db: Reader<MainSchema>, p: Params<{ hash: string }>) =>
  db.selectFrom('blob').select(['size', 'created_at']).where('hash', '=', p.hash),
)

export const findChunk = prepare((db: Reader<MainSchema>, p: Params<{ hash: string; seq: number }>) =>
  db.selectFrom('blob_chunk').select('data').where('hash', '=', p.hash).where('seq', '=', p.seq),
)

/** Resolves to 0 when the body is not there (any more). */
export const renewBlob = prepareWrite((tx: Tx<MainSchema>, p: Params<{ hash: string; now: string }>) =>
  tx.updateTable('blob').set({ created_at: p.now }).where('hash', '=', p.hash),
)

/** Overwrites what a crash may have left, whatever its chunk size was. */
export const putChunk = prepareWrite(
  (tx: Tx<MainSchema>, p: Params<{ hash: string; seq: number; data: Uint8Array }>) =>
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

export const insertBlob = prepareWrite(
  (tx: Tx<MainSchema>, p: Params<{ hash: string; size: number; created_at: string }>) =>
    tx
      .insertInto('blob')
      .values({ hash: p.hash, size: p.size, created_at: p.created_at })
      .onConflict((conflict) =>
        conflict.column('hash').doUpdateSet((eb) => ({ created_at: eb.ref('excluded.created_at') })),
      ),
)

/** Resolves to 0 when the body was put since `before`. */
export const removeBlob = prepareWrite((tx: Tx<MainSchema>, p: Params<{ hash: string; before: string }>) =>
  tx.deleteFrom('blob').where('hash', '=', p.hash).where('created_at', '<', p.before),
)
