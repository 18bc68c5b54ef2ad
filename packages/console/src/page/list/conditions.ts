/*
 * The conditions of a list: typed here, kept as text in the address, applied only when complete.
 *
 *   const filters = defineFilters({
 *     q: { kind: 'text', label: 'Name' },
 *     type: { kind: 'choice', label: 'Type', options: [{ value: 'adk', label: 'ADK' }] },
 *     tag: { kind: 'pair', label: 'Tag' },
 *     from: { kind: 'date', label: 'From' },
 *   })
 *   conditionsOf(filters, search)  →  { type?: string, tag?: string[], … }
 */
export type Filter =
  | { kind: 'text'; label: string }
  | { kind: 'choice'; label: string; options: readonly { value: string; label: string }[] }
  /** `key=value`; several at once. */
  | { kind: 'pair'; label: string }
  /** A day, `2026-11-23`, of the reader's own calendar. */
  | { kind: 'date'; label: string }

export type Filters = Record<string, Filter>

export type Conditions<F extends Filters> = {
  [K in keyof F]?: F[K] extends { kind: 'pair' } ? string[] : string
}

export function defineFilters<const F extends Filters>(filters: F): F {
  return filters
}

/** Whether a text is a complete condition of this kind. */
export function isComplete(filter: Filter, value: string): boolean {
  if (filter.kind === 'text') return value.trim() !== ''
  if (filter.kind === 'choice') return filter.options.some((option) => option.value === value)
  if (filter.kind === 'pair') return value.indexOf('=') > 0
  return isDay(value)
}

function isDay(value: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(value)) return false
  const at = new Date(`${value}T00:00:00Z`)
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(value)
}

/** What an address says, without what is unknown or incomplete. */
export function conditionsOf<F extends Filters>(filters: F, search: Record<string, unknown>): Conditions<F> {
  const found: Record<string, string | string[]> = {}
  for (const [name, filter] of Object.entries(filters)) {
    const values = [search[name]].flat().filter((value): value is string => typeof value === 'string')
    const complete = [...new Set(values.filter((value) => isComplete(filter, value)))]
    const [first] = complete
    if (first !== undefined) found[name] = filter.kind === 'pair' ? complete : first
  }
  return found as Conditions<F>
}

export interface Sort {
  by: string
  direction: 'asc' | 'desc'
}

/** `createdAt.desc`. @param columns those that can be sorted by. */
export function parseSort(text: unknown, columns: readonly string[]): Sort | null {
  if (typeof text !== 'string') return null
  const dot = text.lastIndexOf('.')
  const by = text.slice(0, dot)
  const direction = text.slice(dot + 1)
  return dot > 0 && columns.includes(by) && (direction === 'asc' || direction === 'desc') ? { by, direction } : null
}

export function printSort({ by, direction }: Sort): string {
  return `${by}.${direction}`
}

/** The key and the value of a pair: the first `=` divides them. */
export function splitPair(pair: string): [key: string, value: string] {
  const at = pair.indexOf('=')
  return [pair.slice(0, at), pair.slice(at + 1)]
}

/** A day as the first or last moment of it on the reader's clock, ISO 8601 with its offset resolved to UTC. */
export function momentOf(day: string, edge: 'start' | 'end'): string {
  return new Date(`${day}T${edge === 'start' ? '00:00:00.000' : '23:59:59.999'}`).toISOString()
}
