import { isDeepStrictEqual } from 'node:util'
import type { BotDocument } from './bot.document.ts'
import type { UpdateBotInput } from './bot.schema.ts'
import type { RecurringEvent, RecurringEventInput, TagHolder, TagHolderUpdate } from './definition.schema.ts'
import { patchIntegrations, patchPlugins } from './installation.patch.ts'

/*
 * What a patch does to a bot, as pure functions (reference 1.8 and 7.4): absent keeps, a value replaces, null deletes a
 * key of a map, null for a key that is not there does nothing. Nothing here changes its arguments.
 */

type Entries<T> = Readonly<Record<string, T>>

/** How one key of a map is patched. */
interface Merging<Stored, Given> {
  /** What is stored for a given value, seeing the old one. */
  put: (given: Given, old: Stored | undefined) => Stored
  /** Keys that a null leaves alone. */
  keeps?: (key: string) => boolean
}

/** Merges a patch into a map: null deletes, a value is put, absent keys stay in their order. */
export function mergeMap<Stored, Given>(
  current: Entries<Stored>,
  patch: Entries<Given | null> | undefined,
  { put, keeps }: Merging<Stored, Given>,
): Record<string, Stored> {
  const next = new Map(Object.entries(current))
  for (const [key, given] of Object.entries(patch ?? {})) {
    if (given !== null) next.set(key, put(given, next.get(key)))
    else if (!keeps?.(key)) next.delete(key)
  }
  return Object.fromEntries(next)
}

const replace = <T>(given: T): T => given

/** The installed plugin that a merged name (`<alias>#<name>`) belongs to; the longest alias that fits, else null. */
export function pluginOf(name: string, aliases: readonly string[]): string | null {
  const owners = aliases.filter((alias) => name.startsWith(`${alias}#`))
  return owners.toSorted((a, b) => b.length - a.length)[0] ?? null
}

export interface PatchOptions {
  /** ISO time of the change. */
  now: string
  /** Whether `integrations` is keyed by alias alone; otherwise an integration id names its oldest instance too. */
  multipleIntegrations?: boolean | undefined
}

/**
 * The document after a patch.
 * @throws ReferenceNotFound when it installs an integration or plugin that does not exist.
 */
export function patchDocument(current: BotDocument, patch: UpdateBotInput, options: PatchOptions): BotDocument {
  const plugins = patchPlugins(current.plugins, patch.plugins, options.now)
  const before = Object.keys(current.plugins)
  const after = Object.keys(plugins)
  // Uninstalling a plugin takes along what it merged; while it stays, the nulls of the official CLI leave that alone.
  const left = <T>(map: Entries<T>): Entries<T> =>
    before.every((alias) => after.includes(alias)) ? map : withoutPlugins(map, { before, after })
  const keeps = (name: string): boolean => pluginOf(name, after) !== null
  return {
    configuration: {
      data: patch.configuration?.data ?? current.configuration.data,
      schema: patch.configuration?.schema ?? current.configuration.schema,
    },
    user: patchTagHolder(current.user, patch.user),
    conversation: patchTagHolder(current.conversation, patch.conversation),
    message: patchTagHolder(current.message, patch.message),
    states: mergeMap(left(current.states), patch.states, { put: replace, keeps }),
    events: mergeMap(left(current.events), patch.events, { put: withAttributes, keeps }),
    actions: mergeMap(left(current.actions), patch.actions, { put: withAttributes, keeps }),
    recurringEvents: mergeMap(current.recurringEvents, patch.recurringEvents, { put: recurring }),
    subscriptions: patchSubscriptions(current.subscriptions, patch.subscriptions),
    integrations: patchIntegrations(current.integrations, patch.integrations, options),
    plugins,
    medias: patch.medias ?? current.medias,
  }
}

function withoutPlugins<T>(
  map: Entries<T>,
  aliases: { before: readonly string[]; after: readonly string[] },
): Record<string, T> {
  const stays = (name: string): boolean => {
    const owner = pluginOf(name, aliases.before)
    return owner === null || aliases.after.includes(owner)
  }
  return Object.fromEntries(Object.entries(map).filter(([name]) => stays(name)))
}

function patchTagHolder(current: TagHolder, patch: TagHolderUpdate | undefined): TagHolder {
  return { tags: mergeMap(current.tags, patch?.tags, { put: replace }) }
}

type Attributes = Record<string, string>

/** An event or action: the given one replaces the old, only its `attributes` merge. */
function withAttributes<G extends { attributes?: Record<string, string | null> | undefined }>(
  given: G,
  old: { attributes?: Attributes | undefined } | undefined,
): Omit<G, 'attributes'> & { attributes?: Attributes } {
  const { attributes, ...rest } = given
  if (!attributes && !old?.attributes) return rest
  return { ...rest, attributes: mergeMap(old?.attributes ?? {}, attributes, { put: replace }) }
}

/** A recurring event that is sent again unchanged keeps the record of its failures. */
function recurring(given: RecurringEventInput, old: RecurringEvent | undefined): RecurringEvent {
  const { failedAttempts, lastFailureReason, ...declared } = old ?? { failedAttempts: 0, lastFailureReason: null }
  const same = isDeepStrictEqual(declared, given)
  return { ...given, failedAttempts: same ? failedAttempts : 0, lastFailureReason: same ? lastFailureReason : null }
}

type Subscriptions = BotDocument['subscriptions']

/** `events: null` listens to everything; naming events narrows that to the named ones. */
function patchSubscriptions(current: Subscriptions, patch: UpdateBotInput['subscriptions']): Subscriptions {
  if (!patch) return current
  if (patch.events === null) return { events: null }
  const events = mergeMap(current.events ?? {}, patch.events, { put: replace })
  return { events: current.events === null && Object.keys(events).length === 0 ? null : events }
}

/** Tags of the bot itself: an empty string deletes as null does. */
export function patchTags(current: Entries<string>, patch: Entries<string | null> | undefined): Record<string, string> {
  const merged = mergeMap(current, patch, { put: replace })
  return Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== ''))
}

/** What a patch does to the secrets of a bot that has `names`. */
export function patchSecrets(
  names: readonly string[],
  patch: Entries<string | null> | undefined,
): { set: [name: string, value: string][]; removed: string[]; names: string[] } {
  const given = Object.entries(patch ?? {})
  const set = given.filter((entry): entry is [string, string] => entry[1] !== null)
  const removed = given.filter(([name, value]) => value === null && names.includes(name)).map(([name]) => name)
  const kept = names.filter((name) => !removed.includes(name))
  return { set, removed, names: [...new Set([...kept, ...set.map(([name]) => name)])].toSorted() }
}
