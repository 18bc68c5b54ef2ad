import { Budget, budgetFor, TooMuch } from './values/budget.ts'
import { BrokenSchema } from './values/broken-schema.ts'
import { dialectOf, eachSubschema, type Resource, SchemaDocument } from './document.ts'
import { Evaluation, type Misfit, type Place } from './evaluation.ts'
import { isObject } from './values/json.ts'
import { metaSchemaAt, metaSchemas } from './meta-schemas.ts'
import { Pattern, PatternFault } from './pattern/pattern.ts'

/*
 * JSON Schema, draft 7 and 2020-12, for server and console alike: an interpreter that counts its work (decision 16).
 * Needs nothing of Node or of a browser, and makes no code.
 */

/** The first thing that is wrong. Paths are keys and indices from the root. */
export interface SchemaFault {
  /** `data` does not fit, `schema` is no schema that can be checked, `work`: checking takes more steps than allowed. */
  readonly kind: 'data' | 'schema' | 'work'
  /** In the data for `data`, in the schema for what `checkSchema` finds, else empty. */
  readonly path: readonly (string | number)[]
  /** The rest of a sentence about what stands there, such as `must be a string`. */
  readonly message: string
}

export interface CheckOptions {
  /** Whether `format` is checked; true when absent. */
  readonly formats?: boolean
  /** Units of work, instead of as many as what was sent allows. */
  readonly budget?: number
}

/**
 * Holds data against a schema that `checkSchema` takes. Work is bounded by the size of both, added. Never throws; null
 * when the data fits.
 */
export function checkData(schema: unknown, data: unknown, options: CheckOptions = {}): SchemaFault | null {
  return told(() => {
    const budget = budgetOf([schema, data], options)
    const { root } = documentOf(schema)
    const run = new Evaluation(budget, options.formats ?? true)
    return ofMisfit('data', run.apply({ schema, resource: root }, data, null))
  })
}

/**
 * Whether a value is a schema: it fits its meta-schema, its references lead somewhere within it, its patterns can be run
 * in bounded time. Never throws; null when it is one.
 */
export function checkSchema(schema: unknown, options: Pick<CheckOptions, 'budget'> = {}): SchemaFault | null {
  return told(() => {
    const budget = budgetOf([schema], options)
    const meta = metaSchemas[dialectOf(schema)].root
    const run = new Evaluation(budget, false)
    const misfit = ofMisfit('schema', run.apply({ schema: meta.root, resource: meta }, schema, null))
    return misfit ?? partFault(documentOf(schema), budget)
  })
}

/** What was sent is measured in any case: nothing recurses over more than its measure allows. */
function budgetOf(sent: readonly unknown[], { budget }: CheckOptions): Budget {
  const allowed = budgetFor(...sent)
  return budget === undefined ? allowed : new Budget(budget)
}

function documentOf(schema: unknown): SchemaDocument {
  return new SchemaDocument(schema, dialectOf(schema), metaSchemaAt)
}

function told(check: () => SchemaFault | null): SchemaFault | null {
  try {
    return check()
  } catch (error) {
    if (error instanceof TooMuch) return { kind: 'work', path: [], message: error.message }
    if (error instanceof BrokenSchema) return { kind: 'schema', path: [], message: error.message }
    if (error instanceof PatternFault)
      return { kind: 'schema', path: [], message: `has a pattern that ${error.message}` }
    throw error
  }
}

function ofMisfit(kind: 'data' | 'schema', misfit: Misfit | null): SchemaFault | null {
  return misfit && { kind, path: pathOf(misfit.place), message: misfit.say() }
}

function pathOf(place: Place | null): (string | number)[] {
  const path: (string | number)[] = []
  for (let at = place; at; at = at.up) path.push(at.key)
  return path.toReversed()
}

/** What the meta-schema cannot say of a schema: references that lead nowhere, patterns that cannot be run. */
function partFault(document: SchemaDocument, budget: Budget): SchemaFault | null {
  let first: SchemaFault | null = null
  const look = (schema: unknown, place: Place | null, within: Resource): void => {
    if (first || !isObject(schema)) return
    budget.spend(15)
    const resource = document.resourceOf(schema, within)
    const fault = referenceFault(schema, resource, budget) ?? patternFault(schema, budget)
    if (fault) first = { kind: 'schema', path: [...pathOf(place), ...fault.at], message: fault.message }
    eachSubschema(schema, (nested, keyword, key) => {
      const holder = { key: keyword, up: place }
      look(nested, key === undefined ? holder : { key, up: holder }, resource)
    })
  }
  look(document.root.root, null, document.root)
  return first
}

interface PartFault {
  at: readonly (string | number)[]
  message: string
}

function referenceFault(
  schema: Readonly<Record<string, unknown>>,
  resource: Resource,
  budget: Budget,
): PartFault | null {
  for (const keyword of ['$ref', '$dynamicRef']) {
    const reference = schema[keyword]
    if (typeof reference !== 'string') continue
    budget.spend(100 + reference.length)
    if (!resource.document.resolve(reference, resource))
      return {
        at: [keyword],
        message: 'refers to something that is not in this schema; other documents cannot be referenced',
      }
  }
  return null
}

function patternFault(schema: Readonly<Record<string, unknown>>, budget: Budget): PartFault | null {
  const { pattern, patternProperties } = schema
  const sources: [source: string, ...at: string[]][] = []
  if (typeof pattern === 'string') sources.push([pattern, 'pattern'])
  if (isObject(patternProperties))
    for (const source of Object.keys(patternProperties)) sources.push([source, 'patternProperties', source])
  for (const [source, ...at] of sources)
    try {
      budget.spend(100 + 4 * source.length)
      budget.spend(10 * new Pattern(source).size)
    } catch (error) {
      if (!(error instanceof PatternFault)) throw error
      return { at, message: `is a pattern that ${error.message}` }
    }
  return null
}
