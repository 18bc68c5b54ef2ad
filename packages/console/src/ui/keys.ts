/** One key press: the key in lower case and what was held with it. `mod` is ⌘ on a Mac and Ctrl elsewhere. */
export interface Press {
  key: string
  mod: boolean
  shift: boolean
  alt: boolean
}

/** Characters that already say whether shift was held. */
const isSign = (key: string): boolean => key.length === 1 && key.toLowerCase() === key.toUpperCase()

/** `mod+shift+c` as a press. */
export function parsePress(text: string): Press {
  const parts = text.split('+')
  const held = new Set(parts.slice(0, -1))
  const key = parts.at(-1) ?? ''
  return { key, mod: held.has('mod'), shift: held.has('shift') && !isSign(key), alt: held.has('alt') }
}

/** `g b|mod+1`: each way is a list of presses, one after the other. */
export function parseKeys(keys: string): Press[][] {
  return keys.split('|').map((way) => way.split(' ').map(parsePress))
}

type KeyEvent = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey'>

/** What was pressed; null for a modifier alone and for the other platform's modifier. */
export function pressOf(event: KeyEvent, mac: boolean): Press | null {
  const key = event.key.toLowerCase()
  if (['shift', 'control', 'meta', 'alt', 'altgraph', 'capslock', 'dead', 'unidentified'].includes(key)) return null
  const other = mac ? event.ctrlKey : event.metaKey
  if (other) return null
  return {
    key,
    mod: mac ? event.metaKey : event.ctrlKey,
    shift: event.shiftKey && !isSign(key),
    // Some layouts reach signs such as "[" with a modifier, which then says nothing.
    alt: event.altKey && !isSign(key),
  }
}

export function samePress(a: Press, b: Press): boolean {
  return a.key === b.key && a.mod === b.mod && a.shift === b.shift && a.alt === b.alt
}

/** Whether the presses so far are the way, its beginning, or neither. */
export function matchWay(way: readonly Press[], pressed: readonly Press[]): 'whole' | 'start' | null {
  if (pressed.length > way.length) return null
  const fits = pressed.every((press, index) => {
    const wanted = way[index]
    return wanted !== undefined && samePress(press, wanted)
  })
  if (!fits) return null
  return pressed.length === way.length ? 'whole' : 'start'
}

const names: Record<string, string> = {
  enter: '↵',
  arrowdown: '↓',
  arrowup: '↑',
  escape: 'Esc',
  home: 'Home',
  end: 'End',
}

/** The first way as it is shown, one text per key cap; `[['G'], ['B']]` for one after the other. */
export function printKeys(keys: string, mac: boolean): string[][] {
  const [first = []] = parseKeys(keys)
  return first.map((press) => [
    ...(press.mod ? [mac ? '⌘' : 'Ctrl'] : []),
    ...(press.alt ? [mac ? '⌥' : 'Alt'] : []),
    ...(press.shift ? [mac ? '⇧' : 'Shift'] : []),
    names[press.key] ?? press.key.toUpperCase(),
  ])
}

export const isMac = typeof navigator !== 'undefined' && /mac|iphone|ipad/i.test(navigator.platform)
