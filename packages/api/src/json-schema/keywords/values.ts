import type { Check } from '../evaluation.ts'
import { identityOf, type JsonObject, typeOf } from '../values/json.ts'
import { type Group, told } from './keyword.ts'

const types: Readonly<Record<string, string>> = {
  string: 'a string',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  object: 'an object',
  array: 'an array',
  null: 'null',
}

/** `nullable` is OpenAPI's: older SDKs write it beside `type` and `enum`. */
const isNullable = (schema: JsonObject): boolean => schema['nullable'] === true

const type: Group = {
  keywords: ['type'],
  make(schema) {
    const { type: given } = schema
    const names = (Array.isArray(given) ? given : [given]).filter(
      (name) => typeof name === 'string' && Object.hasOwn(types, name),
    )
    if (names.length === 0) return null
    const wanted = new Set<unknown>(isNullable(schema) ? [...names, 'null'] : names)
    return (data, place) => {
      if (wanted.has(typeOf(data)) || (wanted.has('integer') && Number.isInteger(data))) return null
      return {
        place,
        isOther: true,
        say: () => `must be ${[...wanted].map((name) => types[String(name)]).join(' or ')}`,
      }
    }
  },
}

/** Values are told apart by their identity, found once: a long list costs a value no more than a short one. */
function oneOf(values: readonly unknown[], say: () => string): Check {
  let known: Set<string> | undefined
  const hasParts = values.some((value) => typeof value === 'object' && value !== null)
  return (data, place, run) => {
    known ??= new Set(values.map((value) => identityOf(value, run.budget)))
    const fits = (hasParts || typeof data !== 'object' || data === null) && known.has(identityOf(data, run.budget))
    return fits ? null : { place, isOther: true, say }
  }
}

const enumeration: Group = {
  keywords: ['enum'],
  make(schema) {
    const { enum: values } = schema
    if (!Array.isArray(values)) return null
    return oneOf(isNullable(schema) ? [...values, null] : values, () => {
      const shown = values.slice(0, 10).map(told).join(', ')
      return `must be one of ${shown}${values.length > 10 ? ` and ${values.length - 10} more` : ''}`
    })
  },
}

const constant: Group = {
  keywords: ['const'],
  make: ({ const: value }) => oneOf([value], () => `must be ${told(value)}`),
}

export const values: readonly Group[] = [type, constant, enumeration]
