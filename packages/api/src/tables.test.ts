import { readFileSync, readdirSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

// Who writes a table, and who reads it. One folder writes each; others call its service. Areas read tables of their own
// and of those to the left of them, so that a question over two tables is one statement.

const root = dirname(fileURLToPath(import.meta.url))
const areas = ['core', 'audit', 'people', 'metering', 'bots']

const sources = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts') && !/\.test\.|testing|^refusals\//.test(name))
  .map((name) => [name, readFileSync(join(root, name), 'utf8')] as const)

const areaOf = (file: string): string => file.split('/')[0]?.replace(/\.area\.ts$/, '') ?? ''

/** What the files do with tables, by table: the folders, or areas, that do. */
function users(pattern: RegExp, placeOf: (file: string) => string): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>()
  for (const [file, text] of sources)
    for (const [, table = ''] of text.matchAll(pattern))
      found.set(table, (found.get(table) ?? new Set()).add(placeOf(file)))
  return found
}

const writers = users(/(?:insertInto|updateTable|deleteFrom)\(\s*'(\w+)'/g, (file) => dirname(relative('.', file)))
const readers = users(/(?:selectFrom|[a-z]+Join)\(\s*'(\w+)(?: as \w+)?'/g, areaOf)

/** Reads to the right, each for a reason. */
const onPurpose = {
  'core reads signing_key': 'taking a lane asks in the same statement whether the key was replaced',
  'audit reads user': 'who acted stands beside each record, and is searched for',
}

describe('tables', () => {
  it('each is written by one folder', () => {
    expect(writers.size).toBeGreaterThan(25)
    const several = [...writers].filter(([, folders]) => folders.size > 1)
    expect(several.map(([table, folders]) => `${table}: ${[...folders].toSorted().join(', ')}`)).toEqual([])
  })

  it('each is read by the area that writes it, and by areas to the right', () => {
    const place = (table: string): number =>
      Math.min(...[...(writers.get(table) ?? [])].map((folder) => areas.indexOf(areaOf(folder))))
    const tooFarLeft = [...readers].flatMap(([table, from]) =>
      [...from].filter((area) => areas.indexOf(area) < place(table)).map((area) => `${area} reads ${table}`),
    )
    expect(tooFarLeft.toSorted()).toEqual(Object.keys(onPurpose).toSorted())
  })
})
