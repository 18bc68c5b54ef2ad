import type { Budget } from './budget.ts'

export type JsonObject = Readonly<Record<string, unknown>>

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export type JsonType = 'string' | 'number' | 'boolean' | 'object' | 'array' | 'null'

/** The JSON type of a value; what JSON cannot say, such as undefined, counts as null. */
export function typeOf(value: unknown): JsonType {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  const type = typeof value
  return type === 'string' || type === 'number' || type === 'boolean' || type === 'object' ? type : 'null'
}

/** A text that two values share when JSON Schema calls them equal: 1 and 1.0 are, order of keys does not matter. */
export function identityOf(value: unknown, budget: Budget): string {
  if (typeof value === 'string') {
    budget.spend(2 + (value.length >> 2))
    return JSON.stringify(value)
  }
  budget.spend(4)
  if (Array.isArray(value)) return `[${value.map((item) => identityOf(item, budget)).join()}]`
  if (!isObject(value)) return String(value)
  const keys = Object.keys(value).toSorted()
  budget.spend(keys.length * 4)
  return `{${keys.map((key) => `${identityOf(key, budget)}:${identityOf(value[key], budget)}`).join()}}`
}

/** Characters as JSON Schema counts them: code points. */
export function lengthOf(text: string, budget: Budget): number {
  budget.spend(text.length >> 2)
  let pairs = 0
  for (let at = 0; at < text.length - 1; at++)
    if (text.codePointAt(at)! > 0xff_ff) {
      pairs++
      at++
    }
  return text.length - pairs
}

/** Whether a number is a multiple of another, exactly, by their decimals: 19.99 is one of 0.01. */
export function isMultiple(value: number, of: number): boolean {
  const [digits, exponent] = decimals(value)
  const [unit, unitExponent] = decimals(of)
  const low = Math.min(exponent, unitExponent)
  return (digits * 10n ** BigInt(exponent - low)) % (unit * 10n ** BigInt(unitExponent - low)) === 0n
}

function decimals(value: number): [digits: bigint, exponent: number] {
  const [mantissa = '', exponent = '0'] = String(value).split('e')
  const [whole = '', fraction = ''] = mantissa.split('.')
  return [BigInt(whole + fraction), Number(exponent) - fraction.length]
}
