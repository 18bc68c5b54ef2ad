import type { MainSchema, Params, Reader, Tx } from '@steward/db'
import { prepare, prepareWrite } from '@steward/db'

/** By the SHA-256 of its token; runs with every request that carries a session cookie. */
export const findLiveSession = prepare((db: Reader<MainSchema>, p: Params<{ token: string; now: string }>) =>
  db
    .selectFrom('session')
    .select(['id', 'user_id', 'created_at', 'updated_at', 'expires_at', 'confirmed_at'])
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

/** Whether the person has a password here, or signs in at providers alone. */
export const passwordOf = prepare((db: Reader<MainSchema>, p: Params<{ userId: string }>) =>
  db
    .selectFrom('sign_in_method')
    .select('password')
    .where('user_id', '=', p.userId)
    .where('provider_id', '=', 'credential'),
)

/** Notes that a session was opened by a provider that is trusted with the second factor. */
export const markSecondFactor = prepareWrite((tx: Tx<MainSchema>, p: Params<{ id: string }>) =>
  tx.updateTable('session').set({ second_factor: 1 }).where('id', '=', p.id),
)

export const lastStep = prepare((db: Reader<MainSchema>, p: Params<{ userId: string }>) =>
  db.selectFrom('two_factor').select('last_step').where('user_id', '=', p.userId),
)

/** No row when this code or a later one was taken before. */
export const spendStep = prepareWrite((tx: Tx<MainSchema>, p: Params<{ userId: string; step: number }>) =>
  tx
    .updateTable('two_factor')
    .set({ last_step: p.step })
    .where('user_id', '=', p.userId)
    .where((eb) => eb.or([eb('last_step', 'is', null), eb('last_step', '<', p.step)])),
)

export const confirmSession = prepareWrite((tx: Tx<MainSchema>, p: Params<{ id: string; at: string }>) =>
  tx.updateTable('session').set({ confirmed_at: p.at }).where('id', '=', p.id),
)

/** No row when the password was changed meanwhile; hashes are salted, so each is one person's. */
export const replaceHash = prepareWrite((tx: Tx<MainSchema>, p: Params<{ hash: string; renewed: string }>) =>
  tx.updateTable('sign_in_method').set({ password: p.renewed }).where('password', '=', p.hash),
)
