import type { DeploymentTable, MainSchema, Params, Reader, Tx, VersionTable } from '@steward/db'
import { before, prepare, prepareWrite } from '@steward/db'
import type { Db, MainTx } from '../../core/context.ts'
import type { Page } from '../../core/page.ts'
import type { BotVersion, Deployment, ListedVersion, VersionDetails } from './version.schema.ts'

/*
 * Versions have no workspace of their own: a `botId` here is one that `authorize` found in the workspace, or is joined
 * with the workspace.
 */

export type VersionRow = VersionTable
export type VersionNameRow = Pick<VersionTable, 'id' | 'name' | 'description'>
export type ListedRow = VersionNameRow &
  Pick<VersionTable, 'author_id' | 'created_at'> & { current_version_id: string | null }
export type DeploymentRow = DeploymentTable & { version_name: string }

export function toVersion(row: VersionNameRow): BotVersion {
  return { id: row.id, name: row.name, ...(row.description === '' ? {} : { description: row.description }) }
}

export function toListedVersion(row: ListedRow): ListedVersion {
  return {
    ...toVersion(row),
    ...(row.author_id !== null && { authorId: row.author_id }),
    createdAt: row.created_at,
    current: row.id === row.current_version_id,
  }
}

export function toVersionDetails(
  row: VersionRow,
  at: Pick<VersionDetails, 'codeSize' | 'current' | 'beforeId'>,
): VersionDetails {
  return {
    id: row.id,
    botId: row.bot_id,
    name: row.name,
    description: row.description,
    note: row.note,
    authorId: row.author_id,
    createdAt: row.created_at,
    contentHash: row.content_hash,
    parentId: row.parent_id,
    beforeId: at.beforeId,
    codeHash: row.code_blob,
    codeSize: at.codeSize,
    documentSize: Buffer.byteLength(row.document),
    current: at.current,
  }
}

export function toDeployment(row: DeploymentRow): Deployment {
  return {
    id: row.id,
    versionId: row.version_id,
    versionName: row.version_name,
    previousVersionId: row.previous_version_id,
    kind: row.kind,
    note: row.note,
    deployedBy: row.deployed_by,
    at: row.at,
  }
}

const allOfBot = prepare((db: Reader<MainSchema>, p: Params<{ botId: string }>) =>
  db
    .selectFrom('version as v')
    .innerJoin('bot as b', 'b.id', 'v.bot_id')
    .select(['v.id', 'v.name', 'v.description', 'v.author_id', 'v.created_at', 'b.current_version_id'])
    .where('v.bot_id', '=', p.botId)
    .orderBy('v.created_at', 'desc')
    .orderBy('v.id', 'desc'),
)

/** All versions of a bot, newest first. */
export function versionRows(db: Db, botId: string): Promise<ListedRow[]> {
  return allOfBot.all(db, { botId })
}

const versionOfBot = prepare((db: Reader<MainSchema>, p: Params<{ botId: string; versionId: string }>) =>
  db.selectFrom('version').selectAll().where('id', '=', p.versionId).where('bot_id', '=', p.botId),
)

export function findVersion(db: Db, botId: string, versionId: string): Promise<VersionRow | undefined> {
  return versionOfBot.first(db, { botId, versionId })
}

const newestTime = prepare((db: Reader<MainSchema>, p: Params<{ botId: string }>) =>
  db
    .selectFrom('version')
    .select((eb) => eb.fn.max('created_at').as('time'))
    .where('bot_id', '=', p.botId),
)

/** When the newest version was saved; null without any. */
export async function newestVersionTime(db: Db, botId: string): Promise<string | null> {
  return (await newestTime.first(db, { botId }))?.time ?? null
}

const newestDeployment = prepare((db: Reader<MainSchema>, p: Params<{ botId: string }>) =>
  db
    .selectFrom('deployment')
    .select((eb) => eb.fn.max('at').as('time'))
    .where('bot_id', '=', p.botId),
)

/** When the last deployment was; null without any. */
export async function lastDeploymentTime(db: Db, botId: string): Promise<string | null> {
  return (await newestDeployment.first(db, { botId }))?.time ?? null
}

const newestOfBot = prepare((db: Reader<MainSchema>, p: Params<{ botId: string }>) =>
  db
    .selectFrom('version')
    .select(['id', 'name', 'description', 'note', 'content_hash'])
    .where('bot_id', '=', p.botId)
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(1),
)

export function newestVersion(
  db: Db,
  botId: string,
): Promise<(VersionNameRow & Pick<VersionRow, 'note' | 'content_hash'>) | undefined> {
  return newestOfBot.first(db, { botId })
}

