import type { BotTable, MainSchema, Params, Reader, SigningSecretTable, Tx } from '@steward/db'
import { prepare, prepareWrite } from '@steward/db'
import type { Db, MainTx } from '../../core/context.ts'

/* The rows that hang on a bot: tags, secrets, the counter of its workspace, what is left when it goes. */

type Owner = Pick<BotTable, 'id' | 'workspace_id'>

const deleteTags = prepareWrite((tx: Tx<MainSchema>, p: Params<{ workspaceId: string; botId: string }>) =>
  tx.deleteFrom('bot_tag').where('bot_id', '=', p.botId).where('workspace_id', '=', p.workspaceId),
)

/** Makes `bot_tag` repeat the tags of the bot's row, for filtering. */
export async function replaceBotTags(tx: MainTx, bot: Owner, tags: Record<string, string>): Promise<void> {
  await deleteTags.run(tx, { workspaceId: bot.workspace_id, botId: bot.id })
  const rows = Object.entries(tags).map(([key, value]) => ({
    bot_id: bot.id,
    workspace_id: bot.workspace_id,
    key,
    value,
  }))
  if (rows.length > 0) await tx.insertInto('bot_tag').values(rows).execute()
}

const upsertSecret = prepareWrite((tx: Tx<MainSchema>, p: Params<{ botId: string; name: string; sealed: string }>) =>
  tx
    .insertInto('bot_secret')
    .values({ bot_id: p.botId, name: p.name, sealed: p.sealed })
    .onConflict((conflict) =>
      conflict.columns(['bot_id', 'name']).doUpdateSet((eb) => ({ sealed: eb.ref('excluded.sealed') })),
    ),
)

const deleteSecret = prepareWrite((tx: Tx<MainSchema>, p: Params<{ botId: string; name: string }>) =>
  tx.deleteFrom('bot_secret').where('bot_id', '=', p.botId).where('name', '=', p.name),
)

/** Writes sealed secrets and deletes others of a bot that the transaction has found in its workspace. */
export async function saveSecrets(
  tx: MainTx,
  botId: string,
  change: { sealed: readonly (readonly [name: string, sealed: string])[]; removed: readonly string[] },
): Promise<void> {
  for (const name of change.removed) await deleteSecret.run(tx, { botId, name })
  for (const [name, sealed] of change.sealed) await upsertSecret.run(tx, { botId, name, sealed })
}

const insertSigning = prepareWrite((tx: Tx<MainSchema>, p: Params<SigningSecretTable>) =>
  tx.insertInto('bot_signing_secret').values({
    id: p.id,
    bot_id: p.bot_id,
    sealed: p.sealed,
    created_at: p.created_at,
    expires_at: p.expires_at,
  }),
)

export async function insertSigningSecret(tx: MainTx, row: SigningSecretTable): Promise<void> {
  await insertSigning.run(tx, row)
}

const versionCode = prepare((db: Reader<MainSchema>, p: Params<{ botId: string }>) =>
  db
    .selectFrom('version')
    .select('code_blob')
    .distinct()
    .where('bot_id', '=', p.botId)
    .where('code_blob', 'is not', null),
)

/** The code that a bot and its versions name, each hash once. */
export async function codeHashesOf(tx: MainTx, bot: Pick<BotTable, 'id' | 'code_blob'>): Promise<string[]> {
  const rows = await versionCode.all(tx, { botId: bot.id })
  return [...new Set([bot.code_blob, ...rows.map((row) => row.code_blob)])].filter((hash) => hash !== null)
}

const deleteRow = prepareWrite((tx: Tx<MainSchema>, p: Params<{ workspaceId: string; botId: string }>) =>
  tx.deleteFrom('bot').where('id', '=', p.botId).where('workspace_id', '=', p.workspaceId),
)

/** Deletes a bot and, by the schema's cascades, all that hangs on it. */
export async function deleteBotRow(tx: MainTx, workspaceId: string, botId: string): Promise<void> {
  await deleteRow.run(tx, { workspaceId, botId })
}

