/** What main refused, without the words Electron puts before it. */
export function wordsOf(cause: unknown): string {
  const text = cause instanceof Error ? cause.message : String(cause)
  return text.replace(/^Error invoking remote method '[^']*': (?:\w*Error: )?/, '')
}
