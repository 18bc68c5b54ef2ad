import { useSyncExternalStore } from 'react'
import { type Density, type Theme, subscribeToTheme, wantedDensity, wantedTheme } from './theme.ts'

/** What the person chose; `system` follows the system. */
export function useTheme(): Theme {
  return useSyncExternalStore(subscribeToTheme, wantedTheme)
}

export function useDensity(): Density {
  return useSyncExternalStore(subscribeToTheme, wantedDensity)
}