/** Moves a bot and its tags; there it is open to all. */
export async function moveBotRow(
  tx: MainTx,
  workspaceId: string,
  to: { botId: string; workspaceId: string; now: string },
): Promise<void> {
  await tx
    .updateTable('bot')
    .set({ workspace_id: to.workspaceId, access: 'ALL_WORKSPACE_USERS', updated_at: to.now })
    .where('id', '=', to.botId)
    .where('workspace_id', '=', workspaceId)
    .execute()
  await tx.updateTable('bot_tag').set({ workspace_id: to.workspaceId }).where('bot_id', '=', to.botId).execute()
}

/** The code that bots of a workspace, and their versions, name. */
export async function codeHashesIn(db: Db, workspaceId: string): Promise<string[]> {
  const rows = await db
    .selectFrom('bot')
    .select('code_blob')
    .where('workspace_id', '=', workspaceId)
    .where('code_blob', 'is not', null)
    .union(
      db
        .selectFrom('version as v')
        .innerJoin('bot as b', 'b.id', 'v.bot_id')
        .select('v.code_blob')
        .where('b.workspace_id', '=', workspaceId)
        .where('v.code_blob', 'is not', null),
    )
    .execute()
  return rows.flatMap((row) => (row.code_blob === null ? [] : [row.code_blob])).toSorted()
}

export async function hasBots(db: Db, workspaceId: string): Promise<boolean> {
  return (await anyBot.first(db, { workspaceId })) !== undefined
}

const anyBot = prepare((db: Reader<MainSchema>, p: Params<{ workspaceId: string }>) =>
  db.selectFrom('bot').select('id').where('workspace_id', '=', p.workspaceId).limit(1),
)

const deleteEndedSecrets = prepareWrite((tx: Tx<MainSchema>, p: Params<{ botId: string; now: string }>) =>
  tx.deleteFrom('bot_signing_secret').where('bot_id', '=', p.botId).where('expires_at', '<=', p.now),
)

const endSigningSecrets = prepareWrite((tx: Tx<MainSchema>, p: Params<{ botId: string; until: string }>) =>
  tx
    .updateTable('bot_signing_secret')
    .set({ expires_at: p.until })
    .where('bot_id', '=', p.botId)
    .where('expires_at', 'is', null),
)

const signingSecretIds = prepare((db: Reader<MainSchema>, p: Params<{ botId: string }>) =>
  db
    .selectFrom('bot_signing_secret')
    .select('id')
    .where('bot_id', '=', p.botId)
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc'),
)

const deleteSigningSecret = prepareWrite((tx: Tx<MainSchema>, p: Params<{ botId: string; id: string }>) =>
  tx.deleteFrom('bot_signing_secret').where('bot_id', '=', p.botId).where('id', '=', p.id),
)

/** Gives the current secret an end, and deletes what has ended and all but the newest `keep`. */
export async function retireSigningSecrets(
  tx: MainTx,
  botId: string,
  { now, until, keep }: { now: string; until: string; keep: number },
): Promise<void> {
  await deleteEndedSecrets.run(tx, { botId, now })
  await endSigningSecrets.run(tx, { botId, until })
  for (const { id } of (await signingSecretIds.all(tx, { botId })).slice(keep))
    await deleteSigningSecret.run(tx, { botId, id })
}

/** Bots of a workspace that are counted: those for production. */
export function countProductionBots(db: Db, workspaceId: string): Promise<{ botId: null; count: number }[]> {
  return countBotsWhere(db, { workspaceId })
}

export function countAlwaysAlive(db: Db, workspaceId: string): Promise<{ botId: null; count: number }[]> {
  return countBotsWhere(db, { workspaceId, alive: true })
}

async function countBotsWhere(
  db: Db,
  of: { workspaceId: string; alive?: true },
): Promise<{ botId: null; count: number }[]> {
  const { count } = await db
    .selectFrom('bot')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('workspace_id', '=', of.workspaceId)
    .where('dev', '=', 0)
    .$if(of.alive === true, (query) => query.where('always_alive', '=', 1))
    .executeTakeFirstOrThrow()
  return [{ botId: null, count }]
}
