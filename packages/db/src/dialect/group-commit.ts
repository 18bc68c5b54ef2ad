import { AsyncLocalStorage } from 'node:async_hooks'
import { setImmediate as turn } from 'node:timers/promises'

import { CommitUnknown } from '../errors.ts'

/** Writes that share one commit, at most: the first one's answer waits for the last one's work. */
const groupSize = 32

/** What a group asks of the connection it runs on. */
export interface GroupConnection {
  /** Begins a transaction. @throws the engine's error when another process holds the file. */
  readonly begin: () => Promise<void>
  /** Runs one write inside the open transaction. */
  readonly run: (work: Work) => Promise<unknown>
  readonly execute: (sql: Step) => void | Promise<void>
  /** Whether a transaction is open that can still be worked in. */
  readonly isOpen: boolean
}

export type Step = 'commit' | 'rollback' | 'savepoint one' | 'rollback to one' | 'release one'
export type Work = (tx: never) => Promise<unknown>

interface Entry {
  readonly work: Work
  readonly resolve: (result: unknown) => void
  readonly reject: (error: unknown) => void
  /** Set after a commit of several failed: which of them was at fault shows when each has its own. */
  alone: boolean
}

/** What a write came to, told when the commit has shown that it rests on what is kept. */
type Outcome = { readonly result: unknown } | { readonly refusal: unknown }
interface Done {
  readonly entry: Entry
  readonly outcome: Outcome
}

/**
 * Commits writes that came at the same time together: one sync to disk for all of them. Each is still all or nothing
 * (a savepoint), sees those before it, and is answered only after the commit, also when it refused.
 */
export class GroupCommit {
  readonly #connection: GroupConnection
  readonly #locked: (fn: () => Promise<void>) => Promise<void>
  #queue: Entry[] = []
  #serving: Promise<void> | undefined

  /** @param locked runs a function while nobody else uses the connection. */
  constructor(connection: GroupConnection, locked: (fn: () => Promise<void>) => Promise<void>) {
    this.#connection = connection
    this.#locked = locked
  }

  /** Resolves with the result of `work` once it is durable. @throws what `work` or the commit throws. */
  add<T>(work: (tx: never) => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const entry = { work: AsyncLocalStorage.bind(work), resolve: resolve as Entry['resolve'], reject, alone: false }
      this.#queue.push(entry)
      this.#serving ??= this.#serve()
    })
  }

  /** Resolves when all that was added has been answered. */
  async finished(): Promise<void> {
    await this.#serving
  }

  async #serve(): Promise<void> {
    while (this.#queue.length > 0) {
      // Requests that are being read in this turn of the event loop join before the transaction begins, and in the
      // next one those whose callers have just been answered: a tenth more writes a second than without it.
      await turn()
      await turn()
      try {
        await this.#locked(() => this.#together())
      } catch (error) {
        // Nobody in the queue could begin. One by one, the last would wait that long once for each before it.
        for (const entry of this.#queue.splice(0)) entry.reject(error)
      }
    }
    this.#serving = undefined
  }

  async #together(): Promise<void> {
    const { begin, execute } = this.#connection
    await begin()
    const done: Done[] = []
    try {
      for (let entry = this.#next(done.length); entry; entry = this.#next(done.length)) {
        const outcome = await this.#one(entry, done.length === 0)
        if (outcome === null) break
        done.push({ entry, outcome })
        if (entry.alone) break
      }
      if (this.#connection.isOpen) await execute('commit')
    } catch (error) {
      if (this.#connection.isOpen) await execute('rollback')
      this.#again(done, error)
      return
    }
    for (const { entry, outcome } of done) {
      if ('result' in outcome) entry.resolve(outcome.result)
      else entry.reject(outcome.refusal)
    }
  }

  #next(done: number): Entry | undefined {
    if (done >= groupSize || (done > 0 && this.#queue[0]?.alone)) return undefined
    return this.#queue.shift()
  }

  /** The first needs no savepoint: when it fails, the transaction is its own. Null then ends the group. */
  async #one(entry: Entry, first: boolean): Promise<Outcome | null> {
    const { execute, run } = this.#connection
    try {
      if (!first) await execute('savepoint one')
      const result = await run(entry.work)
      if (!first) await execute('release one')
      return { result }
    } catch (error) {
      // SQLite itself rolls back everything after some errors, such as a full disk; and a connection may have broken.
      const isOpen = this.#connection.isOpen
      if (isOpen && !first && (await this.#undone())) return { refusal: error }
      entry.reject(error)
      if (!isOpen || !first) throw error
      await execute('rollback')
      return null
    }
  }

  async #undone(): Promise<boolean> {
    try {
      await this.#connection.execute('rollback to one')
      await this.#connection.execute('release one')
      return true
    } catch {
      return false
    }
  }

  #again(done: Done[], error: unknown): void {
    if (done.length === 1 || error instanceof CommitUnknown) {
      for (const { entry } of done) entry.reject(error)
      return
    }
    for (const { entry } of done) entry.alone = true
    this.#queue.unshift(...done.map(({ entry }) => entry))
  }
}
