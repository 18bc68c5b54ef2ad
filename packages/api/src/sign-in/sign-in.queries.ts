import type { MainSchema, Params, Reader, Tx } from '@steward/db'
import { prepare, prepareWrite } from '@steward/db'

/** By the SHA-256 of its token; runs with every request that carries a session cookie. */
export const findLiveSession = prepare((db: Reader<MainSchema>, p: Params<{ token: string; now: string }>) =>
  db
    .selectFrom('session')
    .select(['id', 'user_id', 'created_at', 'updated_at', 'expires_at'])
    .where('token', '=', p.token)
    .where('expires_at', '>', p.now),
)

/** A session that was ended meanwhile stays ended. */
export const prolongSession = prepareWrite(
  (tx: Tx<MainSchema>, p: Params<{ id: string; now: string; until: string }>) =>
    tx
      .updateTable('session')
      .set({ expires_at: p.until, updated_at: p.now })
      .where('id', '=', p.id)
      .where('expires_at', '>', p.now),
)

export const sessionIds = prepare((db: Reader<MainSchema>, p: Params<{ userId: string }>) =>
  db.selectFrom('session').select('id').where('user_id', '=', p.userId),
)
