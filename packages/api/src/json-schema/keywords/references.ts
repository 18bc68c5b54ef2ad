import type { Resource, Site } from '../document.ts'
import { BrokenSchema } from '../values/broken-schema.ts'
import { isObject } from '../values/json.ts'
import { type Group, siteOf } from './keyword.ts'

function resolved(reference: string, resource: Resource): Site {
  const found = resource.document.resolve(reference, resource)
  if (!found) throw new BrokenSchema(`"${reference.slice(0, 200)}" refers to nothing in this schema`)
  return siteOf(found.schema, found.resource)
}

const ref: Group = {
  keywords: ['$ref'],
  make({ $ref: reference }, resource) {
    if (typeof reference !== 'string') return null
    let site: Site | undefined
    return (data, place, run) => {
      run.budget.spend(site ? 0 : 100 + reference.length)
      site ??= resolved(reference, resource)
      return run.apply(site, data, place)
    }
  },
}

/** Leads to what the outermost schema on the way here calls by that name, if what it would reach plainly may be replaced so. */
const dynamicRef: Group = {
  keywords: ['$dynamicRef'],
  make({ $dynamicRef: reference }, resource) {
    if (typeof reference !== 'string') return null
    let plain: Site | undefined
    return (data, place, run) => {
      run.budget.spend(plain ? run.scope.length : 100 + reference.length)
      plain ??= resolved(reference, resource)
      const { schema } = plain
      const name = isObject(schema) ? schema['$dynamicAnchor'] : undefined
      if (typeof name !== 'string' || !reference.endsWith(`#${name}`)) return run.apply(plain, data, place)
      const outermost = run.scope.find(({ dynamicAnchors }) => dynamicAnchors.has(name))
      const target = outermost ? siteOf(outermost.dynamicAnchors.get(name), outermost) : plain
      return run.apply(target, data, place)
    }
  },
}

export const references: readonly Group[] = [ref, dynamicRef]
