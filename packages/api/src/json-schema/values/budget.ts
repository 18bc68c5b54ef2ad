/*
 * Work is counted, never timed: the same check ends the same way on every machine. A unit is about what one state of a
 * pattern takes for one character; everything else is priced in it.
 */

const inWords = 'takes too much work to check: simplify the schema, or make the value smaller'

/** Thrown inside a check and caught at its edge: the work allowed is used up. Its message ends a sentence about the schema. */
export class TooMuch extends Error {
  override readonly name = 'TooMuch'

  constructor(message: string = inWords) {
    super(message)
  }
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
  const size = values.reduce<number>((sum, value) => sum + sizeOf(value, deepest), 0)
  return new Budget(Math.min(most, base + perCharacter * size))
}

/** About the characters of its JSON. */
function sizeOf(value: unknown, levels: number): number {
  if (typeof value === 'string') return bounded(value.length + 3)
  if (typeof value !== 'object' || value === null) return 3
  if (levels === 0) throw new TooMuch()
  let size = 3
  if (Array.isArray(value)) for (const item of value) size = bounded(size + sizeOf(item, levels - 1))
  else
    for (const key of Object.keys(value))
      size = bounded(size + key.length + 3 + sizeOf((value as Record<string, unknown>)[key], levels - 1))
  return size
}

function bounded(size: number): number {
  if (size > largest) throw new TooMuch()
  return size
}
