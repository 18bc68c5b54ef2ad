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
export function withCondition(
  search: Record<string, unknown>,
  name: string,
  value: string | readonly string[] | undefined,
): Record<string, unknown> {
  const { [name]: _, ...rest } = search
  return value === undefined || value.length === 0 ? rest : { ...rest, [name]: value }
}
