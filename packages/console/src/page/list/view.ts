/*
 * A view is what one sees of a list: its conditions, its order and its columns, all of it in the address. A person may
 * keep views under names.
 */
import { type Search, parseSearch, printSearch } from '../../base/search.ts'
import type { Column } from './list.types.ts'

export interface SavedView {
  name: string
  /** As in the address, without its question mark. */
  search: string
}

export const mostViews = 50
export const longestViewName = 60

/** What stands in an address for a moment: no part of what is kept. */
const passing = ['inspect', 'do', 'about']

const byText = (a: string, b: string): number => (a < b ? -1 : Number(a > b))

/** What of an address makes the view, printed alike whatever the order it came in. */
export function viewOf(search: Record<string, unknown>): string {
  const lasting = Object.entries(search)
    .filter(([name]) => !passing.includes(name))
    .map(([name, value]) => [name, Array.isArray(value) ? value.toSorted(byText) : value] as const)
    .toSorted(([a], [b]) => byText(a, b))
  return printSearch(Object.fromEntries(lasting)).slice(1)
}

/** The address of a kept view. */
export function searchOf(view: SavedView): Search {
  return parseSearch(view.search)
}

/** What was kept, without what is no view. */
export function readViews(value: unknown): SavedView[] {
  if (!Array.isArray(value)) return []
  return value.flatMap((view: Partial<SavedView> | null) =>
    typeof view?.name === 'string' && view.name !== '' && typeof view.search === 'string'
      ? [{ name: view.name, search: view.search }]
      : [],
  )
}

/** The views with one more; it takes the place of the one of its name. */
export function withView(views: readonly SavedView[], view: SavedView): SavedView[] {
  const others = views.filter(({ name }) => name !== view.name)
  return [...others, view].toSorted((a, b) => a.name.localeCompare(b.name))
}

export function withoutView(views: readonly SavedView[], name: string): SavedView[] {
  return views.filter((view) => view.name !== name)
}

type Ids = readonly string[]
type Columns = readonly Pick<Column<never>, 'id' | 'hidden'>[]

export function defaultColumns(columns: Columns): string[] {
  return columns.filter(({ hidden }) => !hidden).map(({ id }) => id)
}

/** `name,type,state`: the columns to show in their order. The first column always shows. Null where none are named. */
export function parseColumns(text: string | null | undefined, columns: Columns): string[] | null {
  const [first] = columns
  if (!text || !first) return null
  const known = [...new Set(text.split(','))].filter((id) => columns.some((column) => column.id === id))
  if (known.length === 0) return null
  return known.includes(first.id) ? known : [first.id, ...known]
}

/** The columns with one a place further on or back; the first stays first. */
export function movedColumn(shown: Ids, id: string, by: 1 | -1): string[] {
  const from = shown.indexOf(id)
  const to = from + by
  if (from < 1 || to < 1 || to >= shown.length) return [...shown]
  return shown.toSpliced(from, 1).toSpliced(to, 0, id)
}

/** The same columns with others among them: a new one goes behind the one that it follows by default. */
export function withColumns(shown: Ids, wanted: ReadonlySet<string>, columns: Columns): string[] {
  const next = shown.filter((id) => wanted.has(id))
  for (const [place, { id }] of columns.entries()) {
    if (!wanted.has(id) || next.includes(id)) continue
    const before = columns.slice(0, place).map((column) => next.indexOf(column.id))
    next.splice(Math.max(-1, ...before) + 1, 0, id)
  }
  return next
}
