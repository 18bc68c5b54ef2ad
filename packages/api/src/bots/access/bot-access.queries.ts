import type { BotKeyTable, MainSchema, Params, Reader, Tx } from '@steward/db'
import { prepare, prepareKept, prepareWrite } from '@steward/db'
import type { Db, MainTx } from '../../core/context.ts'
import type { ApiKeySummary } from '../../core/shapes.schema.ts'

/* Keys, allowlist and signing secrets of a bot; a `botId` here is one that `authorize` found in its workspace. */

export type BotKeyRow = Pick<BotKeyTable, 'id' | 'note' | 'created_at'>

export function toBotKey(row: BotKeyRow): ApiKeySummary {
  return { id: row.id, createdAt: row.created_at, note: row.note }
}

const keysOfBot = prepare((db: Reader<MainSchema>, p: Params<{ botId: string }>) =>
  db
    .selectFrom('bot_key')
    .select(['id', 'note', 'created_at'])
    .where('bot_id', '=', p.botId)
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc'),
)

/** All keys of a bot, newest first. */
export function botKeyRows(db: Db, botId: string): Promise<BotKeyRow[]> {
  return keysOfBot.all(db, { botId })
}

const insertKeyRow = prepareWrite((tx: Tx<MainSchema>, p: Params<BotKeyTable>) =>
  tx.insertInto('bot_key').values({
    id: p.id,
    bot_id: p.bot_id,
    note: p.note,
    hash: p.hash,
    created_by: p.created_by,
    created_at: p.created_at,
    expires_at: p.expires_at,
    last_used_at: p.last_used_at,
  }),
)

export async function insertBotKey(tx: MainTx, row: BotKeyTable): Promise<void> {
  await insertKeyRow.run(tx, row)
}

const deleteKeyRow = prepareWrite((tx: Tx<MainSchema>, p: Params<{ botId: string; keyId: string }>) =>
  tx.deleteFrom('bot_key').where('id', '=', p.keyId).where('bot_id', '=', p.botId).returning('note'),
)

/** Deletes a key of the bot; answers its note, or undefined when there is no such key. */
export function deleteBotKeyRow(tx: MainTx, botId: string, keyId: string): Promise<{ note: string } | undefined> {
  return deleteKeyRow.first(tx, { botId, keyId })
}

const accessOfBot = prepare((db: Reader<MainSchema>, p: Params<{ workspaceId: string; botId: string }>) =>
  db
    .selectFrom('bot')
    .select(['name', 'access', 'updated_at'])
    .where('id', '=', p.botId)
    .where('workspace_id', '=', p.workspaceId),
)

export function findBotAccess(db: Db, workspaceId: string, botId: string) {
  return accessOfBot.first(db, { workspaceId, botId })
}

const listedMembers = prepare((db: Reader<MainSchema>, p: Params<{ workspaceId: string; botId: string }>) =>
  db
    .selectFrom('bot_access as a')
    .innerJoin('member as m', 'm.user_id', 'a.user_id')
    .select('a.user_id')
    .where('a.bot_id', '=', p.botId)
    .where('m.workspace_id', '=', p.workspaceId)
    .orderBy('a.user_id'),
)

/** The people on a bot's allowlist who are members of its workspace: whoever left is no longer on it. */
export async function listedPeople(db: Db, workspaceId: string, botId: string): Promise<string[]> {
  return (await listedMembers.all(db, { workspaceId, botId })).map((row) => row.user_id)
}

const memberOfPerson = prepare((db: Reader<MainSchema>, p: Params<{ workspaceId: string; userId: string }>) =>
  db.selectFrom('member').select('id').where('workspace_id', '=', p.workspaceId).where('user_id', '=', p.userId),
)

export async function isMember(db: Db, workspaceId: string, userId: string): Promise<boolean> {
  return (await memberOfPerson.first(db, { workspaceId, userId })) !== undefined
}

