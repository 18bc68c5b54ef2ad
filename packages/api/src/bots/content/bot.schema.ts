import { z } from 'zod'
import {
  apiKeySummary,
  apiKeyWithValue,
  boundedJson,
  entityId,
  isoDateTime,
  jsonObject,
  listOf,
  mapOf,
  noResult,
  pageFields,
  pageMeta,
  resourceId,
  stringMap,
  text,
  textUpTo,
} from '../../core/shapes.schema.ts'
import { webAddress } from '../../core/web-address.schema.ts'
import {
  actionDefinition,
  actionDefinitionUpdate,
  botStateDefinition,
  eventDefinition,
  eventDefinitionUpdate,
  media,
  recurringEvent,
  recurringEventInput,
  subscriptions,
  subscriptionsUpdate,
  tagHolder,
  tagHolderInput,
  tagHolderUpdate,
} from './definition.schema.ts'
import {
  botIntegrationInstance,
  botPluginInstance,
  integrationInstallation,
  pluginInstallation,
} from './installation.schema.ts'

export const botType = z.enum(['studio', 'adk', 'desk'])
export type BotType = z.infer<typeof botType>

export const botStatus = z.enum(['active', 'deploying', 'deleting'])
export type BotStatus = z.infer<typeof botStatus>

/** Clients read every map without checking, so all are present, empty ones too (reference 7.3). */
export const bot = z.object({
  id: entityId,
  createdAt: isoDateTime,
  updatedAt: isoDateTime,
  signingSecret: z.string(),
  integrations: z.record(z.string(), botIntegrationInstance),
  plugins: z.record(z.string(), botPluginInstance),
  maxExecutionTime: z.number().optional(),
  user: tagHolder,
  conversation: tagHolder,
  message: tagHolder,
  states: z.record(z.string(), botStateDefinition),
  configuration: z.object({ data: jsonObject, schema: jsonObject }),
  events: z.record(z.string(), eventDefinition),
  recurringEvents: z.record(z.string(), recurringEvent),
  subscriptions,
  actions: z.record(z.string(), actionDefinition),
  tags: stringMap,
  name: z.string(),
  description: z.string().optional(),
  deployedAt: isoDateTime.optional(),
  dev: z.boolean(),
  secrets: z.array(z.string()),
  createdBy: z.string().optional(),
  alwaysAlive: z.boolean(),
  status: botStatus,
  medias: z.array(media),
  type: botType,
})
export type Bot = z.infer<typeof bot>

export const botSummary = z.object({
  id: entityId,
  createdAt: isoDateTime,
  updatedAt: isoDateTime,
  name: z.string(),
  deployedAt: isoDateTime.optional(),
  tags: stringMap,
  type: botType,
})
export type BotSummary = z.infer<typeof botSummary>

/** `workspaceId` may be left out where the bot names it; `multipleIntegrations` keys `bot.integrations` by alias. */
const botAddress = { workspaceId: resourceId.optional(), id: resourceId }
const integrationKeys = { multipleIntegrations: z.boolean().optional() }

const configurationInput = z.object({ data: jsonObject.optional(), schema: jsonObject.optional() })

export const createBotInput = z
  .object({
    workspaceId: resourceId,
    ...integrationKeys,
    states: mapOf(botStateDefinition).optional(),
    events: mapOf(eventDefinition).optional(),
    recurringEvents: mapOf(recurringEventInput).optional(),
    subscriptions: subscriptions.optional(),
    actions: mapOf(actionDefinition).optional(),
    configuration: configurationInput.optional(),
    user: tagHolderInput.optional(),
    conversation: tagHolderInput.optional(),
    message: tagHolderInput.optional(),
    tags: mapOf(text.max(500)).optional(),
    code: z.string().optional(),
    name: text.min(1).optional(),
    description: text.max(2000).optional(),
    medias: listOf(media).optional(),
    url: webAddress().optional(),
    secrets: mapOf(text.max(20_000)).optional(),
    dev: z.boolean().optional(),
    type: botType.optional(),
    maxExecutionTime: z.number().optional(),
  })
  .check(boundedJson)
export type CreateBotInput = z.infer<typeof createBotInput>
export const createBotOutput = z.object({ bot })
export type CreateBotOutput = z.infer<typeof createBotOutput>

/**
 * Beyond the contract: `search` is a part of the name, or a whole id; `type`, `deployed` and the order by name. Search
 * and order read capital and small letters a-z alike; of other letters they tell the case.
 */
export const listBotsInput = z.object({
  workspaceId: resourceId,
  search: text.max(200).optional(),
  type: botType.optional(),
  deployed: z.boolean().optional(),
  dev: z.boolean().optional(),
  tags: mapOf(textUpTo(500), 100).optional(),
  integrationNames: listOf(textUpTo(200), 100).optional(),
  pluginNames: listOf(textUpTo(200), 100).optional(),
  ...pageFields,
  sortField: z.enum(['createdAt', 'updatedAt', 'name']).optional(),
  sortDirection: z.enum(['asc', 'desc']).optional(),
})
export type ListBotsInput = z.infer<typeof listBotsInput>
export const listBotsOutput = z.object({ bots: z.array(botSummary), meta: pageMeta })
export type ListBotsOutput = z.infer<typeof listBotsOutput>

