import type { Evaluation } from '../evaluation.ts'
import { formatNames, isOfFormat } from '../values/format.ts'
import { lengthOf } from '../values/json.ts'
import { Pattern } from '../pattern/pattern.ts'
import { countOf, type Group, misfit, plural, told } from './keyword.ts'

const minLength: Group = {
  keywords: ['minLength'],
  make({ minLength: given }) {
    const least = countOf(given)
    if (!least) return null
    return (data, place, run) =>
      typeof data !== 'string' || lengthOf(data, run.budget) >= least
        ? null
        : misfit(place, () => `must have at least ${plural(least, 'character')}`)
  },
}

const maxLength: Group = {
  keywords: ['maxLength'],
  make({ maxLength: given }) {
    const most = countOf(given)
    if (most === null) return null
    return (data, place, run) =>
      typeof data !== 'string' || data.length <= most || lengthOf(data, run.budget) <= most
        ? null
        : misfit(place, () => `must have at most ${plural(most, 'character')}`)
  },
}

/**
 * A pattern that is made when it is first needed.
 * @throws PatternFault from the function it answers.
 */
export function patternOf(source: string): (run: Evaluation) => Pattern {
  let made: Pattern | undefined
  return (run) => {
    if (made) return made
    run.budget.spend(100 + 4 * source.length)
    made = new Pattern(source)
    run.budget.spend(10 * made.size)
    return made
  }
}

const pattern: Group = {
  keywords: ['pattern'],
  make({ pattern: source }) {
    if (typeof source !== 'string') return null
    const made = patternOf(source)
    return (data, place, run) =>
      typeof data !== 'string' || made(run).isIn(data, run.budget)
        ? null
        : misfit(place, () => `must match the pattern ${told(source).slice(1, -1)}`)
  },
}

const format: Group = {
  keywords: ['format'],
  make({ format: name }) {
    if (typeof name !== 'string') return null
    return (data, place, run) =>
      typeof data !== 'string' || !run.formats || isOfFormat(name, data, run.budget)
        ? null
        : misfit(place, () => `must be ${formatNames[name]}`)
  },
}

export const strings: readonly Group[] = [minLength, maxLength, pattern, format]
