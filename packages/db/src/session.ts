import {
  DefaultQueryExecutor,
  DummyDriver,
  Kysely,
  Transaction,
  type ConnectionProvider,
  type Dialect,
  type KyselyProps,
} from 'kysely'

import type { Engine } from './dialect/portable.ts'
import type { Reader, Tx } from './store.ts'

/** A query compiled once. `name` is unique in the process: Postgres' name for the prepared statement. */
export interface Statement {
  readonly name: string
  readonly sql: string
}

/** The short way to a connection that prepared queries take. Methods may also throw at once. */
export interface Session {
  readonly engine: Engine
  first(statement: Statement, values: readonly unknown[]): unknown
  all(statement: Statement, values: readonly unknown[]): unknown[] | Promise<unknown[]>
  /** The number of rows changed. */
  run(statement: Statement, values: readonly unknown[]): number | Promise<number>
  /**
   * A number that is another one after any commit, whoever made it. Only where that is cheaper to ask than a query, and
   * where the session sees what is committed: on the reader of SQLite.
   */
  version?(): number
}

/** That of an open transaction. */
export interface TransactionSession extends Session {
  savepoint<T>(fn: () => Promise<T>): Promise<T>
}

const sessions = new WeakMap<object, Session>()
const transactions = new WeakMap<object, TransactionSession>()

/** @throws TypeError when `db` is neither a store's reader nor an open transaction. */
export function sessionOf(db: object): Session {
  const session = sessions.get(db)
  if (session === undefined) throw new TypeError('A prepared query runs on a store’s reader, snapshot or transaction.')
  return session
}

/**
 * Runs part of a transaction: when it throws, that part alone is undone, and the transaction goes on.
 * @throws what `fn` throws; TransactionFailed when `fn` swallowed the error of a statement, or the whole transaction is lost.
 */
export async function savepoint<DB, T>(tx: Tx<DB>, fn: () => Promise<T>): Promise<T> {
  const session = transactions.get(tx)
  if (session === undefined) throw new TypeError('Only an open transaction of a store has savepoints.')
  return session.savepoint(fn)
}

/** Makes the Kysely objects of a store: what they do, they do on the session's connection. */
export class Handles {
  readonly #dialect: Dialect

  constructor(dialect: Dialect) {
    this.#dialect = dialect
    this.#compiler = dialect.createQueryCompiler()
    this.#adapter = dialect.createAdapter()
  }

  readonly #compiler
  readonly #adapter

  reader<DB>(session: Session & ConnectionProvider): Reader<DB> {
    const reader = new Kysely<DB>(this.#props(session))
    sessions.set(reader, session)
    return reader
  }

  tx<DB>(session: TransactionSession & ConnectionProvider): Tx<DB> {
    const tx = new Transaction<DB>(this.#props(session)) as Tx<DB>
    sessions.set(tx, session)
    transactions.set(tx, session)
    return tx
  }

  #props(provider: ConnectionProvider): KyselyProps {
    return {
      config: { dialect: this.#dialect },
      dialect: this.#dialect,
      driver: new DummyDriver(),
      executor: new DefaultQueryExecutor(this.#compiler, this.#adapter, provider),
    }
  }
}
