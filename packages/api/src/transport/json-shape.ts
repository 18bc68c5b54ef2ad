import type { JsonSchema } from '../core/contract-compare.ts'
import { printInput } from './fields.ts'
import type { Shape } from './json-scan.ts'
import type { Served } from './procedures.ts'

/** Levels of a schema that are looked at; further in, everything counts as declared. */
const deepest = 8

/** What an input schema declares, read off its JSON Schema. Where that leaves a doubt, everything is declared. */
function shapeIn(schema: JsonSchema, root: JsonSchema, depth = 0): Shape {
  if (depth > deepest) return true
  const target = schema.$ref?.startsWith('#/$defs/') ? root.$defs?.[schema.$ref.slice('#/$defs/'.length)] : undefined
  if (target) return shapeIn(target, root, depth + 1)
  const branches = schema.anyOf ?? schema.oneOf ?? schema.allOf
  if (branches) {
    const parted = branches.map((branch) => shapeIn(branch, root, depth + 1)).filter((shape) => shape !== true)
    return parted.length === 1 && parted[0] !== undefined && scalarsBeside(branches) ? parted[0] : true
  }
  const { type, items, properties, additionalProperties } = schema
  if (type === 'array') return { items: items ? shapeIn(items, root, depth + 1) : true }
  if (type !== 'object') return true
  const keys: Record<string, Shape> = {}
  for (const [name, property] of Object.entries(properties ?? {})) keys[name] = shapeIn(property, root, depth + 1)
  return { keys, rest: restOf(additionalProperties, (of) => shapeIn(of, root, depth + 1)) }
}

/** A strict object tells the caller which key it does not know, so that is not cut out. */
function restOf(additional: JsonSchema['additionalProperties'], shape: (of: JsonSchema) => Shape): Shape {
  if (typeof additional === 'object') return shape(additional)
  return additional !== undefined
}

/** Whether all but one of the branches are of values without parts. */
function scalarsBeside(branches: readonly JsonSchema[]): boolean {
  const scalar = new Set(['null', 'boolean', 'number', 'integer', 'string'])
  return branches.filter(({ type }) => typeof type !== 'string' || !scalar.has(type)).length === 1
}

const known = new WeakMap<Served, Shape>()

/** What the input of a procedure declares. */
export function shapeOf(served: Served): Shape {
  const earlier = known.get(served)
  if (earlier !== undefined) return earlier
  const root = printInput(served.meta.input)
  const shape = shapeIn(root, root)
  known.set(served, shape)
  return shape
}

/** What the body of a batch declares, by position. */
export function shapeOfBatch(called: readonly (Served | undefined)[]): Shape {
  return {
    keys: Object.fromEntries(called.map((served, position) => [position, served ? shapeOf(served) : false])),
    rest: false,
  }
}
