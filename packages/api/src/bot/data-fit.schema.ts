import { z } from 'zod'
import type { JsonObject } from '../core/shapes.schema.ts'

/** The keywords whose value holds schemas by name. */
export const mapsOfSchemas = ['properties', 'patternProperties', 'definitions', '$defs']

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Alternatives are tried one by one for each piece of data, and each try keeps its faults in memory. */
const alternatives = ['anyOf', 'oneOf', 'allOf']
const mostTries = 200_000

const tooMuch = ['$ref', '$dynamicRef', 'patternProperties', 'nullable']

/**
 * Where `data` does not fit a JSON Schema; nothing when it does or when the schema says more than can be checked here.
 * Not checked on purpose: `pattern` and `format` (a regular expression from outside can hold up the process) and
 * schemas with `$ref` (a few of them make the work grow exponentially; the official CLI sends none). Schemas with
 * alternatives are checked against as much data as takes a moment.
 */
export function dataIssues(schema: unknown, data: unknown): readonly z.core.$ZodIssue[] {
  if (!isObject(schema) || Object.keys(schema).length === 0 || uses(schema, tooMuch)) return []
  if (uses(schema, alternatives) && piecesOf(schema) * piecesOf(data) > mostTries) return []
  // Both throw for what they cannot do: unknown keywords, and `allOf` whose parts have different defaults.
  try {
    const check = z.fromJSONSchema(checkable({ type: 'object', ...schema }) as z.core.JSONSchema.JSONSchema)
    return check.safeParse(data).error?.issues ?? []
  } catch {
    return []
  }
}

function uses(value: unknown, keywords: readonly string[]): boolean {
  if (typeof value !== 'object' || value === null) return false
  return (
    keywords.some((keyword) => Object.hasOwn(value, keyword)) ||
    Object.values(value).some((nested) => uses(nested, keywords))
  )
}

function piecesOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 1
  return Object.values(value).reduce<number>((sum, nested) => sum + piecesOf(nested), 1)
}

const skipped = ['pattern', 'format']

/** The schema without the skipped keywords; below `properties` and in values the same words are names and data. */
function checkable(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(checkable)
  if (!isObject(schema)) return schema
  return Object.fromEntries(
    Object.entries(schema)
      .filter(([keyword]) => !skipped.includes(keyword))
      .map(([keyword, value]) => [keyword, checkableValue(keyword, value)]),
  )
}

function checkableValue(keyword: string, value: unknown): unknown {
  if (['enum', 'const', 'default', 'examples', 'required'].includes(keyword)) return value
  if (!mapsOfSchemas.includes(keyword) || !isObject(value)) return checkable(value)
  return Object.fromEntries(Object.entries(value).map(([name, nested]) => [name, checkable(nested)]))
}
