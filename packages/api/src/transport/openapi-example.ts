import type { JsonSchema } from '../core/contract-compare.ts'
import { commonSamples } from '../core/procedure/samples.ts'

type Samples = Readonly<Record<string, unknown>>

/** Where a value stands: the name of its field, and of the field around it. */
interface Spot {
  name: string
  around: string
}

export interface Example {
  samples: Samples
  /** The schemas that `$ref`s name. */
  schemas: Readonly<Record<string, JsonSchema>>
}

/**
 * A value that fits the schema, made of samples by the names of its fields.
 * @throws Error for text that has no sample: examples say something or are not there.
 */
export function exampleOf(schema: JsonSchema, { samples, schemas }: Example): unknown {
  return make(schema, { name: '', around: '' })

  function make(given: JsonSchema, spot: Spot): unknown {
    const sample = sampleOf(samples, spot)
    if (sample !== undefined) return sample
    const form = resolved(given, schemas)
    if (form.const !== undefined) return form.const
    if (form.default !== undefined) return form.default
    if (form.enum) return form.enum[0]
    const branch = (form.anyOf ?? form.oneOf)?.find(({ type }) => type !== 'null')
    if (branch) return make(branch, spot)
    return ofType(form, spot)
  }

  function ofType(form: JsonSchema, spot: Spot): unknown {
    const type = [form.type ?? []].flat().find((one) => one !== 'null')
    if (type === 'object') return ofObject(form, spot.name || spot.around)
    if (type === 'array') return form.items ? [make(form.items, { name: '', around: spot.name })] : []
    if (type === 'boolean') return false
    if (type === 'number' || type === 'integer') return Math.max(form.minimum ?? 1, 1)
    throw new Error(`There is no sample for "${[spot.around, spot.name].filter(Boolean).join('.')}".`)
  }

  function ofObject({ properties = {} }: JsonSchema, name: string): object {
    return Object.fromEntries(
      Object.entries(properties).map(([key, inner]) => [key, make(inner, { name: key, around: name })]),
    )
  }
}

function sampleOf(samples: Samples, { name, around }: Spot): unknown {
  if (name === '') return undefined
  if (Object.hasOwn(samples, `${around}.${name}`)) return samples[`${around}.${name}`]
  return Object.hasOwn(samples, name) ? samples[name] : commonSamples[name]
}

function resolved(schema: JsonSchema, schemas: Example['schemas']): JsonSchema {
  const name = schema.$ref?.replace('#/components/schemas/', '')
  const target = name === undefined ? undefined : schemas[name]
  return target ? resolved(target, schemas) : schema
}
