/*
 * Work is counted, never timed: the same check ends the same way on every machine. A unit is about what one state of a
 * pattern takes for one character; everything else is priced in it.
 */

/** Thrown inside a check and caught at its edge: the work allowed is used up. */
export class TooMuch extends Error {
  override readonly name = 'TooMuch'
}

/** What no check may pass, whatever was sent: well under 50 ms of one core. */
const most = 1_000_000
/** Allowed whatever the size, and on top for every character that was sent. */
const base = 60_000
const perCharacter = 12

/** Deeper or larger data and schemas are refused before anything recurses over them. */
const deepest = 200
const largest = 8_000_000

/** The units that one check has left. */
export class Budget {
  #left: number

  constructor(units: number) {
    this.#left = units
  }

  get left(): number {
    return this.#left
  }

  /** @throws TooMuch when fewer are left. */
  spend(units: number): void {
    this.#left -= units
    if (this.#left < 0) throw new TooMuch()
  }
}

/**
 * A budget that grows with the sum of the sizes of what was sent, never with their product.
 * @throws TooMuch for what is nested deeper than 200 levels or has more than 8 million characters.
 */
export function budgetFor(...values: readonly unknown[]): Budget {
  const size = values.reduce<number>((sum, value) => sum + sizeOf(value), 0)
  return new Budget(Math.min(most, base + perCharacter * size))
}

/** About the characters of its JSON. */
function sizeOf(value: unknown): number {
  let size = 0
  const waiting: { value: unknown; depth: number }[] = [{ value, depth: 0 }]
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    size += 3 + (typeof next.value === 'string' ? next.value.length : 0)
    if (size > largest) throw new TooMuch()
    if (typeof next.value !== 'object' || next.value === null) continue
    const depth = next.depth + 1
    if (depth > deepest) throw new TooMuch()
    if (Array.isArray(next.value)) for (const item of next.value) waiting.push({ value: item, depth })
    else
      for (const [key, child] of Object.entries(next.value)) {
        size += key.length + 3
        waiting.push({ value: child, depth })
      }
  }
  return size
}
