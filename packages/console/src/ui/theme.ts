/*
 * Theme and density. public/theme.js sets both before the first paint by the same rules; this changes them later.
 * The hooks are in use-theme.ts.
 */
import { readSetting, writeSetting } from '../base/setting.ts'

export type Theme = 'light' | 'dark' | 'system'
export type Density = 'compact' | 'comfortable'

/** Asked for when needed: the command table, which names the functions below, is also read outside of a page. */
const systemDark = (): MediaQueryList => matchMedia('(prefers-color-scheme: dark)')
const listeners = new Set<() => void>()

export function wantedTheme(): Theme {
  const wanted = readSetting('theme')
  return wanted === 'light' || wanted === 'dark' ? wanted : 'system'
}

export function wantedDensity(): Density {
  return readSetting('density') === 'comfortable' ? 'comfortable' : 'compact'
}

function apply(): void {
  const theme = wantedTheme()
  const dark = theme === 'dark' || (theme === 'system' && systemDark().matches)
  document.documentElement.dataset['theme'] = dark ? 'dark' : 'light'
  document.documentElement.dataset['density'] = wantedDensity()
  for (const listener of listeners) listener()
}

/** Follows the system and the other windows from now on. */
export function followTheme(): void {
  systemDark().addEventListener('change', apply)
  addEventListener('storage', apply)
}

export function setTheme(theme: Theme): void {
  writeSetting('theme', theme === 'system' ? null : theme)
  apply()
}

export function setDensity(density: Density): void {
  writeSetting('density', density === 'compact' ? null : density)
  apply()
}

/** @returns how to stop listening. */
export function subscribeToTheme(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
