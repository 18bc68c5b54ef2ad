import type { Resource, Site } from '../document.ts'
import type { Check, Misfit, Place } from '../evaluation.ts'
import type { JsonObject } from '../values/json.ts'

/** Keywords that are understood together, such as `if`, `then` and `else`. */
export interface Group {
  readonly keywords: readonly string[]
  /** The check for a schema that has one of them; null when they ask nothing, or are malformed. */
  make(schema: JsonObject, resource: Resource): Check | null
}

export const siteOf = (schema: unknown, resource: Resource): Site => ({ schema, resource })

export const isSchema = (value: unknown): boolean =>
  typeof value === 'boolean' || (typeof value === 'object' && value !== null && !Array.isArray(value))

export const misfit = (place: Place | null, say: () => string): Misfit => ({ place, say })

export const below = (place: Place | null, key: string | number): Place => ({ key, up: place })

/** A whole number from 0; null for what is none. */
export const countOf = (value: unknown): number | null =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 ? value : null

export const plural = (count: number, one: string): string =>
  `${count} ${count === 1 ? one : one.endsWith('y') ? `${one.slice(0, -1)}ies` : `${one}s`}`

/** A value as shown in messages: JSON, cut where it is long. */
export function told(value: unknown): string {
  const text = JSON.stringify(value, (_, nested: unknown) =>
    typeof nested === 'object' && nested !== null && nested !== value ? '…' : nested,
  )
  return text.length > 60 ? `${text.slice(0, 59)}…` : text
}
