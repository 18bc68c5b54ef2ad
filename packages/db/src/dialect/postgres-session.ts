import type { CompiledQuery, ConnectionProvider, DatabaseConnection, QueryResult } from 'kysely'
import type { Pool, PoolClient, QueryConfig, QueryResult as PgResult } from 'pg'

import { TransactionEnded, TransactionFailed } from '../errors.ts'
import type { InFlightCounter } from '../concurrency.ts'
import { retrying } from '../retry.ts'
import type { Session, Statement, TransactionSession } from '../session.ts'
import { isBroken, isStalePlan } from './postgres.ts'

/** pg knows a limit of the client's own for each query, its types do not. */
export type Query = QueryConfig & { readonly query_timeout?: number }

/** Names of prepared statements carry an epoch, so that all can be left behind at once. */
export class StatementNames {
  #epoch = 0

  config({ name, sql }: Statement, values: readonly unknown[]): QueryConfig {
    return { name: `${name}_${this.#epoch}`, text: sql, values: [...values] }
  }

  /** To be told of every error. */
  notice(error: unknown): void {
    if (isStalePlan(error)) this.#epoch += 1
  }
}

type Row = Record<string, unknown>

/** What reading and transacting sessions share: all they do is `query`. */
abstract class PostgresSession implements Session, DatabaseConnection, ConnectionProvider {
  readonly engine = 'postgres'
  readonly names: StatementNames

  constructor(names: StatementNames) {
    this.names = names
  }

  /** `config` is called for each attempt. */
  protected abstract query(config: () => QueryConfig): Promise<PgResult<Row>>

  async first(statement: Statement, values: readonly unknown[]): Promise<unknown> {
    return (await this.query(() => this.names.config(statement, values))).rows[0]
  }

  async all(statement: Statement, values: readonly unknown[]): Promise<unknown[]> {
    return (await this.query(() => this.names.config(statement, values))).rows
  }

  async run(statement: Statement, values: readonly unknown[]): Promise<number> {
    return (await this.query(() => this.names.config(statement, values))).rowCount ?? 0
  }

  provideConnection<T>(consumer: (connection: DatabaseConnection) => Promise<T>): Promise<T> {
    return consumer(this)
  }

  async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
    const { command, rowCount, rows } = await this.query(() => ({ text: sql, values: [...parameters] }))
    if (command === 'SELECT') return { rows: rows as R[] }
    return { rows: rows as R[], numAffectedRows: BigInt(rowCount ?? 0) }
  }

  abstract streamQuery<R>(query: CompiledQuery, chunk: number): AsyncIterableIterator<QueryResult<R>>
}

/** Each query on any free connection; asked again when a connection breaks, for it only reads. */
export class PostgresReader extends PostgresSession {
  readonly #pool: Pool
  readonly #inFlight: InFlightCounter

  // oxlint-disable-next-line max-params
  constructor(pool: Pool, inFlight: InFlightCounter, names: StatementNames) {
    super(names)
    this.#pool = pool
    this.#inFlight = inFlight
  }

  protected override async query(config: () => QueryConfig): Promise<PgResult<Row>> {
    this.#inFlight.enter()
    try {
      return await retrying(again, () => this.#once(config))
    } finally {
      this.#inFlight.leave()
    }
  }

  async #once(config: () => QueryConfig): Promise<PgResult<Row>> {
    const client = await this.#pool.connect()
    let broken = false
    try {
      return await client.query<Row>(config())
    } catch (error) {
      this.names.notice(error)
      broken = isBroken(error)
      throw error
    } finally {
      client.release(broken)
    }
  }

  override async *streamQuery<R>(query: CompiledQuery, chunk: number): AsyncIterableIterator<QueryResult<R>> {
    this.#inFlight.enter()
    try {
      const client = await begun(this.#pool, 'begin read only')
      try {
        yield* new PostgresTransactionConnection(client, this.names).streamQuery<R>(query, chunk)
      } finally {
        client.release(await isLost(client.query('rollback')))
      }
    } finally {
      this.#inFlight.leave()
    }
  }
}

const again = { attempts: 6, pause: 50, when: (error: unknown) => isBroken(error) || isStalePlan(error) }

/** A connection with an open transaction. A connection found broken is replaced: nothing has happened yet. */
export function begun(pool: Pool, begin: string | Query): Promise<PoolClient> {
  return retrying({ ...again, when: isBroken }, async () => {
    const client = await pool.connect()
    try {
      await client.query(begin)
      return client
    } catch (error) {
      client.release(true)
      throw error
    }
  })
}

export async function isLost(last: Promise<unknown>): Promise<boolean> {
  try {
    await last
    return false
  } catch {
    return true
  }
}

let cursors = 0

/** A connection lent to one transaction. */
export class PostgresTransactionConnection extends PostgresSession implements TransactionSession {
  readonly #client: PoolClient
  readonly #limit: Pick<Query, 'query_timeout'>
  #ended = false
  #failure: unknown

  // oxlint-disable-next-line max-params
  constructor(client: PoolClient, names: StatementNames, limit: Pick<Query, 'query_timeout'> = {}) {
    super(names)
    this.#client = client
    this.#limit = limit
  }

  /** No more queries. @throws TransactionFailed when one had failed. */
  end(): void {
    this.#ended = true
    if (this.#failure !== undefined) throw new TransactionFailed(this.#failure)
  }

  /** What a statement failed with, also one that was not waited for. */
  get failure(): unknown {
    return this.#failure
  }

  /** No more queries, whatever happened. */
  abandon(): void {
    this.#ended = true
  }

  async savepoint<T>(fn: () => Promise<T>): Promise<T> {
    await this.query(() => ({ text: 'savepoint part' }))
    try {
      const result = await fn()
      await this.query(() => ({ text: 'release part' }))
      return result
    } catch (error) {
      if (this.#ended) throw error
      try {
        await this.#client.query({ text: 'rollback to part; release part', ...this.#limit })
      } catch {
        // The connection is gone, and with it the transaction.
        this.#failure ??= error
        throw new TransactionFailed(error)
      }
      this.#failure = undefined
      throw error
    }
  }

  protected override async query(config: () => QueryConfig): Promise<PgResult<Row>> {
    if (this.#ended) throw new TransactionEnded()
    if (this.#failure !== undefined) throw new TransactionFailed(this.#failure)
    try {
      return await this.#client.query<Row>({ ...config(), ...this.#limit })
    } catch (error) {
      this.names.notice(error)
      this.#failure ??= error
      throw error
    }
  }

  override async *streamQuery<R>(query: CompiledQuery, chunk: number): AsyncIterableIterator<QueryResult<R>> {
    cursors += 1
    const cursor = `steward_cursor_${cursors}`
    await this.query(() => ({
      text: `declare ${cursor} no scroll cursor for ${query.sql}`,
      values: [...query.parameters],
    }))
    for (;;) {
      const { rows } = await this.query(() => ({ text: `fetch ${chunk} from ${cursor}` }))
      if (rows.length > 0) yield { rows: rows as R[] }
      if (rows.length < chunk) break
    }
    await this.query(() => ({ text: `close ${cursor}` }))
  }
}
