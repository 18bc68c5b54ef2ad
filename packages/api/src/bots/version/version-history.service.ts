import type { BotContext } from '../content/bot.context.ts'
import { closePage, openPage } from '../../core/page.ts'
import { read } from '../../core/write/read.ts'
import { findBot } from '../content/bot.queries.ts'
import { findVersion, lastDeployment, toDeployment } from './version.queries.ts'
import { contentHash } from './version-content.ts'
import type { VersionHistoryInput, VersionHistoryOutput, CurrentVersionOutput } from './version.schema.ts'
import { currentVersion, deployedAmong, pastRows, previousVersion, toPastVersion } from './version-history.queries.ts'

/** The bot's versions with who saved them, when, and whether they are or were current, newest first. */
export async function versionHistory(ctx: BotContext, input: VersionHistoryInput): Promise<VersionHistoryOutput> {
  const search = input.search ?? ''
  const page = openPage(input, ['history', ctx.botId, search])
  return read(ctx, async (db) => {
    const found = await pastRows(db, ctx.botId, { search, page })
    const { rows, meta } = closePage(found, page, (row) => [row.created_at, row.id])
    const deployed = await deployedAmong(
      db,
      ctx.botId,
      rows.map(({ id }) => id),
    )
    return { versions: rows.map((row) => toPastVersion(row, deployed)), meta }
  })
}

/** Which version is current, since which deployment, and what a rollback would put in its place. */
export async function describeCurrent(ctx: BotContext): Promise<CurrentVersionOutput> {
  return read(ctx, async (db) => {
    const current = await currentVersion(db, ctx.botId)
    const last = await lastDeployment(db, ctx.botId)
    const bot = await findBot(db, ctx.workspaceId, ctx.botId)
    const version = current && (await findVersion(db, ctx.botId, current.id))
    return {
      current,
      edited: Boolean(bot && version && contentHash(bot) !== version.content_hash),
      deployment: last ? toDeployment(last) : null,
      rollbackTo: await previousVersion(db, ctx.botId, current?.id ?? null),
    }
  })
}
