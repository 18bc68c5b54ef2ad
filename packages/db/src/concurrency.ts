import { AsyncLocalStorage } from 'node:async_hooks'

import { LaneTimeout, NestedWrite } from './errors.ts'

interface Waiter {
  readonly enter: () => void
  readonly timer: NodeJS.Timeout
}

/** First come, first served; `width` holders at once. */
export class Semaphore {
  readonly #label: string
  readonly #timeout: number
  readonly #waiting: Waiter[] = []
  #free: number

  /** @param timeout the longest wait, in milliseconds. */
  constructor(label: string, timeout: number, width = 1) {
    this.#label = label
    this.#timeout = timeout
    this.#free = width
  }

  /** Resolves when the lane is ours. @throws LaneTimeout */
  async enter(): Promise<void> {
    if (this.#free > 0) {
      this.#free -= 1
      return
    }
    await new Promise<void>((resolve, reject) => {
      const waiter: Waiter = {
        enter: resolve,
        timer: setTimeout(() => {
          this.#waiting.splice(this.#waiting.indexOf(waiter), 1)
          reject(new LaneTimeout(this.#label, this.#timeout))
        }, this.#timeout),
      }
      this.#waiting.push(waiter)
    })
  }

  /** Hands the lane to the next in line. */
  leave(): void {
    const next = this.#waiting.shift()
    if (next === undefined) {
      this.#free += 1
      return
    }
    clearTimeout(next.timer)
    next.enter()
  }
}

interface Turn {
  readonly semaphore: Semaphore
  /** Who holds it or waits for it. */
  users: number
}

/** A semaphore for each name, as long as somebody uses it. */
export class Turns {
  readonly #label: string
  readonly #timeout: number
  readonly #width: number
  readonly #taken = new Map<string, Turn>()

  // oxlint-disable-next-line max-params
  constructor(label: string, timeout: number, width: number) {
    this.#label = label
    this.#timeout = timeout
    this.#width = width
  }

  /** @throws LaneTimeout, and what `work` throws. */
  async take<T>(name: string, work: () => Promise<T>): Promise<T> {
    const turn = this.#taken.get(name) ?? {
      semaphore: new Semaphore(this.#label, this.#timeout, this.#width),
      users: 0,
    }
    this.#taken.set(name, turn)
    turn.users += 1
    try {
      await turn.semaphore.enter()
      try {
        return await work()
      } finally {
        turn.semaphore.leave()
      }
    } finally {
      turn.users -= 1
      if (turn.users === 0) this.#taken.delete(name)
    }
  }

  /** Names in use. */
  get size(): number {
    return this.#taken.size
  }
}

/** Counts who is inside, so that closing can wait for them. */
export class InFlightCounter {
  #inside = 0
  #shut = false
  #empty: () => void = () => {}

  /** @throws Error once the store is closed. */
  enter(): void {
    if (this.#shut) throw new Error('This store is closed.')
    this.#inside += 1
  }

  leave(): void {
    this.#inside -= 1
    if (this.#inside === 0) this.#empty()
  }

  /** Lets nobody in any more and resolves when the last one has left. */
  async shut(): Promise<void> {
    this.#shut = true
    if (this.#inside === 0) return
    await new Promise<void>((resolve) => {
      this.#empty = resolve
    })
  }
}

interface OpenWrite {
  readonly label: string
  open: boolean
}

const current = new AsyncLocalStorage<OpenWrite>()

/** @throws NestedWrite when this async path is inside an open write. */
export function refuseInsideWrite(what: string): void {
  const outer = current.getStore()
  // A path that a write started and left running (an event listener, say) is free again once the write has ended.
  if (outer?.open) throw new NestedWrite(what, outer.label)
}

/** Runs `fn` as a write; a write inside it is refused. */
export async function asWrite<T>(label: string, fn: () => Promise<T>): Promise<T> {
  refuseInsideWrite(`write of the ${label} store`)
  const mark: OpenWrite = { label, open: true }
  try {
    return await current.run(mark, fn)
  } finally {
    mark.open = false
  }
}
