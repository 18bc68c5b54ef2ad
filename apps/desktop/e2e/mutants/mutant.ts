import type { Fault } from '../fault.ts'

/** One seeded fault in the built app, and the part of the spec that must notice it. */
export interface Mutant extends Fault {
  name: string
  file: string
  /** Part of the test's name. */
  test: string
}
