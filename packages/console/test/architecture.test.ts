/** Holds the arrow of ARCHITECTURE.md inside the console: whoever stands further left knows nothing of those to the right. */
import { readFileSync, readdirSync } from 'node:fs'
import { dirname, join, posix, sep } from 'node:path'
import { describe, expect, test } from 'vitest'

const root = join(import.meta.dirname, '../src')
const arrow = ['base', 'ui', 'session', 'commands', 'page', 'audit', 'people', 'bots', 'home', 'shell', 'routes']

interface Import {
  from: string
  to: string
  typeOnly: boolean
}

const files = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .map((name) => name.split(sep).join('/'))
  .filter((name) => /\.tsx?$/.test(name) && !/\.test\.|routeTree\.gen|\.d\.ts$/.test(name))

/** Also what is loaded later: `import('./palette.tsx')`. */
function importsOf(from: string): Import[] {
  const text = readFileSync(join(root, from), 'utf8')
  const found = text.matchAll(/^(?:import|export) (type )?[^'";]*?from '([^']+)'|\bimport\('([^']+)'\)/gms)
  return [...found]
    .map(([, typeOnly, named, later]) => ({ to: named ?? later ?? '', typeOnly: typeOnly !== undefined }))
    .filter(({ to }) => to.startsWith('.'))
    .map(({ to, typeOnly }) => ({ from, to: posix.normalize(posix.join(dirname(from), to)), typeOnly }))
}

const imports = files.flatMap(importsOf)

/** How far to the right a file stands. Beside the folders there is only what starts the page. */
function level(file: string): number {
  const area = file.split('/')[0] ?? ''
  return file.includes('/') ? arrow.indexOf(area) : arrow.length
}

const told = (list: readonly Import[]): string[] => list.map(({ from, to }) => `${from} → ${to}`)

/** The folders that a folder takes values from. */
function neighbours(): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>()
  for (const { from, to, typeOnly } of imports) {
    const [here, there] = [dirname(from), dirname(to)]
    if (typeOnly || here === there || here === '.') continue
    found.set(here, (found.get(here) ?? new Set<string>()).add(there))
  }
  return found
}

/** A way from a folder back to itself, or null. */
function circleFrom(start: string, next: ReadonlyMap<string, ReadonlySet<string>>): string[] | null {
  const seen = new Set<string>()
  const walk = (way: readonly string[]): string[] | null => {
    for (const folder of next.get(way.at(-1) ?? '') ?? []) {
      if (folder === start) return [...way, folder]
      if (seen.has(folder)) continue
      seen.add(folder)
      const circle = walk([...way, folder])
      if (circle) return circle
    }
    return null
  }
  return walk([start])
}

describe('the folders of the console', () => {
  test('are all seen', () => {
    expect(files.length).toBeGreaterThan(200)
    expect(imports.length).toBeGreaterThan(1_000)
    expect(new Set(files.filter((name) => level(name) < 0))).toEqual(new Set())
  })

  test('know what stands to their left, never what stands to their right', () => {
    expect(told(imports.filter(({ from, to }) => level(to) > level(from)))).toEqual([])
  })

  test('lie in no circle', () => {
    const next = neighbours()
    const circles = [...next.keys()].map((folder) => circleFrom(folder, next)?.join(' → ') ?? null)
    expect(circles.filter((circle) => circle !== null)).toEqual([])
  })
})
