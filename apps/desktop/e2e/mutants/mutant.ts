/** One seeded fault in the built app, and the part of the spec that must notice it. */
export interface Mutant {
  name: string
  where: string
  find: string
  put: string
  file: string
  /** Part of the test's name. */
  test: string
}
