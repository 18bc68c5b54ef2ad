import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

import { Kysely, SqliteIntrospector, type Dialect } from 'kysely'

import { SchemaTooNew } from '../errors.ts'
import { asWrite, Semaphore, refuseInsideWrite } from '../concurrency.ts'
import { attachStoreAdmin } from '../store-admin.ts'
import { codeOf, retrying } from '../retry.ts'
import { Handles } from '../session.ts'
import type { Reader, Store, Tx } from '../store.ts'
import { ddlFor, PlainSqliteCompiler, type Ddl } from './portable.ts'
import { GroupCommit, type GroupConnection } from './group-commit.ts'
import { SqliteConnection, SqliteTransactionConnection } from './sqlite-connection.ts'
import { verifiedCopy } from './sqlite-copy.ts'
import { LaneAdapter, SerialDriver } from './sqlite-library.ts'
import { busyTimeout, openReader, openWriter, type SqliteKind } from './sqlite.ts'

const laneTimeout = 30_000
const snapshotsAtOnce = 4
const busy = (error: unknown): boolean => codeOf(error).startsWith('SQLITE_BUSY')

/** A store in one SQLite file: one connection writes, one reads, up to four hold snapshots. */
export class SqliteStore<DB> implements Store<DB> {
  readonly engine = 'sqlite'
  readonly reader: Reader<DB>
  readonly library: Kysely<DB>

  readonly #kind: SqliteKind
  readonly #file: string
  readonly #writer: SqliteConnection
  readonly #reader: SqliteConnection
  readonly #writing: Semaphore
  readonly #snapshots: Semaphore
  readonly #idleSnapshots: SqliteConnection[] = []
  readonly #handles: Handles
  readonly #groupCommit: GroupCommit
  readonly #patience: number
  #schema: number | undefined
  #closed = false

  /**
   * @param patience the longest wait of one attempt for another process, in milliseconds.
   * @throws ForeignFile @throws UnsafeSqlite
   */
  constructor(folder: string, kind: SqliteKind, patience = busyTimeout) {
    this.#kind = kind
    this.#patience = patience
    this.#file = join(folder, kind.file)
    this.#writer = new SqliteConnection(openWriter(this.#file, kind))
    // SQLite's own waiting blocks the whole process: `#begin` and the library's driver see to it.
    this.#writer.database.pragma('busy_timeout = 0')
    this.#reader = new SqliteConnection(openReader(this.#file, kind))
    this.#writing = new Semaphore(kind.label, laneTimeout)
    this.#snapshots = new Semaphore(`${kind.label} (snapshots)`, laneTimeout, snapshotsAtOnce)
    const driver = new SerialDriver(this.#writer, this.#writing, kind.label)
    const dialect: Dialect = {
      createDriver: () => driver,
      createQueryCompiler: () => new PlainSqliteCompiler(),
      createAdapter: () => new LaneAdapter(),
      createIntrospector: (db) => new SqliteIntrospector(db),
    }
    this.#handles = new Handles(dialect)
    this.library = new Kysely<DB>({ dialect })
    this.reader = this.#handles.reader<DB>(this.#reader)
    this.#groupCommit = new GroupCommit(this.#groupConnection(), (fn) => this.#locked(fn))
    attachStoreAdmin(this, {
      label: kind.label,
      exclusive: (fn) => this.#exclusive(fn),
      expectSchema: (count) => {
        this.#schema = count
      },
      copyTo: (file) => this.#locked(async () => void verifiedCopy(this.#writer.database, file, kind)),
    })
  }

  write<T>(fn: (tx: Tx<DB>) => Promise<T>): Promise<T> {
    return asWrite(this.#kind.label, () =>
      retrying({ attempts: 5, pause: 20, when: busy }, () => this.#groupCommit.add(fn)),
    )
  }

  async snapshot<T>(fn: (db: Reader<DB>) => Promise<T>): Promise<T> {
    refuseInsideWrite(`snapshot of the ${this.#kind.label} store`)
    await this.#snapshots.enter()
    try {
      const connection = this.#idleSnapshots.pop() ?? new SqliteConnection(openReader(this.#file, this.#kind))
      try {
        return await this.#hold(connection, fn)
      } finally {
        if (this.#closed) connection.database.close()
        else this.#idleSnapshots.push(connection)
      }
    } finally {
      this.#snapshots.leave()
    }
  }

  async ping(): Promise<void> {
    this.#reader.statement('select 1').get()
  }

  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    await this.#groupCommit.finished()
    await this.#locked(async () => {
      for (const { database } of [...this.#idleSnapshots, this.#reader, this.#writer]) database.close()
    })
  }

  async #locked<T>(fn: () => Promise<T>): Promise<T> {
    await this.#writing.enter()
    try {
      return await fn()
    } finally {
      this.#writing.leave()
    }
  }

  #groupConnection(): GroupConnection {
    const { database } = this.#writer
    return {
      begin: async () => {
        await this.#begin('immediate')
        try {
          this.#checkSchema()
        } catch (error) {
          this.#writer.statement('rollback').run()
          throw error
        }
      },
      run: (fn) => this.#run(fn as (tx: Tx<DB>) => Promise<unknown>),
      execute: (sql) => void this.#writer.statement(sql).run(),
      get isOpen() {
        return database.inTransaction
      },
    }
  }

