import { countBots } from '../../people/workspace/workspace.service.ts'
import type { BotContext } from '../content/bot.context.ts'
import type { BotTable } from '@steward/db'
import { toFlag, toJson } from '@steward/db'
import { withBlob } from '../../core/blob/blob-write.ts'
import { iso } from '../../core/clock.ts'
import type { Db, WorkspaceContext } from '../../core/context.ts'
import { actingUser } from '../../core/context.ts'
import { notFound } from '../../core/errors.ts'
import { closePage, openPage } from '../../core/page.ts'
import { read } from '../../core/write/read.ts'
import { write } from '../../core/write/write.ts'
import { recordDeployment } from '../version/version-deploy.service.ts'
import { listBotRows } from './bot-list.queries.ts'
import { insertSigningSecret, replaceBotTags, saveSecrets } from '../content/bot-parts.queries.ts'
import { auditBirth } from '../content/bot.audit.ts'
import { documentText, emptyDocument } from '../content/bot.document.ts'
import { makeBotName } from './bot.name.ts'
import { patchDocument, patchTags } from '../content/bot.patch.ts'
import type { BotRow } from '../content/bot.queries.ts'
import { findBot, insertBot, toBot, toBotSummary, updateBotRow } from '../content/bot.queries.ts'
import { checkInput, checkResult } from '../content/bot.rules.ts'
import type {
  CreateBotInput,
  CreateBotOutput,
  GetBotInput,
  ListBotsInput,
  ListBotsOutput,
  UpdateBotInput,
} from '../content/bot.schema.ts'
import { mintSigningSecret, secretPurpose, signingPurpose } from './bot.secrets.ts'

/**
 * The bot of the context, as the transaction or reader sees it.
 * @throws ResourceNotFound when it is gone or has left the workspace meanwhile.
 */
export async function requireBot(db: Db, ctx: BotContext): Promise<BotRow> {
  const row = await findBot(db, ctx.workspaceId, ctx.botId)
  if (!row) throw notFound('bot', ctx.botId)
  return row
}

/** What a bot adds to the always-alive bots of its workspace: dev bots are not counted. */
export function aliveCount({ dev, always_alive }: Pick<BotTable, 'dev' | 'always_alive'>): 0 | 1 {
  return dev === 0 ? always_alive : 0
}

/** Seals new values of a bot's secrets. */
export function sealSecrets(
  ctx: WorkspaceContext | BotContext,
  botId: string,
  values: readonly (readonly [name: string, value: string])[],
): (readonly [name: string, sealed: string])[] {
  return values.map(([name, value]) => [name, ctx.app.keys.seal(value, secretPurpose(botId, name))])
}

/**
 * Creates a bot; the one answer that shows its signing secret. Code makes it deployed at once. Dev bots are not counted.
 * @throws InvalidIdentifier, InvalidJsonSchema, InvalidDataFormat, InvalidPayload, LimitExceeded, QuotaExceeded.
 */
export async function createBot(ctx: WorkspaceContext, input: CreateBotInput): Promise<CreateBotOutput> {
  const { app, workspaceId } = ctx
  const { bare, tags } = await newBot(ctx, input)
  const signingSecret = mintSigningSecret(app.ids)
  const signing = {
    id: app.ids.make('signingSecret'),
    bot_id: bare.id,
    sealed: app.keys.seal(signingSecret, signingPurpose(bare.id)),
    created_at: bare.created_at,
    expires_at: null,
  }
  const sealed = sealSecrets(ctx, bare.id, Object.entries(input.secrets ?? {}))
  const view = { signingSecret, multipleIntegrations: input.multipleIntegrations }
  return withBlob(ctx, input.code ?? null, (code) => {
    const row = code ? { ...bare, code_blob: code.hash, deployed_at: bare.created_at } : bare
    return write(ctx, 'CREATE_BOT', async (tx) => {
      await insertBot(tx, row)
      await replaceBotTags(tx, row, tags)
      await saveSecrets(tx, row.id, { sealed, removed: [] })
      await insertSigningSecret(tx, signing)
      const deployed = code ? await recordDeployment(tx, ctx, { bot: row, kind: 'update' }) : null
      if (deployed) await updateBotRow(tx, { ...row, current_version_id: deployed.versionId })
      if (row.dev === 0) await countBots(tx, workspaceId, 1)
      return {
        answer: { bot: toBot(row, view) },
        changes: [{ type: 'bot', id: row.id }, ...(deployed?.changes ?? [])],
        audit: { type: 'bot', id: row.id, name: row.name, ...auditBirth(row, input) },
      }
    })
  })
}

