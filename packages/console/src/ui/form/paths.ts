type Values = Record<string, unknown>

/** A path into values, such as `billingAddress.city`. A dot inside of a name is written `~1`, a tilde `~0`. */
export function pathOf(names: readonly PropertyKey[]): string {
  return names.map((name) => String(name).replaceAll('~', '~0').replaceAll('.', '~1')).join('.')
}

/** The names that a path is made of. */
export function namesIn(path: string): string[] {
  return path.split('.').map((name) => name.replaceAll('~1', '.').replaceAll('~0', '~'))
}

/** The value at a path. */
export function valueAt(values: unknown, path: string): unknown {
  return namesIn(path).reduce<unknown>(
    (at, name) => (at !== null && typeof at === 'object' && Object.hasOwn(at, name) ? (at as Values)[name] : undefined),
    values,
  )
}

/** Whether the values have a place at the path, be it empty. */
export function hasPlace(values: unknown, path: string): boolean {
  const names = namesIn(path)
  const last = names.pop() ?? ''
  const holder = names.length === 0 ? values : valueAt(values, pathOf(names))
  return holder !== null && typeof holder === 'object' && Object.hasOwn(holder, last)
}

/** The same values with one changed; what lies beside the path stays the very same. */
export function withValue<T extends object>(values: T, path: string, value: unknown): T {
  return put(values, namesIn(path), value) as T
}

function put(values: unknown, [name = '', ...rest]: readonly string[], value: unknown): unknown {
  const holder = Array.isArray(values) ? [...(values as unknown[])] : { ...(isRecord(values) ? values : {}) }
  const next = rest.length === 0 ? value : put((holder as Values)[name], rest, value)
  // Not by assignment, which takes `__proto__` for something else.
  Object.defineProperty(holder, name, { value: next, enumerable: true, writable: true, configurable: true })
  return holder
}

/** Whether it is an object with names, and no list. */
export function isRecord(value: unknown): value is Values {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}

/** Whether two values would be the same JSON, in whatever order their names come. */
export function same(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((item, at) => same(item, b[at]))
  if (!isRecord(a) || !isRecord(b)) return false
  return namesOf(a, b).every((name) => same(own(a, name), own(b, name)))
}

/** The names of several objects, each once. */
export function namesOf(...values: readonly Values[]): string[] {
  return [...new Set(values.flatMap((value) => Object.keys(value)))]
}

/** What an object has itself under a name. */
export function own(values: Values, name: string): unknown {
  return Object.hasOwn(values, name) ? values[name] : undefined
}

/** The fields of `after` that differ from `before`: what is to be sent. */
export function changed<T extends object>(before: T, after: T): Partial<T> {
  const entries = Object.entries(after).filter(([name, value]) => !same(value, own(before as Values, name)))
  return Object.fromEntries(entries) as Partial<T>
}

/** Optional texts that were left empty are absent from what is sent. */
export function withoutBlanks<T extends object>(values: T): T {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== '' && value !== undefined)) as T
}
