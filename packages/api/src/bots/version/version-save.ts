import { iso, notBefore } from '../../core/clock.ts'
import type { Context, MainTx } from '../../core/context.ts'
import { actingUser } from '../../core/context.ts'
import { insertVersion, newestVersionTime, versionsWithContent } from './version.queries.ts'
import type { BotContent } from './version-content.ts'
import { contentHash, isEmptyContent } from './version-content.ts'

/** A bot's row, as far as versions care. */
export interface VersionedBot extends BotContent {
  id: string
  name: string
  current_version_id: string | null
}

export interface SavedVersion {
  id: string
  /** False when a version with this content was there before. */
  isNew: boolean
}

/** What a version is made of, and what it is called. */
interface Saving {
  bot: VersionedBot
  as: Naming
  /** `contentHash` of the bot, for who has it: a document is long, and the lane waits while it is hashed. */
  hash?: string
}

interface Naming {
  name: string
  description?: string | undefined
  note?: string | undefined
}

/** Saves the bot's content as a new version, whatever others there are. */
export async function saveVersion(
  tx: MainTx,
  ctx: Context,
  { bot, as, hash = contentHash(bot) }: Saving,
): Promise<string> {
  const id = ctx.app.ids.make('version')
  await insertVersion(tx, {
    id,
    bot_id: bot.id,
    name: as.name,
    description: as.description ?? '',
    note: as.note ?? '',
    content_hash: hash,
    document: bot.document,
    code_blob: bot.code_blob,
    parent_id: bot.current_version_id,
    author_id: actingUser(ctx),
    created_at: notBefore(iso(ctx.app.clock.now()), await newestVersionTime(tx, bot.id)),
  })
  return id
}

/** The version that holds the bot's content: the current one if it does, else the newest that does, else a new one. */
export async function ensureVersion(
  tx: MainTx,
  ctx: Context,
  { bot, as, hash = contentHash(bot) }: Saving,
): Promise<SavedVersion> {
  const same = await versionsWithContent(tx, bot.id, hash)
  const id = same.find((one) => one === bot.current_version_id) ?? same[0]
  return id === undefined ? { id: await saveVersion(tx, ctx, { bot, as, hash }), isNew: true } : { id, isNew: false }
}

/** Keeps what a bot is before it is overwritten; null for a bot that was never given any content. */
export async function keepContent(
  tx: MainTx,
  ctx: Context,
  { bot, name, hash = contentHash(bot) }: { bot: VersionedBot; name: string; hash?: string },
): Promise<SavedVersion | null> {
  if (bot.current_version_id === null && isEmptyContent(hash)) return null
  return ensureVersion(tx, ctx, { bot, as: { name: name.slice(0, 200), note: 'Saved automatically.' }, hash })
}
