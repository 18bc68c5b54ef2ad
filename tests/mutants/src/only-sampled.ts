import { declareValuePlugin, PluginKind } from '@stryker-mutator/api/plugin'

/** A place in a source file: lines from 1, columns from 0. */
interface Span {
  readonly start: Point
  readonly end: Point
}

interface Point {
  readonly line: number
  readonly column: number
}

let spans: readonly Span[] = []

/** Says which places are in the sample, as `line:column-line:column`. */
export function onlyAt(places: readonly string[]): void {
  spans = places.map((place) => {
    const [line = 0, column = 0, lastLine = 0, lastColumn = 0] = place.split(/[:-]/).map(Number)
    return { start: { line, column }, end: { line: lastLine, column: lastColumn } }
  })
}

const isBefore = (a: Point, b: Point): boolean => a.line < b.line || (a.line === b.line && a.column <= b.column)

/**
 * Stryker mutates everything inside of a place it is given, and a function's body is one: this leaves out what was not
 * picked itself.
 */
export const strykerPlugins = [
  declareValuePlugin(PluginKind.Ignore, 'only-sampled', {
    shouldIgnore(path) {
      // Stryker's plugins are given paths of Babel's syntax tree, though their type says nothing of it.
      const { loc } = (path as { node: { loc?: Span | null } }).node
      if (!loc || spans.some(({ start, end }) => isBefore(loc.start, start) && isBefore(end, loc.end))) return undefined
      return 'Not in the sample.'
    },
  }),
]