  /** Lends the connection for one write; whatever happens, the write cannot use it afterwards. */
  async #run<T>(fn: (tx: Tx<DB>) => Promise<T>): Promise<T> {
    const transaction = new SqliteTransactionConnection(this.#writer)
    try {
      const result = await fn(this.#handles.tx<DB>(transaction))
      transaction.end()
      return result
    } catch (error) {
      transaction.abandon()
      throw error
    }
  }

  async #transact<T>(fn: (tx: Tx<DB>) => Promise<T>): Promise<T> {
    await this.#begin('exclusive')
    try {
      const result = await this.#run(fn)
      this.#writer.statement('commit').run()
      return result
    } catch (error) {
      // SQLite itself rolls back after some errors, such as a full disk.
      if (this.#writer.database.inTransaction) this.#writer.statement('rollback').run()
      throw error
    }
  }

  /** Waits for other processes without blocking this one. A transaction that has begun waits for nobody. */
  async #begin(mode: 'immediate' | 'exclusive'): Promise<void> {
    const deadline = performance.now() + this.#patience
    for (let pause = 1; ; pause = Math.min(25, pause * 2)) {
      try {
        this.#writer.statement(`begin ${mode}`).run()
        return
      } catch (error) {
        if (!busy(error) || performance.now() > deadline) throw error
      }
      await sleep(pause * (0.5 + Math.random()))
    }
  }

  #checkSchema(): void {
    if (this.#schema === undefined) return
    const { user_version: found } = this.#writer.statement('pragma user_version').get() as { user_version: number }
    if (found > this.#schema) throw new SchemaTooNew(this.#kind.label, [])
  }

  async #hold<T>(connection: SqliteConnection, fn: (db: Reader<DB>) => Promise<T>): Promise<T> {
    const transaction = new SqliteTransactionConnection(connection)
    connection.statement('begin').run()
    try {
      // `begin` alone fixes no state yet: the first read does.
      connection.statement('select 1 from sqlite_schema').get()
      return await fn(this.#handles.reader<DB>(transaction))
    } finally {
      transaction.abandon()
      connection.statement('rollback').run()
    }
  }

  #exclusive<T>(fn: (ddl: Ddl) => Promise<T>): Promise<T> {
    const { database } = this.#writer
    return asWrite(this.#kind.label, () =>
      // Another process may be migrating a large file: minutes, not seconds.
      retrying({ attempts: 60, pause: 100, when: busy }, () =>
        this.#locked(async () => {
          // Inside a transaction this switch does nothing, and rebuilding a table needs it.
          database.pragma('foreign_keys = off')
          try {
            return await this.#transact((tx) => fn(ddlFor('sqlite', tx)))
          } finally {
            database.pragma('foreign_keys = on')
          }
        }),
      ),
    )
  }
}
