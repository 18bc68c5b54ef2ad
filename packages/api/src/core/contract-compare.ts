import { z } from 'zod'

/*
 * Test support: compares shapes we print (JSON Schema 2020-12, from zod or from our own OpenAPI document)
 * with those of the contract's OpenAPI document. Names, required sets, types, enums, nullability, formats
 * and patterns count both ways; lengths and bounds count for inputs, where they decide what is refused.
 */

export interface JsonSchema {
  readonly $ref?: string
  readonly $defs?: Readonly<Record<string, JsonSchema>>
  readonly type?: string | readonly string[]
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly default?: unknown
  readonly anyOf?: readonly JsonSchema[]
  readonly oneOf?: readonly JsonSchema[]
  readonly allOf?: readonly JsonSchema[]
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: boolean | JsonSchema
  readonly items?: JsonSchema
  readonly format?: string
  readonly pattern?: string
  readonly minLength?: number
  readonly maxLength?: number
  readonly minimum?: number
  readonly maximum?: number
  readonly minItems?: number
  readonly maxItems?: number
}

interface Parameter {
  readonly $ref?: string
  readonly name: string
  readonly in: string
  readonly required?: boolean
  readonly schema: JsonSchema
}

type Content = Readonly<Record<string, { readonly schema: JsonSchema }>>

export interface Operation {
  readonly operationId: string
  readonly parameters?: readonly Parameter[]
  readonly requestBody?: { readonly content: Content }
  readonly responses: Readonly<Record<string, { readonly content?: Content }>>
}

const METHODS = ['get', 'put', 'post', 'patch', 'delete'] as const

/** What `$ref`s point into: the components of an OpenAPI document, or the definitions zod prints. */
export interface Root {
  readonly components?: {
    readonly schemas?: Readonly<Record<string, JsonSchema>>
    readonly parameters?: Readonly<Record<string, Parameter>>
  }
  readonly $defs?: Readonly<Record<string, JsonSchema>>
}

/** The parts of an OpenAPI 3.1 document that are read here. */
export interface OpenApiDocument extends Root {
  readonly paths: Readonly<Record<string, { readonly [method in (typeof METHODS)[number]]?: Operation }>>
}

/** A schema together with the document its `$ref`s point into. */
export interface Located {
  readonly schema: JsonSchema
  readonly document: Root
}

/** One operation as one flat input (path, query and body fields; headers named apart) and one output. */
export interface OperationShapes {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, 'required' | 'optional'>>
  readonly input: Located
  readonly output: Located
}

export interface CompareRules {
  readonly io: 'input' | 'output'
  /** Paths of optional fields that we have beyond the contract, such as `pats[].scopes`. */
  readonly extra?: readonly string[]
  /** Bounds that we set where the contract has none, such as `pageSize.minimum`. */
  readonly tighter?: readonly string[]
  /** Enums of inputs that take all of the contract's values and more, such as `sortField`. */
  readonly wider?: readonly string[]
}

const BOUNDS = ['minLength', 'maxLength', 'minimum', 'maximum', 'minItems', 'maxItems'] as const

/**
 * Reads one operation out of an OpenAPI document, as procedures see it.
 * Throws an Error when the operation is missing, or one name stands in two places of its request.
 */
export function operationShapes(document: OpenApiDocument, operationId: string): OperationShapes {
  const { method, path, operation } = findOperation(document, operationId)
  const properties: Record<string, JsonSchema> = {}
  const required: string[] = []
  const headers: Record<string, 'required' | 'optional'> = {}
  const add = (name: string, schema: JsonSchema, isRequired: boolean): void => {
    if (Object.hasOwn(properties, name)) throw new Error(`${operationId}: ${name} is sent twice`)
    properties[name] = schema
    if (isRequired) required.push(name)
  }
  for (const listed of operation.parameters ?? []) {
    const parameter = dereferenceParameter(listed, document)
    if (parameter.in === 'header') headers[parameter.name] = parameter.required ? 'required' : 'optional'
    else add(parameter.name, parameter.schema, parameter.required ?? false)
  }
  const body = dereference(operation.requestBody?.content['application/json']?.schema ?? {}, document)
  for (const [name, schema] of Object.entries(body.properties ?? {})) {
    add(name, schema, body.required?.includes(name) ?? false)
  }
  const answer = operation.responses['200']?.content?.['application/json']?.schema
  if (!answer) throw new Error(`${operationId}: no JSON answer declared`)
  return {
    method,
    path,
    headers,
    input: { schema: { type: 'object', properties, required }, document },
    output: { schema: answer, document },
  }
}

