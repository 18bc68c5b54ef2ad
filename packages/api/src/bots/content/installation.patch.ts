import { ApiError } from '../../core/errors.ts'
import type { Bot, UpdateBotInput } from './bot.schema.ts'
import type {
  BotIntegrationInstance,
  BotPluginInstance,
  IntegrationInstallation,
  PluginInstallation,
} from './installation.schema.ts'

/*
 * What a patch does to the integrations and plugins of a bot, as pure functions. Nothing can be installed anew before
 * there is a catalogue to install from: an id that is not installed refers to nothing.
 */

function unknownReference(what: string, id: string): ApiError {
  return new ApiError('ReferenceNotFound', `There is no ${what} with the id "${id}" to install.`, {
    resource: what,
    id,
  })
}

/**
 * Changes or uninstalls (null) the given integrations.
 * @throws ReferenceNotFound for an integration that does not exist.
 */
export function patchIntegrations(
  current: Bot['integrations'],
  patch: UpdateBotInput['integrations'],
  options: { now: string; multipleIntegrations?: boolean | undefined },
): Bot['integrations'] {
  const next = new Map(Object.entries(current))
  for (const [key, given] of Object.entries(patch ?? {})) {
    const alias = options.multipleIntegrations || next.has(key) ? key : (aliasOfOldest(next, key) ?? key)
    if (given === null) next.delete(alias)
    else next.set(alias, integration(given, { key, old: next.get(alias), now: options.now }))
  }
  return Object.fromEntries(next)
}

/** Clients of old name an instance by its integration's id: the oldest one (reference 1.2). */
function aliasOfOldest(instances: ReadonlyMap<string, BotIntegrationInstance>, id: string): string | undefined {
  const found = [...instances].filter(([, instance]) => instance.id === id)
  return found.toSorted(([, a], [, b]) => (a.createdAt < b.createdAt ? -1 : 1))[0]?.[0]
}

function integration(
  given: IntegrationInstallation,
  { key, old, now }: { key: string; old: BotIntegrationInstance | undefined; now: string },
): BotIntegrationInstance {
  if (!old) throw unknownReference('integration', given.integrationId ?? key)
  if (given.integrationId !== undefined && given.integrationId !== old.id)
    throw unknownReference('integration', given.integrationId)
  return {
    ...old,
    enabled: given.enabled ?? old.enabled,
    configurationType: given.configurationType === undefined ? old.configurationType : given.configurationType,
    configuration: given.configuration ?? old.configuration,
    disabledChannels: given.disabledChannels ?? old.disabledChannels,
    updatedAt: now,
  }
}

/**
 * Changes or uninstalls (null) the given plugins.
 * @throws ReferenceNotFound for a plugin, or an integration behind one, that does not exist.
 */
export function patchPlugins(current: Bot['plugins'], patch: UpdateBotInput['plugins'], now: string): Bot['plugins'] {
  const next = new Map(Object.entries(current))
  for (const [alias, given] of Object.entries(patch ?? {})) {
    if (given === null) next.delete(alias)
    else next.set(alias, plugin(given, next.get(alias), now))
  }
  return Object.fromEntries(next)
}

function plugin(given: PluginInstallation, old: BotPluginInstance | undefined, now: string): BotPluginInstance {
  if (!old || given.id !== old.id) throw unknownReference('plugin', given.id)
  requireBound(given.interfaces, old.interfaces)
  requireBound(given.integrations, old.integrations)
  return {
    ...old,
    enabled: given.enabled ?? old.enabled,
    configuration: given.configuration ?? old.configuration,
    updatedAt: now,
  }
}

type Bindings = Record<string, { integrationId: string }> | undefined

/** A binding may be sent again as it stands; any other would need the catalogue. */
function requireBound(given: Bindings, bound: Bindings): void {
  for (const [name, { integrationId }] of Object.entries(given ?? {})) {
    const held = bound && Object.hasOwn(bound, name) ? bound[name] : undefined
    if (held?.integrationId !== integrationId) throw unknownReference('integration', integrationId)
  }
}
