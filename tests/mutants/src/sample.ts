import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Mutant as ApiMutant } from '@stryker-mutator/api/core'
import { createInstrumenter } from '@stryker-mutator/instrumenter'
import { createInjector } from 'typed-inject'
import { root } from './copy.ts'

/** What Stryker can change and what we leave alone: a text that reads otherwise, another object of the same type. */
export const leftAlone = ['StringLiteral', 'ObjectLiteral', 'ArrayDeclaration', 'Regex']

/** A place in the code where one or more faults can be seeded. */
export interface Place {
  /** Path from the root of the repository. */
  readonly file: string
  /** As Stryker writes it: `line:column-line:column`. */
  readonly place: string
}

const silent = new Proxy({}, { get: () => () => false })

/** Every place of the files where a fault can be seeded. */
export async function placesOf(files: readonly string[]): Promise<Place[]> {
  const instrumenter = createInjector()
    .provideValue('logger', silent)
    .injectFunction(createInstrumenter as never) as {
    instrument(files: unknown, options: unknown): Promise<{ mutants: readonly ApiMutant[] }>
  }
  const { mutants } = await instrumenter.instrument(
    files.map((name) => ({ name, content: readFileSync(join(root, name), 'utf8'), mutate: true })),
    { plugins: null, excludedMutations: leftAlone, ignorers: [], noHeader: false },
  )
  const places = new Map<string, Place>()
  for (const { fileName: file, location, status } of mutants) {
    // Lines are counted from 0 here and from 1 in a pattern.
    const { start, end } = location
    const place = `${start.line + 1}:${start.column}-${end.line + 1}:${end.column}`
    if (status !== 'Ignored') places.set(`${file}:${place}`, { file, place })
  }
  return [...places.values()]
}

/** `count` of the values, the same for the same seed (mulberry32 and a partial Fisher-Yates shuffle). */
export function sample<T>(values: readonly T[], count: number, seed: number): T[] {
  const pool = [...values]
  let state = seed >>> 0
  const random = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const chosen: T[] = []
  while (chosen.length < count && pool.length > 0) chosen.push(...pool.splice(Math.floor(random() * pool.length), 1))
  return chosen
}
