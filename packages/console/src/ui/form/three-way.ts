import { isRecord, namesOf, own, pathOf, same } from './paths.ts'

/** One place that two people changed from the same beginning, each to something else. */
export interface Clash {
  /** As `pathOf` writes it. */
  path: string
  base: unknown
  mine: unknown
  theirs: unknown
}

export interface Merged<T> {
  /** Theirs where I changed nothing, mine where they changed nothing; mine where both did. */
  merged: T
  /** What mine is now changed from: theirs, but where both changed something it stays as it was. */
  base: T
  clashes: Clash[]
}

/**
 * Brings together what two made of the same beginning, field by field. Lists are fields as a whole; a name that is not
 * there is as one that is undefined.
 */
export function threeWay<T>(base: T, mine: T, theirs: T): Merged<T> {
  const clashes: Clash[] = []
  const { merged, base: next } = walk([], { base, mine, theirs }, clashes)
  return { merged: merged as T, base: next as T, clashes }
}

interface Sides {
  base: unknown
  mine: unknown
  theirs: unknown
}

function walk(way: readonly string[], sides: Sides, clashes: Clash[]): { merged: unknown; base: unknown } {
  const { base, mine, theirs } = sides
  if (same(mine, theirs)) return { merged: mine, base: theirs }
  if (same(base, theirs)) return { merged: mine, base }
  if (same(base, mine)) return { merged: theirs, base: theirs }
  if (!isRecord(mine) || !isRecord(theirs)) {
    clashes.push({ path: pathOf(way), ...sides })
    return { merged: mine, base }
  }
  const before = isRecord(base) ? base : {}
  const names = namesOf(mine, theirs, before)
  const parts = names.map((name) => ({
    name,
    ...walk([...way, name], { base: own(before, name), mine: own(mine, name), theirs: own(theirs, name) }, clashes),
  }))
  return {
    merged: record(parts.map(({ name, merged }) => [name, merged])),
    base: record(parts.map(({ name, base: part }) => [name, part])),
  }
}

function record(entries: readonly (readonly [string, unknown])[]): Record<string, unknown> {
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined))
}