const idsByContent = prepare((db: Reader<MainSchema>, p: Params<{ botId: string; hash: string }>) =>
  db
    .selectFrom('version')
    .select('id')
    .where('bot_id', '=', p.botId)
    .where('content_hash', '=', p.hash)
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc'),
)

/** The versions of a bot with this content, newest first. */
export async function versionsWithContent(db: Db, botId: string, hash: string): Promise<string[]> {
  return (await idsByContent.all(db, { botId, hash })).map((row) => row.id)
}

const countOfBot = prepare((db: Reader<MainSchema>, p: Params<{ botId: string }>) =>
  db
    .selectFrom('version')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('bot_id', '=', p.botId),
)

export async function countVersions(db: Db, botId: string): Promise<number> {
  return (await countOfBot.first(db, { botId }))?.count ?? 0
}

const inWorkspace = prepare((db: Reader<MainSchema>, p: Params<{ workspaceId: string; versionId: string }>) =>
  db
    .selectFrom('version as v')
    .innerJoin('bot as b', 'b.id', 'v.bot_id')
    .select('v.bot_id')
    .where('v.id', '=', p.versionId)
    .where('b.workspace_id', '=', p.workspaceId),
)

/** The bot of a version, if it is one of the workspace's. */
export async function botOfVersion(db: Db, workspaceId: string, versionId: string): Promise<string | null> {
  return (await inWorkspace.first(db, { workspaceId, versionId }))?.bot_id ?? null
}

const withBotName = prepare((db: Reader<MainSchema>, p: Params<{ versionId: string }>) =>
  db
    .selectFrom('version as v')
    .innerJoin('bot as b', 'b.id', 'v.bot_id')
    .selectAll('v')
    .select('b.name as bot_name')
    .where('v.id', '=', p.versionId),
)

/** For the holder of a signed link, which names the version and needs no workspace. */
export function findLinkedVersion(db: Db, versionId: string): Promise<(VersionRow & { bot_name: string }) | undefined> {
  return withBotName.first(db, { versionId })
}

const presentContent = prepare((db: Reader<MainSchema>, p: Params<{ botId: string }>) =>
  db.selectFrom('bot').select(['id', 'name', 'document', 'code_blob', 'current_version_id']).where('id', '=', p.botId),
)

/** What the bot's row holds at this point of the transaction. */
export function findContent(db: Db, botId: string) {
  return presentContent.first(db, { botId })
}

const insertVersionRow = prepareWrite((tx: Tx<MainSchema>, p: Params<VersionTable>) =>
  tx.insertInto('version').values({
    id: p.id,
    bot_id: p.bot_id,
    name: p.name,
    description: p.description,
    note: p.note,
    content_hash: p.content_hash,
    document: p.document,
    code_blob: p.code_blob,
    parent_id: p.parent_id,
    author_id: p.author_id,
    created_at: p.created_at,
  }),
)

export async function insertVersion(tx: MainTx, row: VersionTable): Promise<void> {
  await insertVersionRow.run(tx, row)
}

const insertDeploymentRow = prepareWrite((tx: Tx<MainSchema>, p: Params<DeploymentTable>) =>
  tx.insertInto('deployment').values({
    id: p.id,
    bot_id: p.bot_id,
    version_id: p.version_id,
    previous_version_id: p.previous_version_id,
    kind: p.kind,
    note: p.note,
    deployed_by: p.deployed_by,
    at: p.at,
  }),
)

export async function insertDeployment(tx: MainTx, row: DeploymentTable): Promise<void> {
  await insertDeploymentRow.run(tx, row)
}

/** A page of a bot's deployments, newest first, with one row more than the page holds. */
export function deploymentRows(db: Db, botId: string, page: Pick<Page, 'limit' | 'after'>): Promise<DeploymentRow[]> {
  const last = page.after
  return db
    .selectFrom('deployment as d')
    .innerJoin('version as v', 'v.id', 'd.version_id')
    .selectAll('d')
    .select('v.name as version_name')
    .where('d.bot_id', '=', botId)
    .$if(last !== null, (query) =>
      query.where((eb) => before([eb.ref('d.at'), last?.[0]], [eb.ref('d.id'), last?.[1]])),
    )
    .orderBy('d.at', 'desc')
    .orderBy('d.id', 'desc')
    .limit(page.limit + 1)
    .execute()
}

export async function lastDeployment(db: Db, botId: string): Promise<DeploymentRow | undefined> {
  return (await deploymentRows(db, botId, { limit: 0, after: null }))[0]
}
