import { isRecord, withValue } from '../../ui/form/paths.ts'
import { type Clash, threeWay } from '../../ui/form/three-way.ts'
import { formatJson, readJson } from './json-text.ts'

/** Which side is taken, by path. */
export type Choices = Readonly<Record<string, 'mine' | 'theirs'>>

export interface MergedJson {
  /** Both brought together; mine where both changed the same and nothing was chosen. */
  text: string
  /** What both changed and nobody has chosen yet. */
  clashes: Clash[]
}

/** Brings two texts of JSON together that were one, value by value. @returns null while one of them is no JSON object. */
export function mergeJson(base: string, mine: string, theirs: string, choices: Choices = {}): MergedJson | null {
  const [before, one, other] = [objectIn(base), objectIn(mine), objectIn(theirs)]
  if (!before || !one || !other) return null
  const { merged, clashes } = threeWay(before, one, other)
  const taken = clashes
    .filter(({ path }) => choices[path] === 'theirs')
    .reduce((value, clash) => withValue(value, clash.path, clash.theirs), merged)
  return { text: formatJson(taken), clashes: clashes.filter(({ path }) => choices[path] === undefined) }
}

/** For a form's field that holds JSON: brings both sides together where they changed different values. */
export function mergeJsonField(base: unknown, mine: unknown, theirs: unknown): string | undefined {
  const merged = mergeJson(String(base), String(mine), String(theirs))
  return merged?.clashes.length === 0 ? merged.text : undefined
}

function objectIn(text: string): Record<string, unknown> | null {
  const read = readJson(text)
  return read.fault === null && isRecord(read.value) ? read.value : null
}
