import type { MainSchema, Params, Reader, Tx } from '@steward/db'
import { prepare, prepareKept, prepareWrite } from '@steward/db'
import type { Db, MainTx } from '../../core/context.ts'

export type TokenRow = MainSchema['personal_access_token']

export function listTokens(db: Db, userId: string) {
  return db
    .selectFrom('personal_access_token')
    .selectAll()
    .where('user_id', '=', userId)
    .orderBy('created_at')
    .orderBy('id')
    .execute()
}

export function findToken(db: Db, userId: string, id: string) {
  return db
    .selectFrom('personal_access_token')
    .selectAll()
    .where('user_id', '=', userId)
    .where('id', '=', id)
    .executeTakeFirst()
}

export async function insertToken(tx: MainTx, row: TokenRow): Promise<void> {
  await tx.insertInto('personal_access_token').values(row).execute()
}

export async function replaceTokenHash(
  tx: MainTx,
  id: string,
  hashes: Pick<TokenRow, 'hash' | 'previous_hash' | 'previous_until'>,
): Promise<void> {
  await tx.updateTable('personal_access_token').set(hashes).where('id', '=', id).execute()
}

export async function deleteToken(tx: MainTx, userId: string, id: string): Promise<boolean> {
  const result = await tx
    .deleteFrom('personal_access_token')
    .where('user_id', '=', userId)
    .where('id', '=', id)
    .executeTakeFirst()
  return result.numDeletedRows > 0n
}

export async function isMember(db: Db, userId: string, workspaceId: string): Promise<boolean> {
  const row = await db
    .selectFrom('member')
    .select('id')
    .where('workspace_id', '=', workspaceId)
    .where('user_id', '=', userId)
    .executeTakeFirst()
  return row !== undefined
}

/** Deletes the tokens that carry this note. @returns their ids. */
export async function deleteTokensNoted(tx: MainTx, userId: string, note: string): Promise<string[]> {
  const rows = await tx
    .deleteFrom('personal_access_token')
    .where('user_id', '=', userId)
    .where('note', '=', note)
    .returning('id')
    .execute()
  return rows.map((row) => row.id)
}

// What every call with a token asks

export const findTokenByHash = prepareKept((db: Reader<MainSchema>, p: Params<{ hash: string }>) =>
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

export const tokenIsAlive = prepare((db: Reader<MainSchema>, p: Params<{ id: string; now: string }>) =>
  db
    .selectFrom('personal_access_token')
    .select(['id', 'scopes', 'workspace_id', 'hash', 'previous_hash', 'previous_until'])
    .where('id', '=', p.id)
    .where((eb) => eb.or([eb('expires_at', 'is', null), eb('expires_at', '>', p.now)])),
)

export const lastUseOfToken = prepare((db: Reader<MainSchema>, p: Params<{ id: string }>) =>
  db.selectFrom('personal_access_token').select('last_used_at').where('id', '=', p.id),
)

export const touchToken = prepareWrite((tx: Tx<MainSchema>, p: Params<{ id: string; at: string }>) =>
  tx.updateTable('personal_access_token').set({ last_used_at: p.at }).where('id', '=', p.id),
)

/** Revokes the person's tokens that are good for this workspace only. @returns their ids. */
export async function deleteTokensBoundTo(tx: MainTx, workspaceId: string, userId: string): Promise<string[]> {
  const rows = await tx
    .deleteFrom('personal_access_token')
    .where('user_id', '=', userId)
    .where('workspace_id', '=', workspaceId)
    .returning('id')
    .execute()
  return rows.map((row) => row.id)
}
