import type { ChangeType } from '@steward/api'
import type { QueryFilters } from '@tanstack/react-query'
import type { Feature } from '../commands/feature.ts'
import type { Changes } from '../session/live-reader.ts'
import { features } from './features.ts'

type Refreshed<F> = F extends { refresh: infer Record } ? keyof Record : never

/** What no page of a workspace shows: the person's own, and quotas. `audit` is read again after every change. */
type Unshown = 'user' | 'token' | 'session' | 'audit' | 'quota' | 'quotaCatalogue'

/** Kinds of change that no feature reads again: with one, the next line does not compile. */
type Forgotten = Exclude<ChangeType, Unshown | Refreshed<(typeof features)[number]>>
const contributions: [Forgotten] extends [never] ? readonly Feature[] : Forgotten = features

/** What to read again after these changes: the record of the features, by kind of change. */
export function refreshOf({ all, types }: Changes, workspaceId: string): QueryFilters[] {
  if (all) return [{}]
  return contributions.flatMap(({ refresh = {}, refreshAlways }) => [
    ...(refreshAlways?.() ?? []),
    ...[...types].flatMap((type) => refresh[type]?.(workspaceId) ?? []),
  ])
}
