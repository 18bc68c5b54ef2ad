/** Small settings of this browser, such as the theme. They are conveniences: a browser that keeps nothing still works. */
type Setting =
  | 'theme'
  | 'density'
  | 'rail'
  | 'workspace'
  | 'single-keys'
  | 'recent'
  | `seen.${string}`
  | `columns.${string}`

export function readSetting(name: Setting): string | null {
  try {
    return localStorage.getItem(`steward.${name}`)
  } catch {
    return null
  }
}

/** @param value null forgets it. */
export function writeSetting(name: Setting, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(`steward.${name}`)
    else localStorage.setItem(`steward.${name}`, value)
  } catch {
    // Full or forbidden: the setting lasts as long as the page.
  }
}