/** A zod schema as the JSON Schema it prints to. */
export function printedShape(schema: z.ZodType, io: 'input' | 'output'): Located {
  const printed: JsonSchema = JSON.parse(JSON.stringify(z.toJSONSchema(schema, { io })))
  return { schema: printed, document: printed }
}

/** Every difference between the two shapes, one line each, beyond what `rules` allow; stale rules are differences too. */
export function compareShapes(ours: Located, theirs: Located, rules: CompareRules): string[] {
  const comparison = new Comparison(ours.document, theirs.document, rules)
  comparison.compare('', ours.schema, theirs.schema)
  return comparison.result()
}

function findOperation(document: OpenApiDocument, operationId: string) {
  for (const [path, item] of Object.entries(document.paths)) {
    for (const method of METHODS) {
      const operation = item[method]
      if (operation?.operationId === operationId) return { method, path, operation }
    }
  }
  throw new Error(`no operation ${operationId} in the document`)
}

/** Follows a local `$ref`, as often as needed. */
function dereference(schema: JsonSchema, document: Root): JsonSchema {
  if (schema.$ref === undefined) return schema
  const [, home, name = ''] = /^#\/(components\/schemas|\$defs)\/(.+)$/.exec(schema.$ref) ?? []
  const target = (home === '$defs' ? document.$defs : document.components?.schemas)?.[name]
  if (!target) throw new Error(`nothing at ${schema.$ref}`)
  return dereference(target, document)
}

function dereferenceParameter(parameter: Parameter, document: Root): Parameter {
  if (parameter.$ref === undefined) return parameter
  const target = document.components?.parameters?.[parameter.$ref.replace('#/components/parameters/', '')]
  if (!target) throw new Error(`nothing at ${parameter.$ref}`)
  return target
}

interface Shape {
  readonly kind: string
  readonly nullable: boolean
  readonly schema: JsonSchema
}

/** Brings the spellings of "or null", of maps and of free values to one form. */
function toShape(schema: JsonSchema, document: Root): Shape {
  const resolved = dereference(schema, document)
  const branches = resolved.anyOf ?? resolved.oneOf
  if (branches) {
    const others = branches.filter((branch) => branch.type !== 'null')
    const [only] = others
    if (!only || others.length > 1) throw new Error('unions other than "or null" cannot be compared')
    const shape = toShape(only, document)
    return { ...shape, nullable: shape.nullable || others.length < branches.length }
  }
  if (resolved.allOf) throw new Error('intersections cannot be compared')
  const types = resolved.type === undefined ? [] : [resolved.type].flat()
  const named = types.filter((type) => type !== 'null')
  if (named.length > 1) throw new Error(`types ${named.join()} cannot be compared`)
  return { kind: kindOf(named[0], resolved), nullable: named.length < types.length, schema: resolved }
}

function kindOf(type: string | undefined, schema: JsonSchema): string {
  if (type !== 'object') return type ?? 'any'
  const isMap = Object.keys(schema.properties ?? {}).length === 0 && Boolean(schema.additionalProperties)
  return isMap ? 'map' : 'object'
}

function valuesOf(schema: JsonSchema): JsonSchema {
  return typeof schema.additionalProperties === 'object' ? schema.additionalProperties : {}
}

class Comparison {
  readonly #ourDocument: Root
  readonly #theirDocument: Root
  readonly #rules: CompareRules
  readonly #differences: string[] = []
  readonly #usedRules = new Set<string>()

  constructor(ourDocument: Root, theirDocument: Root, rules: CompareRules) {
    this.#ourDocument = ourDocument
    this.#theirDocument = theirDocument
    this.#rules = rules
  }

