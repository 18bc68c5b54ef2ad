import { z } from 'zod'
import { jsonObject, listOf, mapOf } from '../../core/shapes.schema.ts'
import {
  actionDefinition,
  botStateDefinition,
  eventDefinition,
  media,
  recurringEvent,
  subscriptions,
  tagHolder,
} from '../content/definition.schema.ts'
import { botIntegrationInstance, botPluginInstance } from '../content/installation.schema.ts'

/**
 * A bot as one document: what `getBotJson` answers and `publishFromBotJson` takes. A part that is absent stays as it
 * is; one that is there replaces the bot's.
 */
export const botJson = z
  .strictObject({
    configuration: z.object({ data: jsonObject, schema: jsonObject }),
    user: tagHolder,
    conversation: tagHolder,
    message: tagHolder,
    states: mapOf(botStateDefinition),
    events: mapOf(eventDefinition),
    recurringEvents: mapOf(recurringEvent),
    subscriptions,
    actions: mapOf(actionDefinition),
    integrations: mapOf(botIntegrationInstance),
    plugins: mapOf(botPluginInstance),
    medias: listOf(media),
    /** Null takes the bot's code away, as the archive of a version without code says. */
    code: z.string().nullable(),
  })
  .partial()
export type BotJson = z.infer<typeof botJson>
