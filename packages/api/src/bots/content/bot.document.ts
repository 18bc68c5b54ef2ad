import { fromJson, toJson } from '@steward/db'
import type { Bot } from './bot.schema.ts'

/** The parts of a bot that live in `bot.document`: everything it declares, installs and is configured with. */
export const documentParts = [
  'configuration',
  'user',
  'conversation',
  'message',
  'states',
  'events',
  'recurringEvents',
  'subscriptions',
  'actions',
  'integrations',
  'plugins',
  'medias',
] as const

/**
 * What a bot declares, as stored and as read. `integrations` and `plugins` are keyed by alias. Without a subscription
 * of its own a bot listens to everything: the official CLI sends none.
 */
export type BotDocument = Pick<Bot, (typeof documentParts)[number]>

export function emptyDocument(): BotDocument {
  return {
    configuration: { data: {}, schema: {} },
    user: { tags: {} },
    conversation: { tags: {} },
    message: { tags: {} },
    states: {},
    events: {},
    recurringEvents: {},
    subscriptions: { events: null },
    actions: {},
    integrations: {},
    plugins: {},
    medias: [],
  }
}

/** The document of a bot's row or of a version's. */
export function documentOf(row: { document: string }): BotDocument {
  return fromJson<BotDocument>(row.document)
}

/** The text for the column `document`; a document with more parts is cut down to the known ones. */
export function documentText(document: BotDocument): string {
  return toJson(Object.fromEntries(documentParts.map((part) => [part, document[part]])))
}
