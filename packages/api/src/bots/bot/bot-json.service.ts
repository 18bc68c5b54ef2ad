import type { BotContext } from '../content/bot.context.ts'
import type { Db } from '../../core/context.ts'
import type { OpenBlob } from '../../core/blob/blob.ts'
import { decodePieces } from '../../core/blob/blob-bytes.ts'
import { withBlob } from '../../core/blob/blob-write.ts'
import { iso, notBefore } from '../../core/clock.ts'
import { ApiError, notFound } from '../../core/errors.ts'
import { LongText, longTextFrom } from '../../core/blob/long-text.ts'
import type { JsonObject } from '../../core/shapes.schema.ts'
import { read } from '../../core/write/read.ts'
import { write } from '../../core/write/write.ts'
import type { BotDocument } from '../content/bot.document.ts'
import { ifOpen } from '../content/bot.audit.ts'
import { documentOf, documentText } from '../content/bot.document.ts'
import { findBot, updateBotRow } from '../content/bot.queries.ts'
import { checkInput, checkResult } from '../content/bot.rules.ts'
import type { PublishFromBotJsonInput, UpdateBotInput } from '../content/bot.schema.ts'
import { fromJson } from '@steward/db'
import { botJson } from './bot-json.schema.ts'
import { recordDeployment } from '../version/version-deploy.service.ts'

/** The bot's definition and code as one document, which can be published again (contract: getBotJson). */
export async function getBotJson(ctx: BotContext): Promise<JsonObject> {
  const bot = await write(ctx, 'DOWNLOAD_BOT_ARCHIVE', async (tx) => {
    const row = await findBot(tx, ctx.workspaceId, ctx.botId)
    if (!row) throw notFound('bot', ctx.botId)
    return { answer: row, changes: [], audit: { type: 'bot', id: row.id, name: ifOpen(row, row.name) } }
  })
  const document = { ...documentOf(bot) }
  if (bot.code_blob === null) return document
  const code = await ctx.app.blobs.open(bot.code_blob)
  if (!code) throw new Error(`The code ${bot.code_blob} of the bot ${bot.id} is missing.`)
  return { ...document, code: ctx.longTexts && code.size >= longTextFrom ? new LongText(code) : await textOf(code) }
}

async function textOf(code: OpenBlob): Promise<string> {
  let text = ''
  for await (const piece of decodePieces(code.slices())) text += piece
  return text
}

/**
 * Saves the document as a version and deploys it (contract: publishFromBotJson): parts that are absent stay as they
 * are, parts that are there replace the bot's. Answers `{ id, versionId, deployedAt }`.
 * @throws InvalidPayload for a document of another shape; InvalidIdentifier, InvalidJsonSchema, InvalidDataFormat and
 *   LimitExceeded as an update does; ReferenceNotFound for integrations and plugins that the bot does not have.
 */
export async function publishBotJson(ctx: BotContext, input: PublishFromBotJsonInput): Promise<JsonObject> {
  const { code, ...parts } = readBotJson(input.botJson)
  const given: UpdateBotInput = { id: ctx.botId, ...parts, ...(typeof code === 'string' && { code }) }
  await checkInput(given)
  const patched = async (db: Db) => {
    const before = await findBot(db, ctx.workspaceId, ctx.botId)
    if (!before) throw notFound('bot', ctx.botId)
    const document = { ...documentOf(before), ...parts } as BotDocument
    requireInstalled(documentOf(before), document)
    checkResult(given, { document, tags: fromJson<Record<string, string>>(before.tags), secrets: [] })
    return { before, document }
  }
  // What is refused already now needs no code to be stored.
  if (typeof code === 'string') await read(ctx, patched)
  return withBlob(ctx, code ?? null, (blob) =>
    write(ctx, 'DEPLOY_BOT', async (tx) => {
      const { before, document } = await patched(tx)
      const now = notBefore(iso(ctx.app.clock.now()), before.updated_at)
      const code_blob = code === null ? null : (blob?.hash ?? before.code_blob)
      const bot = { ...before, document: documentText(document), code_blob, deployed_at: now, updated_at: now }
      const { versionId, changes } = await recordDeployment(tx, ctx, { bot, kind: 'publish' })
      await updateBotRow(tx, { ...bot, current_version_id: versionId })
      const told = code === undefined ? Object.keys(parts) : [...Object.keys(parts), 'code']
      return {
        answer: { id: bot.id, versionId, deployedAt: now },
        changes: [{ type: 'bot', id: bot.id }, ...changes],
        audit: {
          type: 'bot',
          id: bot.id,
          name: ifOpen(bot, bot.name),
          value: 'publish',
          before: { currentVersionId: before.current_version_id },
          after: { currentVersionId: versionId, parts: told },
        },
      }
    }),
  )
}

function readBotJson(document: JsonObject) {
  const result = botJson.safeParse(document)
  if (result.success) return result.data
  const issues = result.error.issues.slice(0, 20)
  const shown = issues.map((issue) => ({ path: issue.path.map(String).join('.'), message: issue.message }))
  const first = shown[0]
  throw new ApiError(
    'InvalidPayload',
    `The document is not a valid bot: ${first?.path ? `"${first.path}": ` : ''}${first?.message ?? 'it is malformed'}`,
    { issues: shown },
  )
}

/** A document brings no new installations: each alias must stand for what the bot has there. */
function requireInstalled(present: BotDocument, wanted: BotDocument): void {
  for (const part of ['integrations', 'plugins'] as const)
    for (const [alias, { id }] of Object.entries(wanted[part]))
      if (!Object.hasOwn(present[part], alias) || present[part][alias]?.id !== id)
        throw new ApiError('ReferenceNotFound', `The bot has no "${id}" installed as "${alias}".`, { part, alias, id })
}
