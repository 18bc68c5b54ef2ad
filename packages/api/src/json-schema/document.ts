import type { Node } from './evaluation.ts'
import { isObject, type JsonObject } from './values/json.ts'

/*
 * A schema as a document: which dialect it is in, where its subschemas stand, and what its references mean. Only what
 * the document itself holds is found, and the meta-schemas; nothing is fetched.
 */

export type Dialect = 'draft-07' | '2020-12'

/** Draft 7, which the official SDK sends, unless `$schema` names a later one. */
export function dialectOf(schema: unknown): Dialect {
  const named = isObject(schema) ? schema['$schema'] : undefined
  return typeof named === 'string' && /\/draft\/20(?:19-09|20-12)\/schema#?$/.test(named) ? '2020-12' : 'draft-07'
}

/** A part of a document with an address of its own (`$id`). */
export interface Resource {
  readonly uri: string
  readonly root: unknown
  readonly document: SchemaDocument
  /** Names of `$anchor` and `$dynamicAnchor`, and of `$id: "#name"` in draft 7. */
  readonly anchors: Map<string, JsonObject>
  readonly dynamicAnchors: Map<string, JsonObject>
}

/** A subschema and the resource it stands in. */
export interface Site {
  readonly schema: unknown
  readonly resource: Resource
  /** Kept once it was asked for. */
  node?: Node
}

const words = (text: string): string[] => text.split(' ')

/** The keywords that hold schemas: one, a list, or some by name. */
const holders = new Map([
  ...words('additionalItems additionalProperties contains contentSchema else if items not').map(one),
  ...words('propertyNames then unevaluatedItems unevaluatedProperties').map(one),
  ...words('allOf anyOf oneOf prefixItems').map(one),
  ...words('$defs definitions dependencies dependentSchemas patternProperties properties').map(
    (keyword) => [keyword, 'by name'] as const,
  ),
])

function one(keyword: string): readonly [string, 'one or a list' | 'by name'] {
  return [keyword, 'one or a list']
}

/** Where relative addresses begin in a schema without `$id`; a name that nothing can have. */
const nowhere = 'https://schema.invalid/'

export class SchemaDocument {
  readonly dialect: Dialect
  readonly root: Resource
  /** Schemas made ready so far. */
  readonly nodes = new WeakMap<object, Node>()
  /** Made ready once in a process: costs no check anything. */
  readonly isShared: boolean
  readonly #resources = new Map<string, Resource>()
  readonly #owners = new Map<object, Resource>()
  readonly #known: (uri: string) => SchemaDocument | undefined

  /** `known` finds the documents that are there beside this one, by address without fragment; without it this is one of them. */
  constructor(schema: unknown, dialect: Dialect, known?: (uri: string) => SchemaDocument | undefined) {
    this.dialect = dialect
    this.isShared = known === undefined
    this.#known = known ?? (() => undefined)
    this.root = this.#resource(this.#addressOf(schema, nowhere) ?? nowhere, schema)
    this.#index(schema, this.root)
  }

  resourceOf(schema: object, within: Resource): Resource {
    return this.#owners.get(schema) ?? within
  }

  /** What a reference means where it stands; null when this document has nothing there. */
  resolve(reference: string, from: Resource): Site | null {
    const [address, fragment] = splitFragment(absolute(reference, from.uri) ?? '')
    const resource = this.#resources.get(address) ?? this.#known(address)?.root
    if (!resource) return null
    if (fragment === '') return { schema: resource.root, resource }
    const name = decoded(fragment)
    if (name === null) return null
    if (name.startsWith('/')) return resource.document.#pointed(name, resource)
    const schema = resource.anchors.get(name)
    return schema ? { schema, resource } : null
  }

  #pointed(pointer: string, resource: Resource): Site | null {
    let schema = resource.root
    let owner = resource
    for (const part of pointer.slice(1).split('/')) {
      const key = part.replaceAll('~1', '/').replaceAll('~0', '~')
      if (typeof schema !== 'object' || schema === null || !Object.hasOwn(schema, key)) return null
      schema = (schema as JsonObject)[key]
      if (isObject(schema)) owner = this.#owners.get(schema) ?? owner
    }
    if (typeof schema === 'boolean') return { schema, resource: owner }
    if (!isObject(schema)) return null
    // A place that no keyword makes a schema of becomes one by being pointed at.
    if (!this.#owners.has(schema)) this.#index(schema, owner)
    return { schema, resource: this.#owners.get(schema) ?? owner }
  }

  #resource(uri: string, root: unknown): Resource {
    const resource = { uri, root, document: this, anchors: new Map(), dynamicAnchors: new Map() }
    if (!this.#resources.has(uri)) this.#resources.set(uri, resource)
    return resource
  }

  #index(schema: unknown, within: Resource): void {
    if (!isObject(schema) || this.#owners.has(schema)) return
    const resource = this.#named(schema, within)
    this.#owners.set(schema, resource)
    eachSubschema(schema, (nested) => this.#index(nested, resource))
  }

  /** The address that a schema gives itself. In draft 7 a reference replaces all that stands beside it. */
  #addressOf(schema: unknown, base: string): string | null {
    if (!isObject(schema) || typeof schema['$id'] !== 'string' || this.#isReplaced(schema)) return null
    if (this.dialect === 'draft-07' && schema['$id'].startsWith('#')) return null
    return splitFragment(absolute(schema['$id'], base) ?? base)[0]
  }

  #isReplaced(schema: JsonObject): boolean {
    return this.dialect === 'draft-07' && typeof schema['$ref'] === 'string'
  }

  /** The resource a schema belongs to, with the names it gives itself taken up. */
  #named(schema: JsonObject, within: Resource): Resource {
    const address = schema === within.root ? null : this.#addressOf(schema, within.uri)
    const resource = address === null ? within : this.#resource(address, schema)
    if (this.#isReplaced(schema)) return resource
    const { $id, $anchor, $dynamicAnchor } = schema
    if (this.dialect === 'draft-07' && typeof $id === 'string' && $id.startsWith('#'))
      resource.anchors.set($id.slice(1), schema)
    if (typeof $anchor === 'string') resource.anchors.set($anchor, schema)
    if (typeof $dynamicAnchor === 'string') {
      resource.anchors.set($dynamicAnchor, schema)
      resource.dynamicAnchors.set($dynamicAnchor, schema)
    }
    return resource
  }
}

/** Calls with each schema directly in one, and the keys that lead to it. */
export function eachSubschema(
  schema: JsonObject,
  visit: (nested: unknown, keyword: string, key?: string | number) => void,
): void {
  for (const keyword of Object.keys(schema)) {
    const held = holders.get(keyword)
    const value = schema[keyword]
    if (held === undefined || typeof value !== 'object' || value === null) continue
    if (Array.isArray(value)) {
      if (held !== 'by name') for (let index = 0; index < value.length; index++) visit(value[index], keyword, index)
    } else if (held !== 'by name') visit(value, keyword)
    else for (const name of Object.keys(value)) visit((value as JsonObject)[name], keyword, name)
  }
}

function absolute(reference: string, base: string): string | null {
  return URL.parse(reference, base)?.href ?? null
}

function splitFragment(uri: string): [address: string, fragment: string] {
  const at = uri.indexOf('#')
  return at < 0 ? [uri, ''] : [uri.slice(0, at), uri.slice(at + 1)]
}

function decoded(fragment: string): string | null {
  try {
    return decodeURIComponent(fragment)
  } catch {
    return null
  }
}