const listPerson = prepareWrite((tx: Tx<MainSchema>, p: Params<{ botId: string; userId: string }>) =>
  tx
    .insertInto('bot_access')
    .values({ bot_id: p.botId, user_id: p.userId })
    .onConflict((conflict) => conflict.columns(['bot_id', 'user_id']).doNothing()),
)

const unlistPerson = prepareWrite((tx: Tx<MainSchema>, p: Params<{ botId: string; userId: string }>) =>
  tx.deleteFrom('bot_access').where('bot_id', '=', p.botId).where('user_id', '=', p.userId),
)

/** Puts a person on the bot's allowlist or takes them off; resolves to whether that changed anything. */
export async function setListed(
  tx: MainTx,
  botId: string,
  { userId, listed }: { userId: string; listed: boolean },
): Promise<boolean> {
  return (await (listed ? listPerson : unlistPerson).run(tx, { botId, userId })) > 0
}

// What every call with a key of a bot asks

export const findBotKey = prepareKept((db: Reader<MainSchema>, p: Params<{ hash: string }>) =>
  db
    .selectFrom('bot_key as k')
    .innerJoin('bot as b', 'b.id', 'k.bot_id')
    .select(['k.id', 'k.bot_id', 'k.expires_at', 'k.last_used_at', 'b.workspace_id'])
    .where('k.hash', '=', p.hash),
)

export const botKeyIsAlive = prepare((db: Reader<MainSchema>, p: Params<{ id: string; now: string }>) =>
  db
    .selectFrom('bot_key')
    .select('id')
    .where('id', '=', p.id)
    .where((eb) => eb.or([eb('expires_at', 'is', null), eb('expires_at', '>', p.now)])),
)

export const lastUseOfBotKey = prepare((db: Reader<MainSchema>, p: Params<{ id: string }>) =>
  db.selectFrom('bot_key').select('last_used_at').where('id', '=', p.id),
)

export const touchBotKey = prepareWrite((tx: Tx<MainSchema>, p: Params<{ id: string; at: string }>) =>
  tx.updateTable('bot_key').set({ last_used_at: p.at }).where('id', '=', p.id),
)

export const botKeyMaker = prepare((db: Reader<MainSchema>, p: Params<{ id: string }>) =>
  db.selectFrom('bot_key').select('created_by').where('id', '=', p.id),
)

/** Takes the person off the allowlist of every bot of the workspace. @returns the bots they were on. */
export async function unlistIn(
  tx: MainTx,
  { workspaceId, userId }: { workspaceId: string; userId: string },
): Promise<string[]> {
  const rows = await tx
    .deleteFrom('bot_access')
    .where('user_id', '=', userId)
    .where('bot_id', 'in', (eb) => eb.selectFrom('bot').select('id').where('workspace_id', '=', workspaceId))
    .returning('bot_id')
    .execute()
  return rows.map((row) => row.bot_id)
}

export async function unlistEverywhere(tx: MainTx, userId: string): Promise<void> {
  await tx.deleteFrom('bot_access').where('user_id', '=', userId).execute()
}

/** Of those on the bot's allowlist only members of the workspace stay. */
export async function keepListedMembers(
  tx: MainTx,
  { botId, workspaceId }: { botId: string; workspaceId: string },
): Promise<void> {
  await tx
    .deleteFrom('bot_access')
    .where('bot_id', '=', botId)
    .where('user_id', 'not in', (eb) =>
      eb
        .selectFrom('member')
        .select('user_id')
        .$narrowType<{ user_id: string }>()
        .where('workspace_id', '=', workspaceId)
        .where('user_id', 'is not', null),
    )
    .execute()
}

/** Keys of the bots of a workspace, by bot. */
export function countKeys(db: Db, workspaceId: string): Promise<{ botId: string; count: number }[]> {
  return db
    .selectFrom('bot_key as k')
    .innerJoin('bot as b', 'b.id', 'k.bot_id')
    .select((eb) => ['k.bot_id as botId', eb.fn.countAll<number>().as('count')])
    .where('b.workspace_id', '=', workspaceId)
    .groupBy('k.bot_id')
    .execute()
}