/** The row of a new bot, checked, without its code, and its tags. */
async function newBot(
  ctx: WorkspaceContext,
  input: CreateBotInput,
): Promise<{ bare: BotRow; tags: Record<string, string> }> {
  const { app } = ctx
  await checkInput(input)
  const now = iso(app.clock.now())
  const patched = patchDocument(emptyDocument(), asPatch(input), { now })
  // A patch with no events changes nothing; a new bot that names none listens to none.
  const document = input.subscriptions ? { ...patched, subscriptions: input.subscriptions } : patched
  const tags = patchTags({}, input.tags)
  const secrets = Object.keys(input.secrets ?? {})
  checkResult(input, { document, tags, secrets })
  const columns: BotTable = {
    id: app.ids.make(input.dev ? 'devBot' : 'bot'),
    workspace_id: ctx.workspaceId,
    name: input.name ?? makeBotName(app.ids),
    description: input.description ?? '',
    type: input.type ?? 'studio',
    status: 'active',
    dev: toFlag(input.dev ?? false),
    always_alive: 0,
    blocked: 0,
    url: input.url ?? null,
    authentication: null,
    max_execution_time: input.maxExecutionTime ?? null,
    access: 'ALL_WORKSPACE_USERS',
    tags: toJson(tags),
    document: documentText(document),
    code_blob: null,
    current_version_id: null,
    created_by: actingUser(ctx),
    created_at: now,
    updated_at: now,
    deployed_at: null,
  }
  return { bare: { ...columns, secret_names: secrets.length > 0 ? secrets.join(',') : null }, tags }
}

/** A new bot is an empty one, patched. */
function asPatch(input: CreateBotInput): UpdateBotInput {
  const { workspaceId, states, events, recurringEvents, subscriptions, actions, configuration } = input
  const { user, conversation, message, medias } = input
  const definitions = { states, events, recurringEvents, subscriptions, actions }
  return { workspaceId, id: '', ...definitions, configuration, user, conversation, message, medias }
}

/**
 * One page of a workspace's bots, production bots unless `dev`. Bots open to selected people only are left out for
 * members below administrator who are not among them.
 */
export async function listBots(ctx: WorkspaceContext, input: ListBotsInput): Promise<ListBotsOutput> {
  const { dev = false, tags = {}, integrationNames, pluginNames, search, type, deployed } = input
  const { sortField = 'createdAt', sortDirection = 'desc' } = input
  const filters = { dev, tags, integrationNames, pluginNames, search, type, deployed, sortField, sortDirection }
  const page = openPage(input, ['bots', ctx.workspaceId, filters])
  // Nothing can be installed before there is a catalogue, so no bot has any of the named.
  if (integrationNames?.length || pluginNames?.length) return { bots: [], meta: {} }
  const seesAll = ctx.role === 'administrator' || ctx.role === 'owner' || ctx.role === 'system'
  const rows = await read(ctx, (db) =>
    listBotRows(db, ctx.workspaceId, {
      dev,
      tags: Object.entries(tags),
      visibleTo: seesAll ? null : (actingUser(ctx) ?? ''),
      search: search || null,
      type: type ?? null,
      deployed: deployed ?? null,
      sort: sortField,
      descending: sortDirection === 'desc',
      after: page.after,
      limit: page.limit + 1,
    }),
  )
  const closed = closePage(rows, page, (row) => [row.sort_key, row.id])
  return { bots: closed.rows.map(toBotSummary), meta: closed.meta }
}

/** One bot, whole, its signing secret masked. */
export async function getBot(ctx: BotContext, input: GetBotInput): Promise<CreateBotOutput> {
  const row = ctx.botRow ?? (await read(ctx, (db) => requireBot(db, ctx)))
  return { bot: toBot(row, { multipleIntegrations: input.multipleIntegrations }) }
}
