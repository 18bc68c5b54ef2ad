import { useSyncExternalStore } from 'react'

/** Less than a rail and a page side by side need. */
const narrow = window.matchMedia('(max-width: 56rem)')

function subscribe(listener: () => void): () => void {
  narrow.addEventListener('change', listener)
  return () => narrow.removeEventListener('change', listener)
}

export function useNarrow(): boolean {
  return useSyncExternalStore(subscribe, () => narrow.matches)
}
