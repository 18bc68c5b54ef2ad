import { type Budget, TooMuch } from './values/budget.ts'
import type { Resource, Site } from './document.ts'
import { isObject, type JsonObject } from './values/json.ts'
import { checksOf } from './keywords/table.ts'

/** Where a value stands in the data: the way down to it, from below. */
export interface Place {
  readonly key: string | number
  readonly up: Place | null
}

/** What does not fit; its message is built only when it is reported. */
export interface Misfit {
  readonly place: Place | null
  readonly say: () => string
  /** Whether the value is of another type, or none of the values, that the schema is for: of alternatives, not the one meant. */
  readonly isOther?: boolean
}

/** One thing that a schema asks of a value; null when the value fits. */
export type Check = (data: unknown, place: Place | null, run: Evaluation) => Misfit | null

/** A subschema, ready to be asked. */
export interface Node {
  readonly checks: readonly Check[]
  readonly resource: Resource
  /** Whether it asks what other schemas have looked at (`unevaluated…`). */
  readonly collects: boolean
}

/** What the schemas that fit one value have looked at in it. */
export interface Seen {
  keys: Set<string>
  /** As many items, from the first. */
  items: number
  indices: Set<number>
}

/** Schemas within schemas that are under way; what a stack holds several times over. */
const deepest = 600

const refuse: Check = (_, place) => ({ place, say: () => 'is not allowed here' })

/** One check of one value, by which its schemas' checks ask each other. */
export class Evaluation {
  readonly budget: Budget
  /** Whether `format` is checked or a mere note. */
  readonly formats: boolean
  /** What was looked at in the value at hand; null while nobody asks. */
  seen: Seen | null = null
  /** The resources entered on the way here, outermost first. */
  readonly scope: Resource[] = []
  readonly #keys = new Map<object, readonly string[]>()
  #depth = 0

  constructor(budget: Budget, formats: boolean) {
    this.budget = budget
    this.formats = formats
  }

  /** Asks a schema of the value at hand. */
  apply(site: Site, data: unknown, place: Place | null): Misfit | null {
    const node = (site.node ??= this.#nodeOf(site))
    this.budget.spend(4 + 3 * node.checks.length)
    if (node.checks.length === 0) return null
    if (++this.#depth > deepest) throw new TooMuch('refers to itself endlessly, or is nested too deeply')
    const entered = this.scope.at(-1) !== node.resource
    if (entered) this.scope.push(node.resource)
    const misfit = this.#ask(node, data, place)
    if (entered) this.scope.pop()
    this.#depth--
    return misfit
  }

  /** Asks a schema of a part of the value at hand. */
  applyToPart(site: Site, data: unknown, place: Place | null): Misfit | null {
    const outer = this.seen
    this.seen = null
    const misfit = this.apply(site, data, place)
    this.seen = outer
    return misfit
  }

  /** The keys of an object, read once. */
  keysOf(data: JsonObject): readonly string[] {
    const known = this.#keys.get(data)
    if (known) return known
    const keys = Object.keys(data)
    this.budget.spend(4 + keys.length)
    this.#keys.set(data, keys)
    return keys
  }

  #nodeOf({ schema, resource }: Site): Node {
    if (!isObject(schema)) return { checks: schema === false ? [refuse] : [], collects: false, resource }
    const { document } = resource
    const known = document.nodes.get(schema)
    if (known) return known
    const owner = document.resourceOf(schema, resource)
    const node = { ...checksOf(schema, owner), resource: owner }
    // Its keywords, and the names and values that they list.
    if (!document.isShared) this.budget.spend(20 + 10 * node.cost)
    document.nodes.set(schema, node)
    return node
  }

  #ask(node: Node, data: unknown, place: Place | null): Misfit | null {
    const outer = this.seen
    const own =
      outer !== null || node.collects ? { keys: new Set<string>(), items: 0, indices: new Set<number>() } : null
    this.seen = own
    for (const check of node.checks) {
      const misfit = check(data, place, this)
      if (misfit) {
        this.seen = outer
        return misfit
      }
    }
    this.seen = outer
    if (outer && own) this.#add(outer, own)
    return null
  }

  #add(outer: Seen, own: Seen): void {
    this.budget.spend(4 + 2 * (own.keys.size + own.indices.size))
    for (const key of own.keys) outer.keys.add(key)
    for (const index of own.indices) outer.indices.add(index)
    outer.items = Math.max(outer.items, own.items)
  }
}
