import { z } from 'zod'
import { jsonObject, mapOf, text } from '../../core/shapes.schema.ts'

/*
 * What a bot declares. `…Input` is the form a create takes, `…Update` the form of a patch, where a null
 * deletes its key (reference 1.8). Undeclared nested keys are dropped, as the official CLI expects (7.4).
 */

const titled = {
  title: z.string().max(64).optional(),
  description: z.string().max(256).optional(),
}

const schemaHolder = z.object({ schema: jsonObject })

const attributes = mapOf(z.string().max(200), 100)
const attributesUpdate = mapOf(z.string().max(200).nullable(), 100)

const actionFields = {
  ...titled,
  billable: z.boolean().optional(),
  cacheable: z.boolean().optional(),
  input: schemaHolder,
  output: schemaHolder,
}

export const actionDefinition = z.object({ ...actionFields, attributes: attributes.optional() })
export type ActionDefinition = z.infer<typeof actionDefinition>

export const actionDefinitionUpdate = z.object({
  ...actionFields,
  attributes: attributesUpdate.optional(),
})
export type ActionDefinitionUpdate = z.infer<typeof actionDefinitionUpdate>

const eventFields = { ...titled, schema: jsonObject }

export const eventDefinition = z.object({ ...eventFields, attributes: attributes.optional() })
export type EventDefinition = z.infer<typeof eventDefinition>

export const eventDefinitionUpdate = z.object({
  ...eventFields,
  attributes: attributesUpdate.optional(),
})
export type EventDefinitionUpdate = z.infer<typeof eventDefinitionUpdate>

export const recurringEventInput = z.object({
  schedule: z.object({ cron: text.max(200) }),
  type: text.max(200),
  payload: jsonObject,
})
export type RecurringEventInput = z.infer<typeof recurringEventInput>

export const recurringEvent = z.object({
  schedule: z.object({ cron: z.string() }),
  type: z.string(),
  payload: jsonObject,
  failedAttempts: z.number(),
  lastFailureReason: z.string().nullable(),
})
export type RecurringEvent = z.infer<typeof recurringEvent>

export const botStateType = z.enum(['conversation', 'user', 'bot'])
export type BotStateType = z.infer<typeof botStateType>

/** `expiry` is in milliseconds. */
export const botStateDefinition = z.object({
  type: botStateType,
  schema: jsonObject,
  expiry: z.number().min(1).optional(),
})
export type BotStateDefinition = z.infer<typeof botStateDefinition>

export const tagDefinition = z.object(titled)
export type TagDefinition = z.infer<typeof tagDefinition>

/** The tags that users, conversations or messages of a bot may carry. */
export const tagHolder = z.object({ tags: z.record(z.string(), tagDefinition) })
export type TagHolder = z.infer<typeof tagHolder>

export const tagHolderInput = z.object({ tags: mapOf(tagDefinition).optional() })
export type TagHolderInput = z.infer<typeof tagHolderInput>

export const tagHolderUpdate = z.object({
  tags: mapOf(tagDefinition.nullable()).optional(),
})
export type TagHolderUpdate = z.infer<typeof tagHolderUpdate>

export const media = z.object({ url: z.string(), name: z.string() })
export type Media = z.infer<typeof media>

/** `events: null` listens to every event. */
export const subscriptions = z.object({
  events: z.record(z.string(), z.object({})).nullable(),
})
export type Subscriptions = z.infer<typeof subscriptions>

export const subscriptionsUpdate = z.object({
  events: mapOf(z.object({}).nullable()).nullable(),
})
export type SubscriptionsUpdate = z.infer<typeof subscriptionsUpdate>
