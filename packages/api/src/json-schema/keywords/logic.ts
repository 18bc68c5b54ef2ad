import type { Resource, Site } from '../document.ts'
import type { Misfit, Place } from '../evaluation.ts'
import { type Group, isSchema, misfit, siteOf } from './keyword.ts'

const sitesIn = (list: unknown, resource: Resource): Site[] =>
  Array.isArray(list) ? list.map((schema) => siteOf(schema, resource)) : []

const allOf: Group = {
  keywords: ['allOf'],
  make({ allOf: list }, resource) {
    const sites = sitesIn(list, resource)
    return (data, place, run) => {
      for (const site of sites) {
        const found = run.apply(site, data, place)
        if (found) return found
      }
      return null
    }
  },
}

const anyOf: Group = {
  keywords: ['anyOf'],
  make({ anyOf: list }, resource) {
    const sites = sitesIn(list, resource)
    return (data, place, run) => {
      const misfits: Misfit[] = []
      let fits = sites.length === 0
      for (const site of sites) {
        const found = run.apply(site, data, place)
        if (found) misfits.push(found)
        else fits = true
        // Where somebody asks what was looked at, all that fit have to be tried.
        if (fits && !run.seen) return null
      }
      return fits ? null : closest(misfits, place)
    }
  },
}

const oneOf: Group = {
  keywords: ['oneOf'],
  make({ oneOf: list }, resource) {
    const sites = sitesIn(list, resource)
    if (sites.length === 0) return null
    return (data, place, run) => {
      const misfits: Misfit[] = []
      for (const [index, site] of sites.entries()) {
        const found = run.apply(site, data, place)
        if (found) misfits.push(found)
        else if (misfits.length < index)
          return misfit(place, () => `must match exactly one of the ${sites.length} alternatives, but matches several`)
      }
      return misfits.length < sites.length ? null : closest(misfits, place)
    }
  },
}

/**
 * What to tell when all alternatives failed: the one that came furthest into the value was meant, and none for other
 * types or values; where several are left, all that they ask.
 */
function closest(misfits: readonly Misfit[], place: Place | null): Misfit {
  const depths = misfits.map((found) => depthOf(found.place))
  const deepest = Math.max(...depths)
  const far = misfits.filter((_, index) => depths[index] === deepest)
  const meant = far.filter(({ isOther }) => !isOther)
  const left = meant.length > 0 ? meant : far
  const first = left[0]!
  if (left.length === 1) return first
  const where = pathTo(first.place)
  if (left.some((found) => pathTo(found.place) !== where))
    return misfit(place, () => `must match one of the ${misfits.length} alternatives in the schema`)
  return misfit(first.place, () => alternatives(left.map((found) => found.say())))
}

const depthOf = (place: Place | null): number => (place === null ? 0 : depthOf(place.up) + 1)
const pathTo = (place: Place | null): string =>
  place === null ? '' : `${pathTo(place.up)}/${JSON.stringify(place.key)}`

function alternatives(says: readonly string[]): string {
  const all = [...new Set(says)]
  const shown = all.slice(0, 5)
  if (all.length > shown.length) return `${shown.join(', or ')}, or match one of ${all.length - 5} more alternatives`
  return shown.every((say) => say.startsWith('must be '))
    ? `must be ${shown.map((say) => say.slice(8)).join(' or ')}`
    : shown.join(', or ')
}

const not: Group = {
  keywords: ['not'],
  make({ not: schema }, resource) {
    if (!isSchema(schema)) return null
    const site = siteOf(schema, resource)
    return (data, place, run) =>
      run.applyToPart(site, data, place) ? null : misfit(place, () => 'must not match the schema in "not"')
  },
}

const condition: Group = {
  keywords: ['if', 'then', 'else'],
  make({ if: test, then, else: otherwise }, resource) {
    if (!isSchema(test)) return null
    const site = siteOf(test, resource)
    const [fits, fails] = [then, otherwise].map((schema) => (isSchema(schema) ? siteOf(schema, resource) : null))
    return (data, place, run) => {
      const branch = run.apply(site, data, place) ? fails : fits
      return branch ? run.apply(branch, data, place) : null
    }
  },
}

export const logic: readonly Group[] = [allOf, anyOf, oneOf, not, condition]
