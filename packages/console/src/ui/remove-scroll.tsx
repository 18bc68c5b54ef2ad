import type { ComponentType, ReactNode } from 'react'

/*
 * Stands in for the package `react-remove-scroll` (see vite.config.ts), which writes a style element. The console's
 * page itself never scrolls, only its panes do, and an overlay lies over those: nothing needs to be locked.
 */

interface Props {
  as?: ComponentType<{ children?: ReactNode | undefined }>
  children?: ReactNode | undefined
}

export function RemoveScroll({ as: As, children }: Props) {
  return As ? <As>{children}</As> : <>{children}</>
}
