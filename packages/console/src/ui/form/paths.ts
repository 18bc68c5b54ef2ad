type Values = Record<string, unknown>

/** The value at a path with dots, such as `billingAddress.city`. */
export function valueAt(values: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((at, name) => (at === null || typeof at !== 'object' ? undefined : (at as Values)[name]), values)
}

/** The same values with one changed; what lies beside the path stays the very same. */
export function withValue<T extends object>(values: T, path: string, value: unknown): T {
  const [name = '', ...rest] = path.split('.')
  const inner = (values as Values)[name]
  const next = rest.length === 0 ? value : withValue(isObject(inner) ? inner : {}, rest.join('.'), value)
  return { ...values, [name]: next }
}

function isObject(value: unknown): value is object {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}

/** Whether two values would be the same JSON. */
export function same(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b)
}

/** Optional texts that were left empty are absent from what is sent. */
export function withoutBlanks<T extends object>(values: T): T {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== '' && value !== undefined)) as T
}
