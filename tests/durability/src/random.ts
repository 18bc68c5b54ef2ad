/** Numbers that look random and repeat with their seed. Not for secrets. */
export interface Random {
  /** A whole number from 0 up to, but not including, `below`. */
  below(below: number): number
  /** True in about `percent` of a hundred cases. */
  chance(percent: number): boolean
  /** One of a list that is not empty. */
  pick<T>(list: readonly T[]): T
}

/** A stream of its own for each combination of `parts` (mulberry32, started with an FNV-1a hash of them). */
export function randomOf(...parts: readonly (string | number)[]): Random {
  let state = 0x81_1c_9d_c5
  for (const letter of parts.join('/')) state = Math.imul(state ^ (letter.codePointAt(0) ?? 0), 0x01_00_01_93)
  const next = (): number => {
    state = (state + 0x6d_2b_79_f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_00_00_00_00
  }
  const below = (most: number): number => Math.floor(next() * most)
  return {
    below,
    chance: (percent) => below(100) < percent,
    pick: <T>(list: readonly T[]): T => {
      if (list.length === 0) throw new RangeError('There is nothing to pick from.')
      return list[below(list.length)] as T
    },
  }
}