export const getBotInput = z.object({ ...botAddress, ...integrationKeys })
export type GetBotInput = z.infer<typeof getBotInput>
export const getBotOutput = z.object({ bot })
export type GetBotOutput = z.infer<typeof getBotOutput>

/** A patch: absent keeps, null deletes a map's key, arrays are replaced whole (reference 1.8). */
export const updateBotInput = z
  .object({
    ...botAddress,
    ...integrationKeys,
    url: webAddress().nullable().optional(),
    authentication: z.enum(['iam', 'hmac-sha256']).optional(),
    configuration: configurationInput.optional(),
    blocked: z.boolean().optional(),
    maxExecutionTime: z.int().optional(),
    alwaysAlive: z.boolean().optional(),
    tags: mapOf(text.max(500).nullable()).optional(),
    user: tagHolderUpdate.optional(),
    message: tagHolderUpdate.optional(),
    conversation: tagHolderUpdate.optional(),
    events: mapOf(eventDefinitionUpdate.nullable()).optional(),
    actions: mapOf(actionDefinitionUpdate.nullable()).optional(),
    states: mapOf(botStateDefinition.nullable()).optional(),
    recurringEvents: mapOf(recurringEventInput.nullable()).optional(),
    integrations: mapOf(integrationInstallation.nullable()).optional(),
    plugins: mapOf(pluginInstallation.nullable()).optional(),
    subscriptions: subscriptionsUpdate.optional(),
    code: z.string().optional(),
    name: text.min(1).optional(),
    description: text.max(2000).optional(),
    medias: listOf(media).optional(),
    secrets: mapOf(text.max(20_000).nullable()).optional(),
    layers: listOf(textUpTo(500)).optional(),
    type: botType.optional(),
  })
  .check(boundedJson)
export type UpdateBotInput = z.infer<typeof updateBotInput>
export const updateBotOutput = z.object({ bot })
export type UpdateBotOutput = z.infer<typeof updateBotOutput>

export const deleteBotInput = z.object(botAddress)
export type DeleteBotInput = z.infer<typeof deleteBotInput>
export const deleteBotOutput = noResult

export const transferBotInput = z.object({ ...botAddress, targetWorkspaceId: resourceId.min(28) })
export type TransferBotInput = z.infer<typeof transferBotInput>
export const transferBotOutput = noResult

// The bot as one document

export const getBotJsonInput = z.object(botAddress)
export type GetBotJsonInput = z.infer<typeof getBotJsonInput>
export const getBotJsonOutput = jsonObject

export const publishFromBotJsonInput = z.object({ ...botAddress, botJson: jsonObject }).check(boundedJson)
export type PublishFromBotJsonInput = z.infer<typeof publishFromBotJsonInput>
export const publishFromBotJsonOutput = jsonObject

// Keys and access

export const listBotApiKeysInput = z.object({ workspaceId: resourceId.optional(), botId: resourceId })
export type ListBotApiKeysInput = z.infer<typeof listBotApiKeysInput>
export const listBotApiKeysOutput = z.object({ baks: z.array(apiKeySummary) })
export type ListBotApiKeysOutput = z.infer<typeof listBotApiKeysOutput>

export const createBotApiKeyInput = z.object({
  workspaceId: resourceId.optional(),
  botId: resourceId,
  note: textUpTo(1000).optional(),
})
export type CreateBotApiKeyInput = z.infer<typeof createBotApiKeyInput>
export const createBotApiKeyOutput = apiKeyWithValue

/** `id` is the key's; it names the bot, and so the workspace. */
export const deleteBotApiKeyInput = z.object({ workspaceId: resourceId.optional(), id: resourceId })
export type DeleteBotApiKeyInput = z.infer<typeof deleteBotApiKeyInput>
export const deleteBotApiKeyOutput = noResult

export const allowlistSetting = z.enum(['ALL_WORKSPACE_USERS', 'SELECTED_USERS'])
export type AllowlistSetting = z.infer<typeof allowlistSetting>

export const botAllowlist = z.object({
  setting: allowlistSetting,
  users: z.array(z.object({ id: z.string() })),
})
export type BotAllowlist = z.infer<typeof botAllowlist>

export const getBotAllowlistInput = z.object({ workspaceId: resourceId.optional(), botId: resourceId })
export type GetBotAllowlistInput = z.infer<typeof getBotAllowlistInput>
export const getBotAllowlistOutput = botAllowlist

/** `users` maps a person's id to true (add) or false (remove), unlike the list that is read. */
export const updateBotAllowlistInput = z.object({
  workspaceId: resourceId.optional(),
  botId: resourceId,
  setting: allowlistSetting.optional(),
  users: mapOf(z.boolean()).optional(),
})
export type UpdateBotAllowlistInput = z.infer<typeof updateBotAllowlistInput>
export const updateBotAllowlistOutput = noResult

export const rotateBotSigningSecretsInput = z.object(botAddress)
export type RotateBotSigningSecretsInput = z.infer<typeof rotateBotSigningSecretsInput>
export const rotateBotSigningSecretsOutput = z.object({ newSigningSecret: z.string() })
export type RotateBotSigningSecretsOutput = z.infer<typeof rotateBotSigningSecretsOutput>
