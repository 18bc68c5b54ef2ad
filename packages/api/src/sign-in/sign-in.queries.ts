import type { MainSchema, Params, Reader } from '@steward/db'
import { prepare } from '@steward/db'

/** By the SHA-256 of its token; runs with every request that carries a session cookie. */
export const findLiveSession = prepare((db: Reader<MainSchema>, p: Params<{ token: string; now: string }>) =>
  db.selectFrom('session').select(['id', 'user_id']).where('token', '=', p.token).where('expires_at', '>', p.now),
)

export const sessionIds = prepare((db: Reader<MainSchema>, p: Params<{ userId: string }>) =>
  db.selectFrom('session').select('id').where('user_id', '=', p.userId),
)
