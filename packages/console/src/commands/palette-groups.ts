import type { Recent } from './recent.ts'
import { rank } from './rank.ts'

/** Something that the palette offers. */
export interface Entry {
  kind: Recent['kind']
  id: string
  heading: string
  /** What it is called first, then what else finds it. */
  names: readonly string[]
}

export interface Group<E extends Entry> {
  heading: string
  entries: readonly E[]
}

/** How many of one heading stand there: nothing typed, and something typed. Commands are all shown. */
const most = { idle: 5, typed: 8 }

/**
 * What stands in the palette, in its order. With nothing typed: what was chosen lately, then all commands and the first
 * results of each kind. With something typed: what answers it best, what was chosen lately first among equals.
 */
export function groupsFor<E extends Entry>(
  typed: string,
  entries: readonly E[],
  recent: readonly Recent[],
): Group<E>[] {
  const place = (entry: Entry): number => recent.findIndex(({ kind, id }) => kind === entry.kind && id === entry.id)
  if (typed.trim() === '') {
    const lately = entries.filter((entry) => place(entry) >= 0).toSorted((a, b) => place(a) - place(b))
    const others = entries.filter((entry) => place(entry) < 0)
    return [...(lately.length > 0 ? [{ heading: 'Recent', entries: lately }] : []), ...byHeading(others, most.idle)]
  }
  const scores = new Map<E, number>()
  for (const entry of entries) {
    const score = rank(typed, entry.names)
    if (score > 0) scores.set(entry, score + (place(entry) >= 0 ? 0.05 : 0))
  }
  const best = [...scores].toSorted(([, a], [, b]) => b - a).map(([entry]) => entry)
  return byHeading(best, most.typed)
}

/** In the order in which headings come first. */
function byHeading<E extends Entry>(entries: readonly E[], mostResults: number): Group<E>[] {
  return [...Map.groupBy(entries, ({ heading }) => heading)].map(([heading, all]) => ({
    heading,
    entries: all.filter(({ kind }, index) => kind === 'command' || index < mostResults),
  }))
}
