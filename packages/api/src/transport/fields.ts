import { z } from 'zod'
import type { JsonSchema } from '../core/contract-compare.ts'

/** How the text of a path or query becomes a value, read off the JSON Schema of an input field. */
export type Kind =
  | { is: 'text' | 'number' | 'boolean' }
  | { is: 'list'; of: Kind }
  | { is: 'map'; of: Kind }
  | { is: 'object'; of: Record<string, Kind> }

const text: Kind = { is: 'text' }

/** An input schema as JSON Schema; what it cannot say (a custom check) is left out. */
export function printInput(schema: z.ZodType): JsonSchema {
  return z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonSchema
}

/** @param root the document that local `$ref`s point into. */
export function kindOf(schema: JsonSchema, root: JsonSchema): Kind {
  const target = schema.$ref?.startsWith('#/$defs/') ? root.$defs?.[schema.$ref.slice('#/$defs/'.length)] : undefined
  if (target) return kindOf(target, root)
  const branches = schema.anyOf ?? schema.oneOf ?? schema.allOf
  if (branches) {
    const named = branches.filter((branch) => branch.type !== 'null')
    return named.length === 1 && named[0] ? kindOf(named[0], root) : text
  }
  const type = [schema.type ?? []].flat().find((name) => name !== 'null')
  if (type === 'boolean') return { is: 'boolean' }
  if (type === 'number' || type === 'integer') return { is: 'number' }
  if (type === 'array') return { is: 'list', of: kindOf(schema.items ?? {}, root) }
  if (type !== 'object') return text
  const { properties, additionalProperties } = schema
  if (properties && Object.keys(properties).length > 0)
    return { is: 'object', of: mapValues(properties, (property) => kindOf(property, root)) }
  return { is: 'map', of: typeof additionalProperties === 'object' ? kindOf(additionalProperties, root) : text }
}

function mapValues<T, U>(record: Readonly<Record<string, T>>, change: (value: T) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]))
}

const number = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/

/** Text as the scalar that is wanted. What is no such scalar stays text, for the schema to refuse. */
export function fromText(value: string, kind: Kind): unknown {
  if (kind.is === 'boolean' && (value === 'true' || value === 'false')) return value === 'true'
  if (kind.is === 'number' && number.test(value)) return Number(value)
  return value
}

/** The parameters of one name: those called exactly so, and those called `name.key`, by key. */
export interface Sent {
  plain: string[]
  dotted: Map<string, string[]>
}

/** What was sent under one name, as a value of the kind; undefined when nothing was. */
export function fromQuery({ plain, dotted }: Sent, kind: Kind): unknown {
  if (kind.is === 'list') return plain.length > 0 ? plain.map((value) => fromText(value, kind.of)) : undefined
  if ((kind.is === 'map' || kind.is === 'object') && dotted.size > 0) {
    const made: Record<string, unknown> = Object.create(null)
    for (const [key, values] of dotted) {
      const inner = innerKind(kind, key)
      made[key] = fromQuery({ plain: values, dotted: new Map() }, inner)
    }
    return made
  }
  if (plain.length > 1) return plain
  return plain[0] === undefined ? undefined : fromText(plain[0], kind)
}

function innerKind(kind: Extract<Kind, { is: 'map' | 'object' }>, key: string): Kind {
  if (kind.is === 'map') return kind.of
  return (Object.hasOwn(kind.of, key) ? kind.of[key] : undefined) ?? text
}
