/* Before and after of an audit record, field by field. A record tells of touched fields only. */

export interface FieldChange {
  /** With dots into objects. */
  path: string
  /** `noted`: told of the time before only, in a change that tells of the time after too. */
  kind: 'added' | 'removed' | 'changed' | 'same' | 'noted'
  before: unknown
  after: unknown
}

type Fields = Record<string, unknown>

function isFields(value: unknown): value is Fields {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}

/**
 * Every field told of, in the order in which it was told: those before first.
 * A creation (nothing before) is all added, a deletion (nothing after) all removed.
 */
export function changesOf(before: unknown, after: unknown): FieldChange[] {
  if (isNothing(before) && isNothing(after)) return []
  if (isNothing(before))
    return leaves(after).map(([path, value]) => ({ path, kind: 'added', before: undefined, after: value }))
  if (isNothing(after))
    return leaves(before).map(([path, value]) => ({ path, kind: 'removed', before: value, after: undefined }))
  if (!isFields(before) || !isFields(after)) return [compare('', before, after)]
  const found = between(before, after, '')
  // What is told of the time before only was not taken away: the record says nothing of it afterwards.
  return found.map((change) =>
    change.kind === 'removed' && !change.path.includes('.') ? { ...change, kind: 'noted' } : change,
  )
}

function isNothing(value: unknown): boolean {
  return value === null || value === undefined
}

function between(before: Fields, after: Fields, prefix: string): FieldChange[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])]
  return names.flatMap((name): FieldChange[] => {
    const path = `${prefix}${name}`
    const [old, next] = [before[name], after[name]]
    if (!Object.hasOwn(after, name))
      return leaves(old, path).map(([at, value]) => ({ path: at, kind: 'removed', before: value, after: undefined }))
    if (!Object.hasOwn(before, name))
      return leaves(next, path).map(([at, value]) => ({ path: at, kind: 'added', before: undefined, after: value }))
    if (isFields(old) && isFields(next) && size(old) + size(next) > 0) return between(old, next, `${path}.`)
    return [compare(path, old, next)]
  })
}

function compare(path: string, before: unknown, after: unknown): FieldChange {
  return { path, kind: printed(before) === printed(after) ? 'same' : 'changed', before, after }
}

const size = (fields: Fields): number => Object.keys(fields).length

/** The values at the ends of an object's branches; lists and empty objects are ends. */
function leaves(value: unknown, path = ''): [path: string, value: unknown][] {
  if (!isFields(value) || size(value) === 0) return [[path, value]]
  return Object.entries(value).flatMap(([name, inner]) => leaves(inner, path === '' ? name : `${path}.${name}`))
}

/** The same text for the same value, whatever the order of keys. */
function printed(value: unknown): string {
  return (
    JSON.stringify(value, (_, inner: unknown) =>
      isFields(inner) ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1))) : inner,
    ) ?? ''
  )
}

/** A value as it is read: texts without quotes, nothing as a word, the rest as JSON. */
export function valueText(value: unknown): string {
  if (value === null) return 'null'
  if (value === '') return 'empty text'
  if (typeof value === 'string') return value
  return JSON.stringify(value, null, typeof value === 'object' ? 2 : 0) ?? 'nothing'
}
