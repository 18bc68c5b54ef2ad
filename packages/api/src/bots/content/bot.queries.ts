import type { WholeBot } from './bot.context.ts'
import type { BotTable, MainSchema, Params, Reader, Tx } from '@steward/db'
import { fromFlag, fromJson, prepare, prepareWrite } from '@steward/db'
import type { Db, MainTx } from '../../core/context.ts'
import { documentOf } from './bot.document.ts'
import type { Bot, BotStatus, BotSummary, BotType } from './bot.schema.ts'

/** What reads show in place of a signing secret; its value is shown once, where it is made. */
export const maskedSecret = '********'

export type BotRow = WholeBot

/** The columns of a summary, never the definition document, and what its list is ordered by. */
export interface BotSummaryRow extends Pick<
  BotTable,
  'id' | 'name' | 'type' | 'tags' | 'created_at' | 'updated_at' | 'deployed_at'
> {
  sort_key: string
}

export interface BotView {
  /** In the clear only in the answer that made it. */
  signingSecret?: string
  /** Whether `integrations` is keyed by alias; otherwise by integration id, the oldest instance of each. */
  multipleIntegrations?: boolean | undefined
}

/** A row as the contract shows it. Every map is there, empty ones too (reference 7.3). */
export function toBot(row: BotRow, view: BotView = {}): Bot {
  const document = documentOf(row)
  return {
    id: row.id,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    signingSecret: view.signingSecret ?? maskedSecret,
    ...document,
    integrations: view.multipleIntegrations ? document.integrations : byIntegration(document.integrations),
    tags: fromJson<Record<string, string>>(row.tags),
    name: row.name,
    dev: fromFlag(row.dev),
    secrets: secretNamesOf(row),
    alwaysAlive: fromFlag(row.always_alive),
    status: row.status as BotStatus,
    type: row.type as BotType,
    ...(row.max_execution_time === null ? {} : { maxExecutionTime: row.max_execution_time }),
    ...(row.description === '' ? {} : { description: row.description }),
    ...(row.deployed_at === null ? {} : { deployedAt: row.deployed_at }),
    ...(row.created_by === null ? {} : { createdBy: row.created_by }),
  }
}

/** The names of a bot's secrets, sorted alike on both engines. */
export function secretNamesOf(row: Pick<BotRow, 'secret_names'>): string[] {
  return row.secret_names === null ? [] : row.secret_names.split(',').toSorted()
}

function byIntegration(byAlias: Bot['integrations']): Bot['integrations'] {
  const instances = Object.values(byAlias)
  if (instances.length === 0) return byAlias
  const oldestFirst = instances.toSorted((a, b) => (a.createdAt < b.createdAt ? -1 : 1))
  return Object.fromEntries(oldestFirst.toReversed().map((instance) => [instance.id, instance]))
}

export function toBotSummary(row: BotSummaryRow): BotSummary {
  return {
    id: row.id,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    name: row.name,
    tags: fromJson<Record<string, string>>(row.tags),
    type: row.type as BotType,
    ...(row.deployed_at === null ? {} : { deployedAt: row.deployed_at }),
  }
}

const botById = prepare((db: Reader<MainSchema>, p: Params<{ workspaceId: string; botId: string }>) =>
  db
    .selectFrom('bot as b')
    .selectAll('b')
    .select((eb) =>
      eb
        .selectFrom('bot_secret as s')
        .select((agg) => agg.fn.agg<string | null>('string_agg', ['s.name', agg.val(',')]).as('names'))
        .whereRef('s.bot_id', '=', 'b.id')
        .as('secret_names'),
    )
    .where('b.id', '=', p.botId)
    .where('b.workspace_id', '=', p.workspaceId),
)

/** One bot of a workspace with the names of its secrets, in one statement. */
export function findBot(db: Db, workspaceId: string, botId: string): Promise<BotRow | undefined> {
  return botById.first(db, { workspaceId, botId })
}

const insertRow = prepareWrite((tx: Tx<MainSchema>, p: Params<BotTable>) =>
  tx.insertInto('bot').values({
    id: p.id,
    workspace_id: p.workspace_id,
    name: p.name,
    description: p.description,
    type: p.type,
    status: p.status,
    dev: p.dev,
    always_alive: p.always_alive,
    blocked: p.blocked,
    url: p.url,
    authentication: p.authentication,
    max_execution_time: p.max_execution_time,
    access: p.access,
    tags: p.tags,
    document: p.document,
    code_blob: p.code_blob,
    current_version_id: p.current_version_id,
    created_by: p.created_by,
    created_at: p.created_at,
    updated_at: p.updated_at,
    deployed_at: p.deployed_at,
  }),
)

/** Inserts a bot; its tags, secrets and signing secret are rows of their own. */
export async function insertBot(tx: MainTx, row: BotTable): Promise<void> {
  await insertRow.run(tx, row)
}

const updateRow = prepareWrite((tx: Tx<MainSchema>, p: Params<Omit<BotTable, 'dev' | 'created_by' | 'created_at'>>) =>
  tx
    .updateTable('bot')
    .set({
      name: p.name,
      description: p.description,
      type: p.type,
      status: p.status,
      always_alive: p.always_alive,
      blocked: p.blocked,
      url: p.url,
      authentication: p.authentication,
      max_execution_time: p.max_execution_time,
      access: p.access,
      tags: p.tags,
      document: p.document,
      code_blob: p.code_blob,
      current_version_id: p.current_version_id,
      updated_at: p.updated_at,
      deployed_at: p.deployed_at,
    })
    .where('id', '=', p.id)
    .where('workspace_id', '=', p.workspace_id),
)

/**
 * Writes every changeable column of a bot from its row: read it with `findBot` in the same transaction, change the
 * copy, hand it here. `bot_tag` is written apart (`replaceBotTags`).
 */
export async function updateBotRow(tx: MainTx, row: BotTable): Promise<void> {
  await updateRow.run(tx, row)
}

type Access = 'ALL_WORKSPACE_USERS' | 'SELECTED_USERS'

const updateAccess = prepareWrite(
  (tx: Tx<MainSchema>, p: Params<{ workspaceId: string; botId: string; access: Access; now: string }>) =>
    tx
      .updateTable('bot')
      .set({ access: p.access, updated_at: p.now })
      .where('id', '=', p.botId)
      .where('workspace_id', '=', p.workspaceId),
)

export async function setBotAccess(
  tx: MainTx,
  workspaceId: string,
  change: { botId: string; access: Access; now: string },
): Promise<void> {
  await updateAccess.run(tx, { workspaceId, ...change })
}
