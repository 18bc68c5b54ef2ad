import { same } from './paths.ts'

/** The fields of `after` that differ from `before`: what is to be sent, and with the two turned around what undoes it. */
export function changed<T extends object>(before: T, after: T): Partial<T> {
  const entries = Object.entries(after).filter(([name, value]) => !same(value, before[name as keyof T]))
  return Object.fromEntries(entries) as Partial<T>
}
