/** Electron's spelling of the first way; null for keys one after the other, which a menu cannot show. */
export function acceleratorOf(keys: string): string | null {
  const [first = ''] = keys.split('|')
  if (first === '' || first.includes(' ')) return null
  const names: Record<string, string> = { mod: 'CmdOrCtrl', shift: 'Shift', alt: 'Alt', enter: 'Enter', escape: 'Esc' }
  return first
    .split('+')
    .map((part) => names[part] ?? (part.length === 1 ? part.toUpperCase() : part.replace(/^arrow/, '')))
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    .join('+')
}
