/** What lacks, what is too much and what differs between two maps; values are compared as JSON. */
export function differences(expected: ReadonlyMap<string, unknown>, found: ReadonlyMap<string, unknown>): string[] {
  const lines: string[] = []
  for (const [key, value] of expected) {
    const wanted = JSON.stringify(value)
    const got = JSON.stringify(found.get(key))
    if (!found.has(key)) lines.push(`${key} is missing, expected ${wanted}`)
    else if (wanted !== got) lines.push(`${key} is ${got}, expected ${wanted}`)
  }
  for (const [key, value] of found)
    if (!expected.has(key)) lines.push(`${key} should not be there: ${JSON.stringify(value)}`)
  return lines
}

/** The rows by what `key` tells of each. */
export function groupBy<Row>(rows: readonly Row[], key: (row: Row) => string): Map<string, Row[]> {
  const groups = new Map<string, Row[]>()
  for (const row of rows) {
    const name = key(row)
    const group = groups.get(name)
    if (group) group.push(row)
    else groups.set(name, [row])
  }
  return groups
}

/** An object's entries in the order of their keys, so that its JSON can be compared. */
export function sorted(map: Record<string, string>): [string, string][] {
  return Object.entries(map).toSorted(([a], [b]) => (a < b ? -1 : 1))
}
