import type { Database, Statement as Prepared } from 'better-sqlite3'
import type { CompiledQuery, ConnectionProvider, DatabaseConnection, QueryResult } from 'kysely'

import { TransactionEnded, TransactionFailed } from '../errors.ts'
import type { Session, Statement, TransactionSession } from '../session.ts'

/** Twice as many statements may be kept: the old half goes when the young half is full. */
const generation = 500

/** A connection that prepares each SQL text once. Its queries are done when they return. */
export class SqliteConnection implements Session, DatabaseConnection, ConnectionProvider {
  readonly engine = 'sqlite'
  readonly database: Database
  readonly #version: Prepared
  #young = new Map<string, Prepared>()
  #old = new Map<string, Prepared>()

  constructor(database: Database) {
    this.database = database
    this.#version = database.prepare('pragma data_version').pluck()
  }

  /** Changes with the commits of other connections, of other processes too: it is meant for one that only reads. */
  version(): number {
    return this.#version.get() as number
  }

  statement(text: string): Prepared {
    const known = this.#young.get(text)
    if (known !== undefined) return known
    const statement = this.#old.get(text) ?? this.database.prepare(text)
    if (this.#young.size >= generation) {
      this.#old = this.#young
      this.#young = new Map()
    }
    this.#young.set(text, statement)
    return statement
  }

  /** How many statements are kept. */
  get kept(): number {
    return this.#young.size + this.#old.size
  }

  first({ sql }: Statement, values: readonly unknown[]): unknown {
    return this.statement(sql).get(values)
  }

  all({ sql }: Statement, values: readonly unknown[]): unknown[] {
    return this.statement(sql).all(values)
  }

  run({ sql }: Statement, values: readonly unknown[]): number {
    return this.statement(sql).run(values).changes
  }

  provideConnection<T>(consumer: (connection: DatabaseConnection) => Promise<T>): Promise<T> {
    return consumer(this)
  }

  async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
    const statement = this.statement(sql)
    if (statement.reader) {
      const rows = statement.all(parameters) as R[]
      return isWrite(sql) ? { rows, numAffectedRows: BigInt(rows.length) } : { rows }
    }
    const { changes, lastInsertRowid } = statement.run(parameters)
    return { rows: [], numAffectedRows: BigInt(changes), insertId: BigInt(lastInsertRowid) }
  }

  /** Reads everything first: an open cursor would keep other queries of this connection on an old state. */
  async *streamQuery<R>({ sql, parameters }: CompiledQuery, chunk: number): AsyncIterableIterator<QueryResult<R>> {
    const rows = this.statement(sql).all(parameters) as R[]
    for (let from = 0; from < rows.length; from += chunk) yield { rows: rows.slice(from, from + chunk) }
  }
}

const isWrite = (sql: string): boolean => /^\s*(insert|update|delete|replace)\b/i.test(sql)

/** A connection lent to one transaction. As on Postgres, a failed statement dooms the transaction. */
export class SqliteTransactionConnection implements TransactionSession, DatabaseConnection, ConnectionProvider {
  readonly engine = 'sqlite'
  readonly #connection: SqliteConnection
  #ended = false
  #failure: unknown

  constructor(connection: SqliteConnection) {
    this.#connection = connection
  }

  /** No more queries. @throws TransactionFailed when one had failed. */
  end(): void {
    this.#ended = true
    if (this.#failure !== undefined) throw new TransactionFailed(this.#failure)
  }

  /** No more queries, whatever happened. */
  abandon(): void {
    this.#ended = true
  }

  async savepoint<T>(fn: () => Promise<T>): Promise<T> {
    this.#check()
    const { database } = this.#connection
    database.exec('savepoint part')
    try {
      const result = await fn()
      this.#check()
      database.exec('release part')
      return result
    } catch (error) {
      // SQLite itself rolls back everything after some errors, such as a full disk.
      if (this.#ended || !database.inTransaction) {
        this.#failure ??= error
        throw new TransactionFailed(error)
      }
      database.exec('rollback to part; release part')
      this.#failure = undefined
      throw error
    }
  }

  first(statement: Statement, values: readonly unknown[]): unknown {
    return this.#do(() => this.#connection.first(statement, values))
  }

  all(statement: Statement, values: readonly unknown[]): unknown[] {
    return this.#do(() => this.#connection.all(statement, values))
  }

  run(statement: Statement, values: readonly unknown[]): number {
    return this.#do(() => this.#connection.run(statement, values))
  }

  provideConnection<T>(consumer: (connection: DatabaseConnection) => Promise<T>): Promise<T> {
    return consumer(this)
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    this.#check()
    try {
      return await this.#connection.executeQuery<R>(query)
    } catch (error) {
      this.#failure ??= error
      throw error
    }
  }

  async *streamQuery<R>(query: CompiledQuery, chunk: number): AsyncIterableIterator<QueryResult<R>> {
    this.#check()
    yield* this.#connection.streamQuery<R>(query, chunk)
  }

  #do<T>(fn: () => T): T {
    this.#check()
    try {
      return fn()
    } catch (error) {
      this.#failure ??= error
      throw error
    }
  }

  #check(): void {
    if (this.#ended) throw new TransactionEnded()
    if (this.#failure !== undefined) throw new TransactionFailed(this.#failure)
  }
}
