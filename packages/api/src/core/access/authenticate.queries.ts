import type { MainSchema, Params, Reader, Tx } from '@steward/db'
import { prepare, prepareWrite } from '@steward/db'

export const findToken = prepare((db: Reader<MainSchema>, p: Params<{ hash: string }>) =>
  db
    .selectFrom('personal_access_token')
    .select(['id', 'user_id', 'hash', 'scopes', 'workspace_id', 'expires_at', 'previous_until', 'last_used_at'])
    .where('hash', '=', p.hash),
)

export const findRotatedToken = prepare((db: Reader<MainSchema>, p: Params<{ hash: string }>) =>
  db
    .selectFrom('personal_access_token')
    .select(['id', 'user_id', 'hash', 'scopes', 'workspace_id', 'expires_at', 'previous_until', 'last_used_at'])
    .where('previous_hash', '=', p.hash),
)

export const findBotKey = prepare((db: Reader<MainSchema>, p: Params<{ hash: string }>) =>
  db
    .selectFrom('bot_key as k')
    .innerJoin('bot as b', 'b.id', 'k.bot_id')
    .select(['k.id', 'k.bot_id', 'k.expires_at', 'k.last_used_at', 'b.workspace_id'])
    .where('k.hash', '=', p.hash),
)

export const touchToken = prepareWrite((tx: Tx<MainSchema>, p: Params<{ id: string; at: string }>) =>
  tx.updateTable('personal_access_token').set({ last_used_at: p.at }).where('id', '=', p.id),
)

export const touchBotKey = prepareWrite((tx: Tx<MainSchema>, p: Params<{ id: string; at: string }>) =>
  tx.updateTable('bot_key').set({ last_used_at: p.at }).where('id', '=', p.id),
)

export const tokenIsAlive = prepare((db: Reader<MainSchema>, p: Params<{ id: string; now: string }>) =>
  db
    .selectFrom('personal_access_token')
    .select(['id', 'scopes', 'workspace_id', 'hash', 'previous_hash', 'previous_until'])
    .where('id', '=', p.id)
    .where((eb) => eb.or([eb('expires_at', 'is', null), eb('expires_at', '>', p.now)])),
)

export const sessionIsAlive = prepare((db: Reader<MainSchema>, p: Params<{ id: string; now: string }>) =>
  db.selectFrom('session').select('id').where('id', '=', p.id).where('expires_at', '>', p.now),
)

export const botKeyIsAlive = prepare((db: Reader<MainSchema>, p: Params<{ id: string; now: string }>) =>
  db
    .selectFrom('bot_key')
    .select('id')
    .where('id', '=', p.id)
    .where((eb) => eb.or([eb('expires_at', 'is', null), eb('expires_at', '>', p.now)])),
)

export const sessionTimes = prepare((db: Reader<MainSchema>, p: Params<{ id: string }>) =>
  db.selectFrom('session').select(['created_at', 'confirmed_at']).where('id', '=', p.id),
)

export const secondFactorOf = prepare((db: Reader<MainSchema>, p: Params<{ userId: string; sessionId: string }>) =>
  db
    .selectFrom('user as u')
    .select((eb) => [
      'u.two_factor_enabled',
      eb
        .selectFrom('session as s')
        .select('s.second_factor')
        .where('s.id', '=', p.sessionId)
        .whereRef('s.user_id', '=', 'u.id')
        .as('by_provider'),
    ])
    .where('u.id', '=', p.userId),
)

export const providersOf = prepare((db: Reader<MainSchema>, p: Params<{ userId: string }>) =>
  db.selectFrom('sign_in_method').select('provider_id').where('user_id', '=', p.userId),
)
