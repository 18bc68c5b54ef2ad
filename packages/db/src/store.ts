import type { Kysely, Transaction } from 'kysely'

import type { Engine } from './dialect/portable.ts'
import type { MainSchema, TelemetrySchema } from './tables/index.ts'

declare const transaction: unique symbol

/**
 * The selecting half of Kysely. Inserting with it does not type-check, and both engines refuse it
 * as well (a read-only connection). `getExecutor` is what `sql`…`.execute(reader)` asks for.
 */
export type Reader<DB> = Pick<
  Kysely<DB>,
  'selectFrom' | 'selectNoFrom' | 'with' | 'withRecursive' | 'fn' | 'case' | 'dynamic' | 'getExecutor'
>

/** An open write transaction; only `Store.write` makes one. It can do all a `Reader` can. */
export type Tx<DB> = Transaction<DB> & { readonly [transaction]: true }

export interface WriteOptions {
  /**
   * Names what this write will wait for: of those that name the same, two at most hold a connection (Postgres). Without it
   * a crowd that waits for one row would keep all connections from everybody else.
   */
  readonly turn?: string
  /**
   * Writes that name the same, and the same turn, share a commit with those that wait when one begins, on Postgres as all
   * writes do on SQLite: each is still all or nothing, and is answered after the commit. For those that wait for the same
   * locks: each would wait for the commit before it, and for its sync to disk.
   */
  readonly together?: string
}

/** One database with its own connections and its own write lane. */
export interface Store<DB> {
  readonly engine: Engine
  /** Many at once, each query by itself, never behind an open write; what is committed is seen. */
  readonly reader: Reader<DB>

  /**
   * Runs `fn` in one transaction and commits: when this resolves, it is durable.
   *
   * SQLite: one at a time, `begin immediate` on the writer connection. Postgres: read committed; to be
   * serial, `fn` first takes its lane (`selectFrom('workspace')….forUpdate()`). `fn` runs again, whole,
   * when the engine asks for a retry (40001, 40P01, SQLITE_BUSY) or a connection breaks before the
   * commit: it must do nothing but SQL. A statement that failed dooms the transaction on both engines.
   *
   * @throws NestedWrite inside another write of the same async path.
   * @throws LaneTimeout when the SQLite lane, or the turn, is not free in time.
   * @throws the engine's error when others kept what it needs: see `isBusy`.
   * @throws TransactionFailed when `fn` swallowed the error of a statement.
   * @throws CommitUnknown when the connection broke during the commit (Postgres).
   * @throws SchemaTooNew when another process has migrated the file since (SQLite).
   */
  write<T>(fn: (tx: Tx<DB>) => Promise<T>, options?: WriteOptions): Promise<T>

  /** Runs `fn` on one consistent state of the whole database, whatever is committed meanwhile. Keep it short. */
  snapshot<T>(fn: (db: Reader<DB>) => Promise<T>): Promise<T>

  /** For libraries that bring their own SQL; every query takes the write lane. Not to be used inside `write`. */
  readonly library: Kysely<DB>

  /** @throws the engine's error when the database does not answer. */
  ping(): Promise<void>

  /** Waits for the write under way. Closing twice is fine. */
  close(): Promise<void>
}

/** The two databases of one installation. Never joined with each other. */
export interface Stores {
  readonly engine: Engine
  /** Whether other servers may work with them at the same time. */
  readonly isShared: boolean
  /** Everything that must agree. */
  readonly main: Store<MainSchema>
  /** High-volume records with a retention of their own. */
  readonly telemetry: Store<TelemetrySchema>
  close(): Promise<void>
}
