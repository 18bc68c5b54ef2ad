import type { ChangeType } from '@steward/api'
import type { QueryFilters } from '@tanstack/react-query'
import type { Feature } from '../commands/feature.ts'
import type { Changes } from '../session/live-reader.ts'
import { features } from './features.ts'

type Refreshed<F> = F extends { refresh: infer Record } ? keyof Record : never

/** What no page of a workspace shows: the person's own. `audit` is read again after every change. */
type Unshown = 'user' | 'token' | 'session' | 'audit'

/** A kind of change that no feature reads again does not compile here. */
type Forgotten = Exclude<ChangeType, Unshown | Refreshed<(typeof features)[number]>>
const forgotten: readonly Forgotten[] = [] satisfies readonly never[]

const contributions: readonly Feature[] = features

/** What to read again after these changes: the record of the features, by kind of change. */
export function refreshOf({ all, types }: Changes, workspaceId: string): QueryFilters[] {
  if (all || forgotten.length > 0) return [{}]
  return contributions.flatMap(({ refresh = {}, refreshAlways }) => [
    ...(refreshAlways?.() ?? []),
    ...[...types].flatMap((type) => refresh[type]?.(workspaceId) ?? []),
  ])
}
