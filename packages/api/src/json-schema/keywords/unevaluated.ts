import { isObject } from '../values/json.ts'
import { below, type Group, isSchema, siteOf } from './keyword.ts'

/* Both run after all other keywords of their schema, and see what those and the schemas they applied have looked at. */

const unevaluatedProperties: Group = {
  keywords: ['unevaluatedProperties'],
  make({ unevaluatedProperties: schema }, resource) {
    if (!isSchema(schema)) return null
    const site = siteOf(schema, resource)
    return (data, place, run) => {
      if (!isObject(data)) return null
      const keys = run.keysOf(data)
      run.budget.spend(keys.length * 2)
      for (const key of keys) {
        if (run.seen?.keys.has(key)) continue
        const found = run.applyToPart(site, data[key], below(place, key))
        if (found) return found
        run.seen?.keys.add(key)
      }
      return null
    }
  },
}

const unevaluatedItems: Group = {
  keywords: ['unevaluatedItems'],
  make({ unevaluatedItems: schema }, resource) {
    if (!isSchema(schema)) return null
    const site = siteOf(schema, resource)
    return (data, place, run) => {
      if (!Array.isArray(data)) return null
      for (let index = run.seen?.items ?? 0; index < data.length; index++) {
        run.budget.spend(1)
        if (run.seen?.indices.has(index)) continue
        const found = run.applyToPart(site, data[index], below(place, index))
        if (found) return found
      }
      if (run.seen) run.seen.items = data.length
      return null
    }
  },
}

export const unevaluated: readonly Group[] = [unevaluatedItems, unevaluatedProperties]
