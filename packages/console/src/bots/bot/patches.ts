import type { Bot, BotUpdate } from './bot.ts'

/** Tags after a patch: null takes one away. */
export function patchedTags(
  tags: Record<string, string>,
  patch: Record<string, string | null> | undefined,
): Record<string, string> {
  const next: Record<string, string | null> = { ...tags, ...patch }
  return Object.fromEntries(Object.entries(next).filter((tag): tag is [string, string] => tag[1] !== null))
}

/** What takes an update of name, description, type or tags back. */
export function undoOf(bot: Pick<Bot, 'name' | 'description' | 'type' | 'tags'>, update: BotUpdate): BotUpdate {
  const { workspaceId, id, tags } = update
  return {
    id,
    ...(workspaceId !== undefined && { workspaceId }),
    ...(update.name !== undefined && { name: bot.name }),
    ...(update.description !== undefined && { description: bot.description ?? '' }),
    ...(update.type !== undefined && { type: bot.type }),
    ...(tags && { tags: Object.fromEntries(Object.keys(tags).map((key) => [key, bot.tags[key] ?? null])) }),
  }
}
