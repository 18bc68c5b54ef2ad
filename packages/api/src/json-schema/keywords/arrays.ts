import type { Check } from '../evaluation.ts'
import { identityOf } from '../values/json.ts'
import { below, countOf, type Group, isSchema, misfit, plural, siteOf } from './keyword.ts'

const minItems: Group = {
  keywords: ['minItems'],
  make({ minItems: given }) {
    const least = countOf(given)
    if (!least) return null
    return (data, place) =>
      !Array.isArray(data) || data.length >= least
        ? null
        : misfit(place, () => `must have at least ${plural(least, 'item')}`)
  },
}

const maxItems: Group = {
  keywords: ['maxItems'],
  make({ maxItems: given }) {
    const most = countOf(given)
    if (most === null) return null
    return (data, place) =>
      !Array.isArray(data) || data.length <= most
        ? null
        : misfit(place, () => `must have at most ${plural(most, 'item')}`)
  },
}

const uniqueItems: Group = {
  keywords: ['uniqueItems'],
  make({ uniqueItems: wanted }) {
    if (wanted !== true) return null
    return (data, place, run) => {
      if (!Array.isArray(data)) return null
      const scalars = new Map<unknown, number>()
      const others = new Map<string, number>()
      for (const [index, item] of data.entries()) {
        const isScalar = typeof item !== 'object' || item === null
        run.budget.spend(6 + (typeof item === 'string' ? item.length >> 2 : 0))
        const [found, identity] = isScalar ? [scalars, item] : [others, identityOf(item, run.budget)]
        const first = found.get(identity as string)
        if (first !== undefined)
          return misfit(below(place, index), () => `must not be the same as item ${first + 1}: items must be unique`)
        found.set(identity as string, index)
      }
      return null
    }
  },
}

/** Draft 7 lists the schemas of the first items in `items`, later drafts in `prefixItems`. */
const items: Group = {
  keywords: ['prefixItems', 'items', 'additionalItems'],
  make({ items: given, prefixItems, additionalItems }, resource) {
    const isList = Array.isArray(given) && resource.document.dialect === 'draft-07'
    const listed: unknown = isList ? given : prefixItems
    const first = Array.isArray(listed) ? listed.map((schema) => siteOf(schema, resource)) : []
    const others = isList ? additionalItems : given
    const rest = isSchema(others) ? siteOf(others, resource) : null
    return (data, place, run) => {
      if (!Array.isArray(data)) return null
      const count = rest && rest.schema !== true ? data.length : Math.min(first.length, data.length)
      for (let index = 0; index < count; index++) {
        const found = run.applyToPart(first[index] ?? rest!, data[index], below(place, index))
        if (found) return found
      }
      if (run.seen) run.seen.items = Math.max(run.seen.items, rest ? data.length : first.length)
      return null
    }
  },
}

const contains: Group = {
  keywords: ['contains', 'minContains', 'maxContains'],
  make({ contains: schema, minContains, maxContains }, resource): Check | null {
    if (!isSchema(schema)) return null
    const site = siteOf(schema, resource)
    const least = countOf(minContains) ?? 1
    const most = countOf(maxContains) ?? Infinity
    return (data, place, run) => {
      if (!Array.isArray(data)) return null
      let count = 0
      for (const [index, item] of data.entries()) {
        if (run.applyToPart(site, item, place)) continue
        count++
        run.seen?.indices.add(index)
        if (count > most) break
        if (!run.seen && count >= least && most === Infinity) break
      }
      if (count < least) return misfit(place, () => `must have at least ${plural(least, 'item')} matching "contains"`)
      return count <= most ? null : misfit(place, () => `must have at most ${plural(most, 'item')} matching "contains"`)
    }
  },
}

export const arrays: readonly Group[] = [minItems, maxItems, items, contains, uniqueItems]
