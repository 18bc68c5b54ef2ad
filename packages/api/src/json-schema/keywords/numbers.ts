import { isMultiple } from '../values/json.ts'
import { type Group, misfit } from './keyword.ts'

function limit(keyword: string, [words, fits]: [string, (data: number, limit: number) => boolean]): Group {
  return {
    keywords: [keyword],
    make({ [keyword]: given }) {
      if (typeof given !== 'number') return null
      return (data, place) =>
        typeof data !== 'number' || fits(data, given) ? null : misfit(place, () => `must be ${words} ${given}`)
    },
  }
}

const multipleOf: Group = {
  keywords: ['multipleOf'],
  make({ multipleOf: unit }) {
    if (typeof unit !== 'number' || !(unit > 0)) return null
    return (data, place, run) => {
      if (typeof data !== 'number') return null
      run.budget.spend(100)
      return isMultiple(data, unit) ? null : misfit(place, () => `must be a multiple of ${unit}`)
    }
  },
}

export const numbers: readonly Group[] = [
  limit('minimum', ['at least', (data, least) => data >= least]),
  limit('maximum', ['at most', (data, most) => data <= most]),
  limit('exclusiveMinimum', ['more than', (data, edge) => data > edge]),
  limit('exclusiveMaximum', ['less than', (data, edge) => data < edge]),
  multipleOf,
]
