/*
 * Search parameters as people read them: `?type=adk&tag=env:prod&sort=createdAt.desc`. Every value is a text or, when a
 * name comes more than once, a list of texts; what a text means is the page's business.
 */
export type Search = Record<string, string | string[]>

export function parseSearch(query: string): Search {
  const found: Search = {}
  for (const [name, value] of new URLSearchParams(query)) {
    if (name === '__proto__') continue
    const before = Object.hasOwn(found, name) ? found[name] : undefined
    found[name] = before === undefined ? value : [...[before].flat(), value]
  }
  return found
}

/** @returns with its question mark, or nothing. Empty lists and what is no text, number or flag leave no trace. */
export function printSearch(search: Record<string, unknown>): string {
  const params = new URLSearchParams()
  for (const [name, value] of Object.entries(search))
    for (const item of [value].flat())
      if (typeof item === 'string' || typeof item === 'number' || typeof item === 'boolean')
        params.append(name, String(item))
  const text = params.toString().replaceAll('%3A', ':').replaceAll('%2C', ',').replaceAll('%2F', '/')
  return text === '' ? '' : `?${text}`
}

/** The text under a name; the first of several. */
export function textOf(search: Record<string, unknown>, name: string): string | undefined {
  const value = [search[name]].flat()[0]
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** The same search with one value set or (undefined, empty) taken out. */
export function withCondition<S extends Record<string, unknown>>(
  search: S,
  name: string & keyof S,
  value: string | readonly string[] | undefined,
): S {
  const { [name]: _, ...rest } = search
  return (value === undefined || value.length === 0 ? rest : { ...rest, [name]: value }) as S
}

/** What a parameter may be: any text, several texts, or one of these words. */
type Kind = 'text' | 'texts' | readonly string[]

type Read<K extends Kind> = K extends readonly (infer Word)[] ? Word : K extends 'texts' ? string | string[] : string

/** The parameters of a page. */
export type SearchOf<Shape extends Record<string, Kind>> = { -readonly [Name in keyof Shape]?: Read<Shape[Name]> }

/**
 * The search schema of a route: `validateSearch: defineSearch({ ...listSearch, q: 'text', tag: 'texts', do: ['create'] })`.
 * What does not fit is as if it were not there; names that it does not know are left alone. It never throws.
 */
export function defineSearch<const Shape extends Record<string, Kind>>(
  shape: Shape,
): (search: Record<string, unknown>) => SearchOf<Shape> {
  return (search) => {
    const read: Record<string, unknown> = {}
    for (const [name, kind] of Object.entries<Kind>(shape))
      // The router puts the raw search under this one: what does not fit must be overwritten, not left out.
      if (search[name] !== undefined) read[name] = valueOf(search, name, kind)
    return read as SearchOf<Shape>
  }
}

function valueOf(search: Record<string, unknown>, name: string, kind: Kind): string | string[] | undefined {
  const text = textOf(search, name)
  if (kind === 'text') return text
  if (kind !== 'texts') return kind.find((word) => word === text)
  const texts = [search[name]].flat().filter((value) => typeof value === 'string')
  return texts.length > 1 ? texts : texts[0]
}
