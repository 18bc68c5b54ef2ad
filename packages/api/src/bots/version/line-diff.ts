import { decodeSlices } from '../../core/blob/blob-bytes.ts'

/** Different lines kept in memory at most. */
const mostLines = 500_000

/**
 * How many lines only one of two texts has: a line that occurs twice before and once after counts as one removed; a
 * line that only moved does not count. Null when there are too many different lines to compare.
 */
export async function countLineChanges(
  before: Uint8Array,
  after: Uint8Array,
): Promise<{ added: number; removed: number } | null> {
  const surplus = new Map<string, number>()
  const count = async (bytes: Uint8Array, step: 1 | -1): Promise<boolean> => {
    let rest = ''
    const take = (line: string): void => void surplus.set(line, (surplus.get(line) ?? 0) + step)
    for await (const slice of decodeSlices(bytes)) {
      const lines = slice.split('\n')
      lines[0] = rest + (lines[0] ?? '')
      rest = lines.pop() ?? ''
      lines.forEach(take)
      if (surplus.size > mostLines) return false
    }
    if (rest !== '') take(rest)
    return true
  }
  if (!(await count(before, -1)) || !(await count(after, 1))) return null
  let added = 0
  let removed = 0
  for (const value of surplus.values()) {
    if (value > 0) added += value
    else removed -= value
  }
  return { added, removed }
}
