import type { BotContext } from '../content/bot.context.ts'
import { ApiError, notFound } from '../../core/errors.ts'
import { closePage, openPage } from '../../core/page.ts'
import { read } from '../../core/write/read.ts'
import { write } from '../../core/write/write.ts'
import { ifOpen, isOpen } from '../content/bot.audit.ts'
import { findBot } from '../content/bot.queries.ts'
import type { VersionRow } from './version.queries.ts'
import { countVersions, deploymentRows, findVersion, newestVersion } from './version.queries.ts'
import { toDeployment, toListedVersion, toVersion, toVersionDetails, versionRows } from './version.queries.ts'
import type {
  CreateBotVersionInput,
  CreateBotVersionOutput,
  DescribeVersionInput,
  DescribeVersionOutput,
  ListedVersionsOutput,
  ListDeploymentsInput,
  ListDeploymentsOutput,
} from './version.schema.ts'
import { contentHash } from './version-content.ts'
import { versionBefore } from './version-history.queries.ts'
import { saveVersion } from './version-save.ts'

export { recordDeployment } from './version-deploy.service.ts'

/** Versions that a bot may have before no more are saved by hand; deployments go on saving theirs. */
export const maxVersions = 10_000

/** All versions of the bot, newest first (contract: listBotVersions). */
export async function listVersions(ctx: BotContext): Promise<ListedVersionsOutput> {
  return { versions: (await read(ctx, (db) => versionRows(db, ctx.botId))).map(toListedVersion) }
}

/**
 * Saves the bot as it is now (contract: createBotVersion). What the newest version holds and says again: that one is
 * the answer.
 * @throws LimitExceeded when the bot has `maxVersions`, and for a name over 200 or a description over 2000 characters.
 */
export async function createVersion(ctx: BotContext, input: CreateBotVersionInput): Promise<CreateBotVersionOutput> {
  const { name, description, note } = input
  requireLength('name', name, 200)
  requireLength('description', description, 2000)
  return write(ctx, 'UPDATE_BOT', async (tx) => {
    const bot = await findBot(tx, ctx.workspaceId, ctx.botId)
    if (!bot) throw notFound('bot', ctx.botId)
    const newest = await newestVersion(tx, bot.id)
    if (newest && saysTheSame(newest, input) && newest.content_hash === contentHash(bot))
      return {
        answer: { version: toVersion(newest) },
        changes: [],
        audit: { type: 'version', id: newest.id, name: ifOpen(bot, name), value: ifOpen(bot, bot.name) },
      }
    if ((await countVersions(tx, bot.id)) >= maxVersions)
      throw new ApiError('LimitExceeded', `This bot already has ${maxVersions} versions, the maximum.`, {
        limit: 'versions',
        most: maxVersions,
      })
    const id = await saveVersion(tx, ctx, { bot, as: { name, description, note } })
    return {
      answer: { version: toVersion({ id, name, description: description ?? '' }) },
      changes: [{ type: 'version', id }],
      audit: {
        type: 'version',
        id,
        name: ifOpen(bot, name),
        value: ifOpen(bot, bot.name),
        after: { botId: bot.id, ...(isOpen(bot) && { name, description, note }) },
      },
    }
  })
}

type Said = Pick<VersionRow, 'name' | 'description' | 'note'>

function saysTheSame(version: Said, { name, description = '', note = '' }: CreateBotVersionInput): boolean {
  return version.name === name && version.description === description && version.note === note
}

function requireLength(limit: string, value: string | undefined, most: number): void {
  const length = value?.length ?? 0
  if (length > most)
    throw new ApiError('LimitExceeded', `"${limit}" has ${length} characters; the maximum is ${most}.`, { limit, most })
}

/**
 * Everything known of a version.
 * @throws ResourceNotFound for a version that is not one of the bot's.
 */
export async function describeVersion(ctx: BotContext, input: DescribeVersionInput): Promise<DescribeVersionOutput> {
  const { version, beforeId, currentId } = await read(ctx, async (db) => {
    const found = await findVersion(db, ctx.botId, input.versionId)
    if (!found) throw notFound('version', input.versionId)
    const bot = await findBot(db, ctx.workspaceId, ctx.botId)
    return { version: found, beforeId: await versionBefore(db, found), currentId: bot?.current_version_id }
  })
  const code = version.code_blob === null ? null : await ctx.app.blobs.open(version.code_blob)
  return {
    version: toVersionDetails(version, { codeSize: code?.size ?? null, beforeId, current: currentId === version.id }),
  }
}

/** Which version was current when, newest first. */
export async function listDeployments(ctx: BotContext, input: ListDeploymentsInput): Promise<ListDeploymentsOutput> {
  const page = openPage(input, ['deployments', ctx.botId])
  const { rows, meta } = closePage(await read(ctx, (db) => deploymentRows(db, ctx.botId, page)), page, (row) => [
    row.at,
    row.id,
  ])
  return { deployments: rows.map(toDeployment), meta }
}
