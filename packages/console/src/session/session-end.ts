/*
 * A session that ends while a page is open does not end the page. What was asked waits until the same person has signed
 * in again over it, and is asked once more then: nothing that was typed is lost, and what was pressed goes on.
 */
import { useSyncExternalStore } from 'react'

interface State {
  ended: boolean
  /** How often a session was taken up again. */
  resumed: number
}

let state: State = { ended: false, resumed: 0 }
let waiting: (() => void)[] = []
const listeners = new Set<() => void>()

function setState(next: State): void {
  state = next
  for (const listener of listeners) listener()
}

/** Whether a page stands here that somebody could sign in over. */
export const isWatched = (): boolean => listeners.size > 0

/** Says that the session has ended. Resolves once the person is back; never, if somebody else comes. */
export function personBack(): Promise<void> {
  return new Promise((resolve) => {
    waiting.push(resolve)
    if (!state.ended) setState({ ...state, ended: true })
  })
}

/** The same person has signed in again: whatever waits goes on. */
export function resumeSession(): void {
  const resolves = waiting
  waiting = []
  setState({ ended: false, resumed: state.resumed + 1 })
  for (const resolve of resolves) resolve()
}

/** The page is given up for somebody else: what waits was theirs who left, and is never asked. */
export function abandonSession(): void {
  waiting = []
  setState({ ...state, ended: false })
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export const useSessionEnded = (): boolean => useSyncExternalStore(subscribe, () => state.ended)

/** Another number after each time that a session was taken up again. */
export const useSessionNumber = (): number => useSyncExternalStore(subscribe, () => state.resumed)
