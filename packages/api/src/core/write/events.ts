import type { Change } from './write.ts'

/** What one commit changed in one lane; published after the commit, never before. */
export interface Committed {
  laneId: string
  /** The lane's version after the commit. */
  version: number
  changes: readonly Change[]
}

/** The after-commit bus of one process. */
export interface Events {
  publish(event: Committed): void
  /** Calls `listener` for each commit in the lane until the returned function is called. */
  subscribe(laneId: string, listener: (event: Committed) => void): () => void
  /** The same for commits in whatever lane. */
  subscribeAll(listener: (event: Committed) => void): () => void
}

export function createEvents(): Events {
  const listeners = new Map<string, Set<(event: Committed) => void>>()
  const everywhere = new Set<(event: Committed) => void>()
  return {
    publish(event) {
      for (const listener of everywhere) listener(event)
      for (const listener of listeners.get(event.laneId) ?? []) listener(event)
    },
    subscribeAll(listener) {
      everywhere.add(listener)
      return () => void everywhere.delete(listener)
    },
    subscribe(laneId, listener) {
      const lane = listeners.get(laneId) ?? new Set()
      listeners.set(laneId, lane.add(listener))
      return () => {
        lane.delete(listener)
        if (lane.size === 0) listeners.delete(laneId)
      }
    },
  }
}
