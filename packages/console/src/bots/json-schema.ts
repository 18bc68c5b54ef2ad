import { z } from 'zod'

export interface Mismatch {
  path: readonly PropertyKey[]
  message: string
}

type Json = Record<string, unknown>

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)

/** What the server checks of a schema, checked as it is typed; of these keywords it checks none (api: json-schema.ts). */
const unchecked = ['$ref', '$dynamicRef', 'patternProperties', 'nullable']
const skipped = ['pattern', 'format']
const values = ['enum', 'const', 'default', 'examples', 'required']
const maps = ['properties', 'patternProperties', 'definitions', '$defs']

/** Where data does not fit its JSON Schema; empty when it does or when that cannot be told here. */
export function mismatches(schema: unknown, data: unknown): Mismatch[] {
  if (!isObject(schema) || Object.keys(schema).length === 0 || uses(schema)) return []
  let check: z.ZodType
  try {
    check = z.fromJSONSchema(checkable({ type: 'object', ...schema }) as z.core.JSONSchema.JSONSchema)
  } catch {
    return []
  }
  const found = check.safeParse(data).error?.issues ?? []
  return found.slice(0, 50).map(({ path, ...issue }) => ({ path, message: wordsOf(issue as z.core.$ZodIssue) }))
}

function wordsOf(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_type')
    return issue.input === undefined && issue.message.endsWith(' received undefined')
      ? 'This is missing.'
      : `It has to be ${article(issue.expected)}.`
  if (issue.code === 'unrecognized_keys')
    return `The schema knows no ${issue.keys.map((key) => `"${key}"`).join(', ')}.`
  return `${issue.message.replace(/^Invalid input: e/, 'E')}.`
}

function article(type: string): string {
  const word = { int: 'integer', record: 'object' }[type] ?? type
  return `${/^[aio]/.test(word) ? 'an' : 'a'} ${word}`
}

function uses(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  return unchecked.some((keyword) => Object.hasOwn(value, keyword)) || Object.values(value).some(uses)
}

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
  if (values.includes(keyword)) return value
  if (!maps.includes(keyword) || !isObject(value)) return checkable(value)
  return Object.fromEntries(Object.entries(value).map(([name, nested]) => [name, checkable(nested)]))
}
