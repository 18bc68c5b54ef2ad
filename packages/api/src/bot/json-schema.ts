import type { JsonObject } from '../core/shapes.schema.ts'
import { dataIssues, isObject, mapsOfSchemas } from './data-fit.schema.ts'

const types = ['string', 'number', 'integer', 'boolean', 'object', 'array', 'null']
const listsOfSchemas = ['allOf', 'anyOf', 'oneOf']
const schemas = ['additionalProperties', 'not', 'contains', 'propertyNames', 'if', 'then', 'else']

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

/** Why `data` does not fit a JSON Schema, or null: see `dataIssues`. */
export function dataFault(schema: JsonObject, data: JsonObject): string | null {
  const [issue] = dataIssues(schema, data)
  if (!issue) return null
  return `${issue.path.length > 0 ? `"${issue.path.join('.')}": ` : ''}${issue.message}`
}
