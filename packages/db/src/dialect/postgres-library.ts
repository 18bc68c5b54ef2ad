import {
  PostgresDialect,
  PostgresDriver,
  type AbortableOperationOptions,
  type DatabaseConnection,
  type Driver,
} from 'kysely'
import type { Pool } from 'pg'

import { refuseInsideWrite, type InFlightCounter } from '../concurrency.ts'

/** Kysely's own way in, for libraries: their transactions are separate from an open write's. */
export class LibraryDialect extends PostgresDialect {
  readonly #pool: Pool
  readonly #inFlight: InFlightCounter
  readonly #label: string

  constructor(pool: Pool, inFlight: InFlightCounter, label: string) {
    super({ pool })
    this.#pool = pool
    this.#inFlight = inFlight
    this.#label = label
  }

  override createDriver(): Driver {
    return new LibraryDriver(this.#pool, this.#inFlight, this.#label)
  }
}

class LibraryDriver extends PostgresDriver {
  readonly #inFlight: InFlightCounter
  readonly #label: string

  constructor(pool: Pool, inFlight: InFlightCounter, label: string) {
    super({ pool })
    this.#inFlight = inFlight
    this.#label = label
  }

  /** @throws NestedWrite */
  override async acquireConnection(options?: AbortableOperationOptions): Promise<DatabaseConnection> {
    refuseInsideWrite(`library of the ${this.#label} store`)
    this.#inFlight.enter()
    try {
      return await super.acquireConnection(options)
    } catch (error) {
      this.#inFlight.leave()
      throw error
    }
  }

  override async releaseConnection(connection: Parameters<PostgresDriver['releaseConnection']>[0]): Promise<void> {
    await super.releaseConnection(connection)
    this.#inFlight.leave()
  }
}
