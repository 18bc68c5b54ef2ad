import type { DocumentChange } from './version.schema.ts'

export interface JsonDiff {
  changes: DocumentChange[]
  truncated: boolean
}

interface Budget {
  /** Changes that may still be reported. */
  count: number
  /** Characters of JSON that values may still take. */
  characters: number
  truncated: boolean
}

/** What tells one JSON value from another, in the order of their keys. */
export function diffJson(
  before: unknown,
  after: unknown,
  limits: { count: number; characters: number } = { count: 1000, characters: 256 * 1024 },
): JsonDiff {
  const budget: Budget = { ...limits, truncated: false }
  const changes: DocumentChange[] = []
  for (const change of differences([], before, after)) {
    if (budget.count === 0) {
      budget.truncated = true
      break
    }
    budget.count -= 1
    changes.push(withinBudget(change, budget))
  }
  return { changes, truncated: budget.truncated }
}

/** A value too large for what is left is not reported; the fact that it changed is. */
function withinBudget({ path, kind, ...values }: DocumentChange, budget: Budget): DocumentChange {
  const size = JSON.stringify(values).length
  if (size > budget.characters) {
    budget.truncated = true
    return { path, kind }
  }
  budget.characters -= size
  return { path, kind, ...values }
}

function* differences(path: string[], before: unknown, after: unknown): Generator<DocumentChange> {
  if (Object.is(before, after)) return
  if (!isBranch(before) || !isBranch(after) || Array.isArray(before) !== Array.isArray(after)) {
    yield { path, kind: 'changed', before, after }
    return
  }
  for (const [key, value] of Object.entries(before)) {
    if (Object.hasOwn(after, key)) yield* differences([...path, key], value, after[key])
    else yield { path: [...path, key], kind: 'removed', before: value }
  }
  for (const [key, value] of Object.entries(after))
    if (!Object.hasOwn(before, key)) yield { path: [...path, key], kind: 'added', after: value }
}

/** An object or a list; lists are compared place by place. */
function isBranch(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
