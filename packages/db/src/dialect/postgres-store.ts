import { Kysely, sql } from 'kysely'
import type { Pool, PoolClient } from 'pg'

import { BackupUnsupported, CommitUnknown, TransactionFailed } from '../errors.ts'
import { asWrite, InFlightCounter, refuseInsideWrite, Turns } from '../concurrency.ts'
import { attachStoreAdmin } from '../store-admin.ts'
import { codeOf, retrying } from '../retry.ts'
import { Handles } from '../session.ts'
import type { Reader, Store, Tx, WriteOptions } from '../store.ts'
import { ddlFor, type Ddl } from './portable.ts'
import { LibraryDialect } from './postgres-library.ts'
import {
  begun,
  isLost,
  PostgresTransactionConnection,
  PostgresReader,
  StatementNames,
  type Query,
} from './postgres-session.ts'
import { GroupCommit, type GroupConnection } from './group-commit.ts'
import type { PostgresKind } from './postgres-settings.ts'
import { isBroken, isConflict, isStalePlan, openPool, unlimited, type PostgresOptions } from './postgres.ts'

/** Milliseconds that a write waits for its turn, as on SQLite for the lane. */
const turnTimeout = 30_000
/** While one of a turn commits the next has begun and waits for the row. */
const turnWidth = 2

const lockNotAvailable = '55P03'
/** First half of the advisory lock's key; the second is a hash of the schema's name. */
const migrationLock = 0x53_54_57_4d

interface Group {
  readonly commit: GroupCommit
  /** Writes that are in it or wait to be. */
  users: number
}

/** A store in one schema of a Postgres database: a pool that reads and a pool that writes. */
export class PostgresStore<DB> implements Store<DB> {
  readonly engine = 'postgres'
  readonly reader: Reader<DB>
  readonly library: Kysely<DB>

  readonly #kind: PostgresKind
  readonly #reading: Pool
  readonly #writing: Pool
  readonly #handles: Handles
  readonly #names = new StatementNames()
  readonly #inFlight = new InFlightCounter()
  readonly #turns: Turns
  readonly #groups = new Map<string, Group>()
  #closed: Promise<void> | undefined

