import {
  PostgresDialect,
  PostgresDriver,
  type AbortableOperationOptions,
  type DatabaseConnection,
  type Driver,
} from 'kysely'
import type { Pool } from 'pg'

import { refuseInsideWrite, type Gate } from '../lane.ts'

/** Kysely's own way in, for libraries: their transactions are separate from an open write's. */
export class LibraryDialect extends PostgresDialect {
  readonly #pool: Pool
  readonly #gate: Gate
  readonly #label: string

  constructor(pool: Pool, gate: Gate, label: string) {
    super({ pool })
    this.#pool = pool
    this.#gate = gate
    this.#label = label
  }

  override createDriver(): Driver {
    return new LibraryDriver(this.#pool, this.#gate, this.#label)
  }
}

class LibraryDriver extends PostgresDriver {
  readonly #gate: Gate
  readonly #label: string

  constructor(pool: Pool, gate: Gate, label: string) {
    super({ pool })
    this.#gate = gate
    this.#label = label
  }

  /** @throws NestedWrite */
  override async acquireConnection(options?: AbortableOperationOptions): Promise<DatabaseConnection> {
    refuseInsideWrite(`library of the ${this.#label} store`)
    this.#gate.enter()
    try {
      return await super.acquireConnection(options)
    } catch (error) {
      this.#gate.leave()
      throw error
    }
  }

  override async releaseConnection(connection: Parameters<PostgresDriver['releaseConnection']>[0]): Promise<void> {
    await super.releaseConnection(connection)
    this.#gate.leave()
  }
}
