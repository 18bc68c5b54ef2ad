import type { DBAdapter } from 'better-auth/types'
import { ApiError } from '../../core/errors.ts'

/** What a statement does to how a person signs in. */
export type Fact =
  | 'password changed'
  | 'factor prepared'
  | 'factor confirmed'
  | 'factor removed'
  | 'codes renewed'
  | 'code spent'
  | 'method added'
  | 'method removed'
  | 'email verified'
  | 'session made'
  | 'session ended'

interface Statement {
  fact: Fact
  userId: string
  /** The identity provider of a method that is added or removed. */
  provider?: string
  /** A session that is made, as the library will ask for it again. */
  session?: { token: unknown }
  /** Resolves to null when the row it is about is no longer there. */
  run: (adapter: DBAdapter) => Promise<unknown>
}

interface Reading {
  found: string
  again: (adapter: DBAdapter) => Promise<string>
}

/** What the library decides by; other columns may change meanwhile. */
const decisive = [
  'id userId user account email twoFactorEnabled',
  'providerId accountId password secret backupCodes verified',
].flatMap((names) => names.split(' '))

/** A result in one spelling: the same rows in another order are the same. */
export function essence(rows: unknown): string {
  if (!Array.isArray(rows)) return JSON.stringify(rows ?? null, decisive)
  return rows
    .map((row) => JSON.stringify(row, decisive))
    .toSorted()
    .join()
}

export function overtaken(): ApiError {
  return new ApiError('ResourceLockedConflict', 'Your sign-in settings were changed at the same time. Try again.')
}

/** What the sign-in library wants changed while it answers one request, and what it read to want that. */
export class UnitOfWork {
  readonly #readings: Reading[] = []
  readonly #statements: Statement[] = []
  #isHalfWay = false

  /** Whether who they are was proved but for the second factor: the session was made, and taken back. */
  get isHalfWay(): boolean {
    return this.#isHalfWay
  }

  get isEmpty(): boolean {
    return this.#statements.length === 0
  }

  /** @throws Error when the statements are about several people. */
  get userId(): string {
    const [userId, ...others] = new Set(this.#statements.map((statement) => statement.userId))
    if (userId === undefined || others.length > 0) throw new Error('One request changes one person.')
    return userId
  }

  has(fact: Fact): boolean {
    return this.#statements.some((statement) => statement.fact === fact)
  }

  get provider(): string | null {
    return this.#statements.find(({ provider }) => provider !== undefined)?.provider ?? null
  }

  add(statement: Statement): void {
    this.#statements.push(statement)
  }

  note(reading: Reading): void {
    this.#readings.push(reading)
  }

  /** For a person who was made meanwhile: what was read before no longer counts. */
  forgetReadings(): void {
    this.#readings.length = 0
  }

  sessionMade(token: unknown): Statement['session'] {
    return this.#statements.find(({ session }) => session?.token === token)?.session
  }

  /** A session made and ended by the same request never was. */
  unmakeSession(token: unknown): boolean {
    const at = this.#statements.findIndex(({ session }) => session?.token === token)
    if (at < 0) return false
    this.#statements.splice(at, 1)
    this.#isHalfWay = true
    return true
  }

  /**
   * Does it all through an adapter of an open transaction; may be called again by a retry.
   * @throws ResourceLockedConflict when what the library decided by has changed.
   */
  async apply(adapter: DBAdapter): Promise<void> {
    for (const { found, again } of this.#readings) if ((await again(adapter)) !== found) throw overtaken()
    for (const { run } of this.#statements) if ((await run(adapter)) === null) throw overtaken()
  }
}
