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
}

const sessions = new WeakMap<object, Session>()

/** @throws TypeError when `db` is neither a store's reader nor an open transaction. */
export function sessionOf(db: object): Session {
  const session = sessions.get(db)
  if (session === undefined) throw new TypeError('A prepared query runs on a store’s reader, snapshot or transaction.')
  return session
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

  tx<DB>(session: Session & ConnectionProvider): Tx<DB> {
    const tx = new Transaction<DB>(this.#props(session)) as Tx<DB>
    sessions.set(tx, session)
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
