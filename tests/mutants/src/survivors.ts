/** Why a mistake that no test notices is left so. */
export interface Answer {
  /** Path from the root of the repository. */
  readonly file: string
  /** The code and what it became, on one line. */
  readonly original: string
  readonly replacement: string
  /** True when it makes no difference that anybody can see: such a mistake is not counted. */
  readonly equivalent: boolean
  readonly why: string
}

/** Mistakes that went by unseen, answered one by one. A mistake that deserves a test gets the test, not an answer. */
export const answers: readonly Answer[] = []
