import type { ChangeType } from '@steward/api'

type Change = { type: ChangeType; id: string | null; deleted: boolean }

/** What several events changed together. */
export interface Changes {
  /** Everything may have changed. */
  all: boolean
  types: ReadonlySet<ChangeType>
}

export interface LiveEvent {
  reset: boolean
  changes: readonly Change[]
}

/** Milliseconds between two readings: a workspace that changes all the time is not read all the time. */
const pause = 1_000

/** Gathers events: the first is passed on at once, what follows within the pause together. */
export class Reader {
  #all = false
  #types = new Set<ChangeType>()
  #timer: ReturnType<typeof setTimeout> | null = null
  #waiting = false
  readonly #read: (changes: Changes) => void

  constructor(read: (changes: Changes) => void) {
    this.#read = read
  }

  take({ reset, changes }: LiveEvent): void {
    this.#all ||= reset
    for (const { type } of changes) this.#types.add(type)
    this.#waiting = true
    if (this.#timer === null) this.#pass()
  }

  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
  }

  #pass(): void {
    this.#timer = null
    if (!this.#waiting) return
    const changes = { all: this.#all, types: this.#types }
    this.#all = false
    this.#types = new Set()
    this.#waiting = false
    this.#timer = setTimeout(() => this.#pass(), pause)
    this.#read(changes)
  }
}
