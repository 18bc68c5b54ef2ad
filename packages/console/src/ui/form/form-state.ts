/*
 * What a form knows: the values as they are at the server, those that what is typed was changed from, and what is
 * typed. Where the first two differ and the field was changed, somebody else has changed it too: a clash.
 */
import type { Draft } from '../../base/drafts.ts'
import { hasPlace, isRecord, namesOf, own, pathOf, same, valueAt, withValue } from './paths.ts'
import { type Clash, threeWay } from './three-way.ts'

export interface FormState<V extends object> {
  /** At the server, as far as the page knows. */
  live: V
  /** What the typed values are changed from. */
  base: V
  values: V
}

export function begin<V extends object>(live: V): FormState<V> {
  return { live, base: live, values: live }
}

/** What both sides changed. */
export function clashesOf<V extends object>({ base, values, live }: FormState<V>): Clash[] {
  return threeWay(base, values, live).clashes
}

/** Fields that nobody touched follow what is at the server now. */
export function follow<V extends object>(state: FormState<V>, live: V): FormState<V> {
  const { merged, base } = threeWay(state.base, state.values, live)
  return { live, base, values: merged }
}

/** Ends a clash: the field has this value, changed from what is at the server now. */
export function settle<V extends object>(state: FormState<V>, path: string, value: unknown): FormState<V> {
  return {
    live: state.live,
    base: withValue(state.base, path, valueAt(state.live, path)),
    values: withValue(state.values, path, value),
  }
}

/**
 * After the server has taken what was sent: its own words count where they have arrived already, such as a name without
 * its blanks; what was typed since stays typed.
 */
export function saved<V extends object>(state: FormState<V>, sent: V, live: V): FormState<V> {
  const { merged, clashes } = threeWay(state.live, sent, live)
  const base = clashes.reduce((values, { path, theirs }) => withValue(values, path, theirs), merged)
  return { live, base, values: threeWay(sent, state.values, base).merged }
}

/** The fields that were changed, to be kept. */
export function draftOf<V extends object>({ base, values }: FormState<V>): Draft['fields'] {
  const paths = changedPaths([], base, values)
  return Object.fromEntries(
    paths.map((path) => [path, { base: valueAt(base, path) ?? null, mine: valueAt(values, path) ?? null }]),
  )
}

function changedPaths(way: readonly string[], before: unknown, after: unknown): string[] {
  if (same(before, after)) return []
  if (!isRecord(before) || !isRecord(after)) return [pathOf(way)]
  return namesOf(before, after).flatMap((name) => changedPaths([...way, name], own(before, name), own(after, name)))
}

/** Puts a draft over what is there now, as far as the form still has these fields. */
export function restore<V extends object>(live: V, fields: Draft['fields']): FormState<V> {
  const fits = Object.entries(fields).filter(([path, { mine }]) => {
    const now = valueAt(live, path)
    return hasPlace(live, path) && (now === undefined || mine === null || typeof now === typeof mine)
  })
  const put = (side: 'base' | 'mine'): V =>
    fits.reduce((values, [path, field]) => withValue(values, path, field[side] ?? undefined), live)
  return follow({ live, base: put('base'), values: put('mine') }, live)
}
