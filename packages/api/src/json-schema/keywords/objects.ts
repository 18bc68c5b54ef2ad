import type { Site } from '../document.ts'
import type { Evaluation, Misfit, Place } from '../evaluation.ts'
import { isObject, type JsonObject } from '../values/json.ts'
import { below, countOf, type Group, isSchema, misfit, plural, siteOf } from './keyword.ts'
import { patternOf } from './strings.ts'

const minProperties: Group = {
  keywords: ['minProperties'],
  make({ minProperties: given }) {
    const least = countOf(given)
    if (!least) return null
    return (data, place, run) =>
      !isObject(data) || run.keysOf(data).length >= least
        ? null
        : misfit(place, () => `must have at least ${plural(least, 'property')}`)
  },
}

const maxProperties: Group = {
  keywords: ['maxProperties'],
  make({ maxProperties: given }) {
    const most = countOf(given)
    if (most === null) return null
    return (data, place, run) =>
      !isObject(data) || run.keysOf(data).length <= most
        ? null
        : misfit(place, () => `must have at most ${plural(most, 'property')}`)
  },
}

const namesIn = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((name) => typeof name === 'string') : []

/** The first name that is not there. */
function absence(data: JsonObject, names: readonly string[], run: Evaluation): string | undefined {
  const at = names.findIndex((name) => !Object.hasOwn(data, name))
  run.budget.spend(2 * (at < 0 ? names.length : at + 1))
  return names[at]
}

const required: Group = {
  keywords: ['required'],
  make({ required: given }) {
    const names = namesIn(given)
    return (data, place, run) => {
      const missing = isObject(data) ? absence(data, names, run) : undefined
      return missing === undefined ? null : misfit(below(place, missing), () => 'is required')
    }
  },
}

const properties: Group = {
  keywords: ['properties', 'patternProperties', 'additionalProperties'],
  make({ properties: named, patternProperties, additionalProperties }, resource) {
    const known = new Map(
      Object.entries(isObject(named) ? named : {}).map(([key, schema]) => [key, siteOf(schema, resource)]),
    )
    const patterns = Object.entries(isObject(patternProperties) ? patternProperties : {}).map(([source, schema]) => ({
      pattern: patternOf(source),
      site: siteOf(schema, resource),
    }))
    const others = isSchema(additionalProperties) ? siteOf(additionalProperties, resource) : null
    const sitesBeyond = function* (key: string, run: Evaluation) {
      let isKnown = known.has(key)
      for (const { pattern, site } of patterns) {
        if (!pattern(run).isIn(key, run.budget)) continue
        isKnown = true
        yield site
      }
      if (!isKnown && others) yield others
    }
    return (data, place, run) => {
      if (!isObject(data)) return null
      const keys = run.keysOf(data)
      run.budget.spend(keys.length * 4)
      const fault = (key: string, site: Site): Misfit | null => {
        run.seen?.keys.add(key)
        return run.applyToPart(site, data[key], below(place, key))
      }
      // What a schema names is told first: of alternatives, that tells which one is meant.
      for (const key of keys) {
        const site = known.get(key)
        const found = site && fault(key, site)
        if (found) return found
      }
      if (patterns.length === 0 && !others) return null
      for (const key of keys)
        for (const site of sitesBeyond(key, run)) {
          const found = fault(key, site)
          if (found) return found
        }
      return null
    }
  },
}

const propertyNames: Group = {
  keywords: ['propertyNames'],
  make({ propertyNames: schema }, resource) {
    if (!isSchema(schema) || schema === true) return null
    const site = siteOf(schema, resource)
    return (data, place, run) => {
      for (const key of isObject(data) ? run.keysOf(data) : []) {
        const found = run.applyToPart(site, key, below(place, key))
        if (found) return misfit(found.place, () => `has a name that is not allowed: it ${found.say()}`)
      }
      return null
    }
  },
}

/** What the presence of one property asks for: other properties, or that the whole fits a schema. */
const dependencies: Group = {
  keywords: ['dependencies', 'dependentRequired', 'dependentSchemas'],
  make(schema, resource) {
    const entries = ['dependencies', 'dependentRequired', 'dependentSchemas'].flatMap((keyword) =>
      Object.entries(isObject(schema[keyword]) ? schema[keyword] : {}),
    )
    const asks = entries.map(([key, wanted]) => ({
      key,
      names: namesIn(wanted),
      site: isSchema(wanted) ? siteOf(wanted, resource) : null,
    }))
    return (data, place, run) => {
      if (!isObject(data)) return null
      run.budget.spend(asks.length * 2)
      for (const ask of asks) {
        const found = Object.hasOwn(data, ask.key) ? dependent(data, { ...ask, place }, run) : null
        if (found) return found
      }
      return null
    }
  },
}

interface Ask {
  key: string
  names: readonly string[]
  site: Site | null
  place: Place | null
}

function dependent(data: JsonObject, { key, names, site, place }: Ask, run: Evaluation): Misfit | null {
  const missing = absence(data, names, run)
  if (missing !== undefined) return misfit(below(place, missing), () => `is required when "${key}" is present`)
  return site && run.apply(site, data, place)
}

export const objects: readonly Group[] = [
  properties,
  required,
  minProperties,
  maxProperties,
  propertyNames,
  dependencies,
]
