import { SqliteAdapter, type DatabaseConnection, type Driver } from 'kysely'

import { refuseInsideWrite, type Semaphore } from '../concurrency.ts'
import type { SqliteConnection } from './sqlite-connection.ts'
import { busyTimeout } from './sqlite.ts'

/** The lane serves one at a time; Kysely's own mutex would stay locked after a refusal. */
export class LaneAdapter extends SqliteAdapter {
  override get supportsMultipleConnections(): boolean {
    return true
  }
}

/** Kysely's own way in, for libraries: it holds the write lane for as long as it holds the connection. */
export class SerialDriver implements Driver {
  readonly #connection: SqliteConnection
  readonly #writing: Semaphore
  readonly #label: string

  constructor(connection: SqliteConnection, writing: Semaphore, label: string) {
    this.#connection = connection
    this.#writing = writing
    this.#label = label
  }

  async init(): Promise<void> {
    // The store has opened the connection.
  }

  /** @throws NestedWrite @throws LaneTimeout */
  async acquireConnection(): Promise<DatabaseConnection> {
    refuseInsideWrite(`library of the ${this.#label} store`)
    await this.#writing.enter()
    this.#connection.database.pragma(`busy_timeout = ${busyTimeout}`)
    return this.#connection
  }

  async releaseConnection(): Promise<void> {
    this.#connection.database.pragma('busy_timeout = 0')
    this.#writing.leave()
  }

  async beginTransaction(): Promise<void> {
    // Kysely's driver begins deferred: a read that turns into a write then fails SQLITE_BUSY.
    this.#connection.statement('begin immediate').run()
  }

  async commitTransaction(): Promise<void> {
    this.#connection.statement('commit').run()
  }

  async rollbackTransaction(): Promise<void> {
    if (this.#connection.database.inTransaction) this.#connection.statement('rollback').run()
  }

  async destroy(): Promise<void> {
    // The store closes the connection.
  }
}