  constructor(options: PostgresOptions, kind: PostgresKind) {
    this.#kind = kind
    this.#reading = openPool(options, kind, 'read')
    this.#writing = openPool(options, kind, 'write')
    this.#turns = new Turns(kind.label, turnTimeout, turnWidth)
    const dialect = new LibraryDialect(this.#writing, this.#inFlight, kind.label)
    this.#handles = new Handles(dialect)
    this.library = new Kysely<DB>({ dialect })
    this.reader = this.#handles.reader<DB>(new PostgresReader(this.#reading, this.#inFlight, this.#names))
    attachStoreAdmin(this, {
      label: kind.label,
      exclusive: (fn) => this.#exclusive(fn),
      // Replicas of two versions run side by side here; migrations expand first and contract a release later.
      expectSchema: () => {},
      copyTo: () => Promise.reject(new BackupUnsupported('Back up a Postgres database with pg_dump.')),
    })
  }

  write<T>(fn: (tx: Tx<DB>) => Promise<T>, { turn, together }: WriteOptions = {}): Promise<T> {
    const when = (error: unknown): boolean => isConflict(error) || isBroken(error) || isStalePlan(error)
    const again = (work: () => Promise<T>): Promise<T> => retrying({ attempts: 5, pause: 20, when }, work)
    const inTurn = <R>(work: () => Promise<R>): Promise<R> =>
      turn === undefined ? work() : this.#turns.take(turn, work)
    const alone = (): Promise<T> => inTurn(() => again(() => this.#transact({ text: 'begin' }, fn)))
    return asWrite(this.#kind.label, () =>
      this.#counted(() =>
        together === undefined ? alone() : this.#inGroup(together, inTurn, (group) => again(() => group.add(fn))),
      ),
    )
  }

  /** The group of that name, which is there as long as somebody is in it. */
  // oxlint-disable-next-line max-params
  async #inGroup<T>(
    name: string,
    inTurn: (fn: () => Promise<void>) => Promise<void>,
    work: (group: GroupCommit) => Promise<T>,
  ): Promise<T> {
    const group = this.#groups.get(name) ?? { commit: new GroupCommit(this.#groupConnection(), inTurn), users: 0 }
    this.#groups.set(name, group)
    group.users += 1
    try {
      return await work(group.commit)
    } finally {
      group.users -= 1
      if (group.users === 0) this.#groups.delete(name)
    }
  }

  #groupConnection(): GroupConnection {
    let client: PoolClient | undefined
    const open = (): PoolClient => {
      if (client === undefined) throw new Error('No transaction of this group is open.')
      return client
    }
    const release = (lost: boolean): void => {
      client?.release(lost)
      client = undefined
    }
    return {
      begin: async () => {
        client = await begun(this.#writing, 'begin')
      },
      run: async (work) => {
        const transaction = new PostgresTransactionConnection(open(), this.#names)
        try {
          const result = await work(this.#handles.tx<DB>(transaction) as never)
          transaction.end()
          return result
        } catch (error) {
          transaction.abandon()
          if (isBroken(error)) release(true)
          throw error
        }
      },
      execute: async (step) => {
        if (step === 'rollback') return release(await isLost(open().query('rollback')))
        if (step !== 'commit') return void (await open().query(step))
        // A statement that was not awaited may have failed since: Postgres answers the commit with a rollback.
        if ((await commit(open(), {})) !== 'COMMIT') throw new TransactionFailed(undefined)
        release(false)
      },
      get isOpen() {
        return client !== undefined
      },
    }
  }

  async snapshot<T>(fn: (db: Reader<DB>) => Promise<T>): Promise<T> {
    refuseInsideWrite(`snapshot of the ${this.#kind.label} store`)
    this.#inFlight.enter()
    try {
      // `begin` alone fixes no state yet: the first statement does.
      const client = await begun(this.#reading, 'begin isolation level repeatable read read only; select 1')
      const transaction = new PostgresTransactionConnection(client, this.#names)
      try {
        return await fn(this.#handles.reader<DB>(transaction))
      } finally {
        transaction.abandon()
        client.release(await isLost(client.query('rollback')))
      }
    } finally {
      this.#inFlight.leave()
    }
  }

  async ping(): Promise<void> {
    await sql`select 1`.execute(this.reader)
  }

  async close(): Promise<void> {
    this.#closed ??= this.#end()
    await this.#closed
  }

  async #end(): Promise<void> {
    // pg's pool forgets those who wait for a connection when it ends.
    await this.#inFlight.shut()
    await Promise.all([this.#reading.end(), this.#writing.end()])
  }

  /** Closing waits for it, from its first wait to its end. */
  async #counted<T>(work: () => Promise<T>): Promise<T> {
    this.#inFlight.enter()
    try {
      return await work()
    } finally {
      this.#inFlight.leave()
    }
  }

  /** The limit of `begin`, if it has one, holds for the whole transaction. */
  async #transact<T>({ text, ...limit }: Query, fn: (tx: Tx<DB>) => Promise<T>): Promise<T> {
    const client = await begun(this.#writing, { text, ...limit })
    return this.#run(client, fn, limit)
  }

  /** Gives the connection back, whatever happens. */
  // oxlint-disable-next-line max-params
  async #run<T>(client: PoolClient, fn: (tx: Tx<DB>) => Promise<T>, limit: Omit<Query, 'text'>): Promise<T> {
    const transaction = new PostgresTransactionConnection(client, this.#names, limit)
    let lost = false
    try {
      const result = await fn(this.#handles.tx<DB>(transaction))
      transaction.end()
      // A statement that was not awaited may have failed since: Postgres answers the commit with a rollback.
      if ((await commit(client, limit)) !== 'COMMIT') throw new TransactionFailed(transaction.failure)
      return result
    } catch (error) {
      transaction.abandon()
      // On a lost connection the server rolls back by itself; after a failed commit this does nothing.
      lost = await isLost(client.query('rollback'))
      throw error
    } finally {
      client.release(lost)
    }
  }

  #exclusive<T>(fn: (ddl: Ddl) => Promise<T>): Promise<T> {
    const { schema } = this.#kind
    const text = [
      'begin',
      'set local statement_timeout = 0',
      'set local idle_in_transaction_session_timeout = 0',
      'set local lock_timeout = 0',
      `select pg_advisory_xact_lock(${migrationLock}, hashtext('${schema}'))`,
      // A migration waits no longer for readers than they should wait behind it.
      `set local lock_timeout = 5000`,
      // Also `if not exists` would ask for the right to create one.
      `do $$ begin if to_regnamespace('${schema}') is null then create schema ${schema}; end if; end $$`,
    ].join(';')
    const when = (error: unknown): boolean => codeOf(error) === lockNotAvailable
    return asWrite(this.#kind.label, () =>
      this.#counted(() =>
        retrying({ attempts: 10, pause: 200, when }, () =>
          this.#transact({ text, query_timeout: unlimited }, (tx) => fn(ddlFor('postgres', tx))),
        ),
      ),
    )
  }
}

/** Resolves what was done: COMMIT or ROLLBACK. @throws CommitUnknown */
async function commit(client: PoolClient, limit: Omit<Query, 'text'>): Promise<string> {
  try {
    return (await client.query({ text: 'commit', ...limit })).command
  } catch (error) {
    throw isBroken(error) || !isFromServer(error) ? new CommitUnknown(error) : error
  }
}

/** Errors that the server sends tell their severity; all others are of the way there. */
function isFromServer(error: unknown): boolean {
  return error instanceof Error && 'severity' in error
}