  result(): string[] {
    const rules = [...(this.#rules.extra ?? []), ...(this.#rules.tighter ?? []), ...(this.#rules.wider ?? [])]
    const stale = rules.filter((rule) => !this.#usedRules.has(rule))
    return [...this.#differences, ...stale.map((rule) => `${rule}: allowed, but there is no such difference`)]
  }

  compare(path: string, ourSchema: JsonSchema, theirSchema: JsonSchema): void {
    const ours = toShape(ourSchema, this.#ourDocument)
    const theirs = toShape(theirSchema, this.#theirDocument)
    this.#expect(`${path || '(root)'}: type`, ours.kind, theirs.kind)
    this.#expect(`${path || '(root)'}: nullable`, ours.nullable, theirs.nullable)
    if (ours.kind !== theirs.kind) return
    this.#compareValues(path, ours.schema, theirs.schema)
    if (ours.kind === 'object') this.#compareProperties(path, ours.schema, theirs.schema)
    if (ours.kind === 'map') this.compare(join(path, '*'), valuesOf(ours.schema), valuesOf(theirs.schema))
    if (ours.kind === 'array') this.compare(`${path}[]`, ours.schema.items ?? {}, theirs.schema.items ?? {})
  }

  #compareValues(path: string, ours: JsonSchema, theirs: JsonSchema): void {
    const isWider = this.#rules.io === 'input' && takesMore(ours.enum, theirs.enum)
    if (!isWider || !this.#allows('wider', path))
      this.#expect(`${path}: enum`, allowedValues(ours), allowedValues(theirs))
    this.#expect(`${path}: format`, ours.format, theirs.format)
    // zod prints the expression it checks a format with; only a pattern without a format is a promise of its own.
    this.#expect(`${path}: pattern`, ours.format ? undefined : ours.pattern, theirs.pattern)
    if (this.#rules.io === 'output') return
    for (const bound of BOUNDS) {
      const rule = `${path}.${bound}`
      const our = Math.abs(ours[bound] ?? 0) === Number.MAX_SAFE_INTEGER ? undefined : ours[bound]
      if (theirs[bound] === undefined && our !== undefined && this.#allows('tighter', rule)) continue
      this.#expect(`${path}: ${bound}`, our, theirs[bound])
    }
  }

  #compareProperties(path: string, ours: JsonSchema, theirs: JsonSchema): void {
    const [our, their] = [ours.properties ?? {}, theirs.properties ?? {}]
    for (const name of new Set([...Object.keys(our), ...Object.keys(their)])) {
      const at = join(path, name)
      const [ourSchema, theirSchema] = [our[name], their[name]]
      const isRequired = ours.required?.includes(name) ?? false
      if (ourSchema && theirSchema) {
        this.#expect(`${at}: required`, isRequired, theirs.required?.includes(name) ?? false)
        this.compare(at, ourSchema, theirSchema)
      } else if (theirSchema) this.#differences.push(`${at}: missing here`)
      else if (!this.#allows('extra', at)) this.#differences.push(`${at}: not in the contract`)
      else if (isRequired) this.#differences.push(`${at}: beyond the contract, so it must be optional`)
    }
  }

  #allows(list: 'extra' | 'tighter' | 'wider', rule: string): boolean {
    const allowed = this.#rules[list]?.includes(rule) ?? false
    if (allowed) this.#usedRules.add(rule)
    return allowed
  }

  #expect(what: string, ours: unknown, theirs: unknown): void {
    if (ours !== theirs) this.#differences.push(`${what} is ${String(ours)} here, ${String(theirs)} in the contract`)
  }
}

function join(path: string, name: string): string {
  return path ? `${path}.${name}` : name
}

function takesMore(ours: readonly unknown[] = [], theirs: readonly unknown[] = []): boolean {
  return theirs.length > 0 && ours.length > theirs.length && theirs.every((value) => ours.includes(value))
}

function allowedValues(schema: JsonSchema): string | undefined {
  const values = schema.enum ?? (schema.const === undefined ? undefined : [schema.const])
  return values
    ?.map((value) => JSON.stringify(value))
    .toSorted()
    .join(' | ')
}
