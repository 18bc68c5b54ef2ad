import { z } from 'zod'
import { entityId, isoDateTime, jsonObject, listOf, mapOf, resourceId, textUpTo } from '../../core/shapes.schema.ts'

/* Integrations and plugins as installed in a bot: what is read, and what an update sends. */

export const integrationInstanceStatus = z.enum([
  'registration_pending',
  'registered',
  'registration_failed',
  'unregistration_pending',
  'unregistered',
  'unregistration_failed',
])
export type IntegrationInstanceStatus = z.infer<typeof integrationInstanceStatus>

export const visibility = z.enum(['public', 'private', 'unlisted'])
export type Visibility = z.infer<typeof visibility>

export const verificationStatus = z.enum(['unapproved', 'pending', 'approved', 'rejected'])
export type VerificationStatus = z.infer<typeof verificationStatus>

export const lifecycleStatus = z.enum(['published', 'deprecated'])
export type LifecycleStatus = z.infer<typeof lifecycleStatus>

/** `id` is that of the integration version. */
export const botIntegrationInstance = z.object({
  enabled: z.boolean(),
  name: z.string(),
  version: z.string(),
  webhookUrl: z.string(),
  webhookId: z.string(),
  identifier: z.string().optional(),
  configurationType: z.string().nullable(),
  configuration: jsonObject,
  status: integrationInstanceStatus,
  statusReason: z.string().nullable(),
  disabledChannels: z.array(z.string()),
  id: entityId,
  createdAt: isoDateTime,
  updatedAt: isoDateTime,
  title: z.string(),
  description: z.string(),
  iconUrl: z.string(),
  public: z.boolean(),
  visibility,
  verificationStatus,
  lifecycleStatus,
})
export type BotIntegrationInstance = z.infer<typeof botIntegrationInstance>

export const pluginInterfaceBinding = z.object({
  integrationId: entityId,
  integrationAlias: z.string(),
  integrationInterfaceAlias: z.string().optional(),
  interfaceId: entityId,
})
export type PluginInterfaceBinding = z.infer<typeof pluginInterfaceBinding>

export const pluginIntegrationBinding = z.object({
  integrationId: entityId,
  integrationAlias: z.string(),
})
export type PluginIntegrationBinding = z.infer<typeof pluginIntegrationBinding>

export const botPluginInstance = z.object({
  enabled: z.boolean(),
  name: z.string(),
  version: z.string(),
  configuration: jsonObject,
  interfaces: z.record(z.string(), pluginInterfaceBinding).optional(),
  integrations: z.record(z.string(), pluginIntegrationBinding).optional(),
  id: entityId,
  createdAt: isoDateTime,
  updatedAt: isoDateTime,
  title: z.string(),
  description: z.string(),
  iconUrl: z.string(),
  readmeUrl: z.string(),
  public: z.boolean(),
  visibility,
  lifecycleStatus,
})
export type BotPluginInstance = z.infer<typeof botPluginInstance>

const alias = textUpTo(512)

/** Without `integrationId`, the key it is sent under is the integration's id (reference 7.4). */
export const integrationInstallation = z.object({
  enabled: z.boolean().optional(),
  integrationId: resourceId.optional(),
  configurationType: textUpTo(200).nullable().optional(),
  configuration: jsonObject.optional(),
  disabledChannels: listOf(textUpTo(200), 100).optional(),
})
export type IntegrationInstallation = z.infer<typeof integrationInstallation>

export const pluginInstallation = z.object({
  id: resourceId,
  enabled: z.boolean().optional(),
  configuration: jsonObject.optional(),
  interfaces: mapOf(
    z.object({
      integrationId: resourceId,
      integrationAlias: alias.optional(),
      integrationInterfaceAlias: alias.optional(),
    }),
    100,
  ).optional(),
  integrations: mapOf(z.object({ integrationId: resourceId, integrationAlias: alias }), 100).optional(),
})
export type PluginInstallation = z.infer<typeof pluginInstallation>
