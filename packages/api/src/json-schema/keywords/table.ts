import type { Resource } from '../document.ts'
import type { Check } from '../evaluation.ts'
import type { JsonObject } from '../values/json.ts'
import { arrays } from './arrays.ts'
import type { Group } from './keyword.ts'
import { logic } from './logic.ts'
import { numbers } from './numbers.ts'
import { objects } from './objects.ts'
import { references } from './references.ts'
import { strings } from './strings.ts'
import { unevaluated } from './unevaluated.ts'
import { values } from './values.ts'

/**
 * Every keyword that asks something of data, in the order in which they ask; all others are notes. Keywords of later
 * drafts count in draft 7 too, which gives them no other meaning: what somebody wrote is checked.
 */
const groups: readonly Group[] = [
  ...values,
  ...numbers,
  ...strings,
  ...arrays,
  ...objects,
  ...references,
  ...logic,
  ...unevaluated,
]

const ranks = new Map(groups.flatMap(({ keywords }, rank) => keywords.map((keyword) => [keyword, rank] as const)))
const refRank = ranks.get('$ref')!

/** What a schema asks, in order, and what it cost to find out: about the number of names and values it lists. */
export function checksOf(
  schema: JsonObject,
  resource: Resource,
): { checks: readonly Check[]; collects: boolean; cost: number } {
  const isReplaced = resource.document.dialect === 'draft-07' && typeof schema['$ref'] === 'string'
  const keywords = Object.keys(schema)
  const found = new Set(keywords.flatMap((keyword) => ranks.get(keyword) ?? []))
  const wanted = isReplaced ? [refRank] : [...found].toSorted((one, other) => one - other)
  return {
    checks: wanted.flatMap((rank) => groups[rank]!.make(schema, resource) ?? []),
    collects: !isReplaced && ('unevaluatedProperties' in schema || 'unevaluatedItems' in schema),
    cost: keywords.reduce((sum, keyword) => sum + 1 + lengthOf(schema[keyword]), 0),
  }
}

function lengthOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0
  return Array.isArray(value) ? value.length : Object.keys(value).length
}
