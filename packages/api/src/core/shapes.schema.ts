import { z } from 'zod'

const MAX_JSON_DEPTH = 100

/** Text every engine can keep and every hash reproduces: no NUL (Postgres refuses it), no unpaired surrogate (UTF-8 replaces it). */
export const text = z
  .string()
  .refine((value) => !value.includes('\0') && value.isWellFormed(), 'must not contain NUL or unpaired surrogates')

/** Text of at most so many characters; the check is ours, so that it stands in no document of the contract. */
export const textUpTo = (limit: number) =>
  text.refine((value) => value.length <= limit, `must have at most ${limit} characters`)

/** An id as callers send it: whatever it is, it is short, for messages and logs repeat it. */
export const resourceId = textUpTo(64)

/** The name under which something stands in a map: an alias, a name, `<alias>#<name>`. */
const mapKey = textUpTo(512)

/** A map with a bounded number of entries. */
export const mapOf = <T extends z.ZodType>(value: T, most = 2000) =>
  z.record(mapKey, value).refine((map) => Object.keys(map).length <= most, `must have at most ${most} entries`)

/** A list of bounded length. */
export const listOf = <T extends z.ZodType>(value: T, most = 1000) =>
  z.array(value).refine((list) => list.length <= most, `must have at most ${most} items`)

/** Id of a bot, integration, plugin, interface: a UUID, or prefix, underscore and a 26-character ULID (reference 1.7). */
export const entityId = z.string().min(28).max(36)

/** Time in answers, ISO 8601 UTC with milliseconds. Declared, not checked: we wrote it, and answers are the hot path. */
export const isoDateTime = z.string().meta({ format: 'date-time' })

/** Time in requests: ISO 8601 with `Z` or an offset. */
export const isoDateTimeInput = z.iso.datetime({ offset: true })

/** A free-form JSON object, such as a JSON Schema or a configuration. The key `__proto__` is dropped. */
export const jsonObject = z.record(z.string(), z.unknown())
export type JsonObject = z.infer<typeof jsonObject>

export const stringMap = z.record(z.string(), z.string())
export type StringMap = z.infer<typeof stringMap>

/**
 * Whether `value` is JSON that the code behind it can handle: nested at most `depth` levels
 * (`JSON.stringify` recurses), only JSON's own types, and no own `__proto__` that a later merge could follow. What would
 * be stored as something else is not: unpaired surrogates, and numbers that JSON cannot write.
 */
export function isBoundedJson(value: unknown, depth: number = MAX_JSON_DEPTH): boolean {
  if (value === null || value === undefined) return true
  if (typeof value === 'string') return value.isWellFormed()
  if (typeof value === 'number') return Number.isFinite(value)
  if (typeof value !== 'object') return typeof value === 'boolean'
  if (depth === 0 || ArrayBuffer.isView(value) || Object.hasOwn(value, '__proto__')) return false
  return Object.entries(value).every(([key, child]) => key.isWellFormed() && isBoundedJson(child, depth - 1))
}

/** Whether any object in it has an own key `__proto__`; takes any depth. */
export function holdsProtoKey(value: unknown): boolean {
  const waiting = [value]
  while (waiting.length > 0) {
    const next = waiting.pop()
    if (next === null || typeof next !== 'object' || ArrayBuffer.isView(next)) continue
    if (Object.hasOwn(next, '__proto__')) return true
    for (const child of Array.isArray(next) ? next : Object.values(next))
      if (typeof child === 'object') waiting.push(child)
  }
  return false
}

/** Check for whole inputs that carry free-form JSON: `z.object({…}).check(boundedJson)`. */
export const boundedJson = z.refine((value) => isBoundedJson(value), {
  error: `must be JSON nested at most ${MAX_JSON_DEPTH} levels deep, without the key __proto__, unpaired surrogates, large Buffers or numbers out of range`,
})

/** The key of a preference; bounded so that it fits an index on both engines. */
export const preferenceKey = text.refine((key) => key.length > 0 && key.length <= 512, 'must have 1 to 512 characters')

/** A stored preference: any JSON value, `null` included; absent when never set (reference 2.1). */
export const preference = z.object({ value: z.unknown().optional() })
export type Preference = z.infer<typeof preference>

/** `nextToken` is absent on the last page; `meta` itself never is (reference 1.6). */
export const pageMeta = z.object({ nextToken: z.string().optional() })
export type PageMeta = z.infer<typeof pageMeta>

/** Longer than any that was handed out. */
export const pageToken = textUpTo(4000)

/** Fields of every paginated list, to be spread into its input. An empty token counts as none; the pager clamps large sizes. */
export const pageFields = {
  nextToken: pageToken.optional(),
  pageSize: z.int().min(1).optional(),
}

/** `{}`, the answer of operations without a result (reference 1.4). */
export const noResult = z.object({})

export const apiKeySummary = z.object({
  id: z.string(),
  createdAt: isoDateTime,
  note: z.string(),
})
export type ApiKeySummary = z.infer<typeof apiKeySummary>

/** The one answer that shows a key's value: that of its creation. */
export const apiKeyWithValue = apiKeySummary.extend({ value: z.string() })
export type ApiKeyWithValue = z.infer<typeof apiKeyWithValue>
