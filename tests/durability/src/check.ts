import { botChecks } from './check-bots.ts'
import { laneChecks } from './check-lanes.ts'
import { workspaceChecks } from './check-workspaces.ts'
import type { World } from './model.ts'
import type { Snapshot } from './snapshot.ts'

/** What a checker gets: what must be, what is, and what was there before the first write. */
export interface Comparison {
  world: World
  found: Snapshot
  base: Snapshot
}

/** Returns a line for everything that is wrong. */
export type Checker = (comparison: Comparison) => string[]

const checks: Record<string, Checker> = { ...botChecks, ...workspaceChecks, ...laneChecks }

/** Holds the database against the model. @returns lines that begin with the checker's name. */
export function compare(comparison: Comparison): string[] {
  return Object.entries(checks).flatMap(([name, check]) => check(comparison).map((line) => `${name}: ${line}`))
}
