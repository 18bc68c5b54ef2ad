import { z } from 'zod'
import type { JsonObject } from '../core/shapes.schema.ts'

const types = ['string', 'number', 'integer', 'boolean', 'object', 'array', 'null']
const mapsOfSchemas = ['properties', 'patternProperties', 'definitions', '$defs']
const listsOfSchemas = ['allOf', 'anyOf', 'oneOf']
const schemas = ['additionalProperties', 'not', 'contains', 'propertyNames', 'if', 'then', 'else']

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/**
 * The first thing that keeps a value from being a JSON Schema (draft 7), as `<path>: <what is wrong>`; null when it is
 * one. Checks the form of the keywords that hold schemas, types and names; unknown (vendor) keywords are free.
 */
export function schemaFault(value: unknown, path = 'schema'): string | null {
  if (typeof value === 'boolean') return null
  if (!isObject(value)) return `${path}: must be an object`
  return typeFault(value, path) ?? listFault(value, path) ?? nestedFault(value, path)
}

function typeFault({ type }: JsonObject, path: string): string | null {
  if (type === undefined) return null
  const given: unknown[] = Array.isArray(type) ? type : [type]
  const known = given.length > 0 && given.every((name) => typeof name === 'string' && types.includes(name))
  return known ? null : `${path}.type: must be one of ${types.join(', ')}`
}

function listFault({ required, enum: values }: JsonObject, path: string): string | null {
  if (required !== undefined && !(Array.isArray(required) && required.every((name) => typeof name === 'string')))
    return `${path}.required: must be an array of property names`
  return values === undefined || Array.isArray(values) ? null : `${path}.enum: must be an array`
}

function nestedFault(schema: JsonObject, path: string): string | null {
  for (const keyword of mapsOfSchemas) {
    const map = schema[keyword]
    if (map === undefined) continue
    if (!isObject(map)) return `${path}.${keyword}: must be an object of schemas`
    const fault = firstFault(Object.entries(map), `${path}.${keyword}`)
    if (fault) return fault
  }
  for (const keyword of listsOfSchemas) {
    const list = schema[keyword]
    if (list === undefined) continue
    if (!Array.isArray(list) || list.length === 0) return `${path}.${keyword}: must be a list of schemas`
    const fault = firstFault(Object.entries(list), `${path}.${keyword}`)
    if (fault) return fault
  }
  const { items } = schema
  return firstFault(
    [
      ...(Array.isArray(items) ? items.map((item): [string, unknown] => ['items', item]) : [['items', items] as const]),
      ...schemas.map((keyword) => [keyword, schema[keyword]] as const),
    ].filter(([, nested]) => nested !== undefined),
    path,
  )
}

function firstFault(entries: readonly (readonly [string, unknown])[], path: string): string | null {
  for (const [name, nested] of entries) {
    const fault = schemaFault(nested, `${path}.${name}`)
    if (fault) return fault
  }
  return null
}

const tooMuch = ['$ref', '$dynamicRef', 'patternProperties', 'nullable']

/**
 * Why `data` does not fit a JSON Schema, or null when it does or when the schema says more than can be checked here.
 * Not checked on purpose: `pattern` and `format` (a regular expression from outside can hold up the process) and
 * schemas with `$ref` (a few of them make the work grow exponentially; the official CLI sends none).
 */
export function dataFault(schema: JsonObject, data: JsonObject): string | null {
  if (Object.keys(schema).length === 0 || uses(schema, tooMuch)) return null
  let check: z.ZodType
  try {
    check = z.fromJSONSchema(checkable({ type: 'object', ...schema }) as z.core.JSONSchema.JSONSchema)
  } catch {
    return null
  }
  const issue = check.safeParse(data).error?.issues[0]
  if (!issue) return null
  return `${issue.path.length > 0 ? `"${issue.path.join('.')}": ` : ''}${issue.message}`
}

function uses(value: unknown, keywords: readonly string[]): boolean {
  if (typeof value !== 'object' || value === null) return false
  if (keywords.some((keyword) => Object.hasOwn(value, keyword))) return true
  return Object.values(value).some((child) => uses(child, keywords))
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
