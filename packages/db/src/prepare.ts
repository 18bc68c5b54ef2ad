import { ValueNode, type Compilable, type Expression, type OperationNode } from 'kysely'

import type { Engine } from './dialect/portable.ts'
import { sessionOf, type Session, type Statement } from './session.ts'
import type { Reader, Tx } from './store.ts'

/** For each parameter a stand-in that Kysely takes wherever it takes a value of that type. */
export type Params<P> = { readonly [K in keyof P]: Expression<P[K]> }

/** A read that is built and compiled once per engine. */
export interface PreparedRead<DB, P, Row> {
  /** The first row. The query should say `limit(1)` if it could find more. */
  first(db: Reader<DB>, params: P): Promise<Row | undefined>
  all(db: Reader<DB>, params: P): Promise<Row[]>
}

/** A read whose answers are kept until the next commit. */
export interface KeptRead<DB, P, Row> {
  first(db: Reader<DB>, params: P): Promise<Readonly<Row> | undefined>
}

/** A write that is built and compiled once per engine. `first` and `all` are for `returning`. */
export interface PreparedWrite<DB, P, Row> {
  /** Resolves to the number of rows inserted, changed or deleted. */
  run(tx: Tx<DB>, params: P): Promise<number>
  first(tx: Tx<DB>, params: P): Promise<Row | undefined>
  all(tx: Tx<DB>, params: P): Promise<Row[]>
}

class Parameter implements Expression<unknown> {
  readonly key: string

  constructor(key: string) {
    this.key = key
  }

  get expressionType(): undefined {
    return undefined
  }

  toOperationNode(): OperationNode {
    return ValueNode.create(this)
  }
}

const parameters = new Proxy(Object.create(null), {
  get: (_, key) => {
    if (typeof key === 'symbol') return undefined
    return new Parameter(key)
  },
  ownKeys: () => {
    throw new TypeError('The parameters of a prepared query cannot be listed or spread: name each one.')
  },
})

interface Compiled {
  readonly statement: Statement
  /** By position: the parameter to take, or a constant. */
  readonly slots: readonly unknown[]
}

let names = 0

/** Both kinds; what they may do is told apart by the types alone. */
class Prepared<DB, P extends object, Row> {
  readonly #build: (db: Tx<DB>, params: Params<P>) => Compilable<Row>
  readonly #compiled: { [E in Engine]?: Compiled } = {}

  constructor(build: (db: Tx<DB>, params: Params<P>) => Compilable<Row>) {
    this.#build = build
  }

  async first(db: object, params: P): Promise<Row | undefined> {
    const session = sessionOf(db)
    const compiled = this.#compiled[session.engine] ?? this.#compile(session.engine, db)
    return session.first(compiled.statement, bind(compiled.slots, params)) as Promise<Row | undefined>
  }

  async all(db: object, params: P): Promise<Row[]> {
    const session = sessionOf(db)
    const compiled = this.#compiled[session.engine] ?? this.#compile(session.engine, db)
    return session.all(compiled.statement, bind(compiled.slots, params)) as Promise<Row[]>
  }

  async run(db: object, params: P): Promise<number> {
    const session = sessionOf(db)
    const compiled = this.#compiled[session.engine] ?? this.#compile(session.engine, db)
    return session.run(compiled.statement, bind(compiled.slots, params))
  }

  #compile(engine: Engine, db: object): Compiled {
    const query = this.#build(db as Tx<DB>, parameters).compile()
    names += 1
    const compiled = { statement: { name: `steward_${names}`, sql: query.sql }, slots: query.parameters }
    this.#compiled[engine] = compiled
    return compiled
  }
}

/** Rows kept of one read, and characters of a row and its parameters: four megabytes at most. */
const mostRows = 1000
const longestRow = 4000

interface Kept {
  /** Of the database when the first of them was read. */
  version: number
  /** Null for what was asked for once. */
  readonly rows: Map<string, object | null>
}

class Keeping<DB, P extends Texts, Row extends object> implements KeptRead<DB, P, Row> {
  readonly #read: PreparedRead<DB, P, Row>
  readonly #kept = new WeakMap<Session, Kept>()

  constructor(read: PreparedRead<DB, P, Row>) {
    this.#read = read
  }

  async first(db: Reader<DB>, params: P): Promise<Readonly<Row> | undefined> {
    const session = sessionOf(db)
    if (!session.version) return this.#read.first(db, params)
    const { rows } = this.#keptAt(session, session.version())
    const key = keyOf(params)
    const known = rows.get(key)
    if (known) return known as Row
    // Read after the version was: if somebody commits in between, what is kept is newer than it says, and asked for no more.
    const row = await this.#read.first(db, params)
    if (rows.size >= mostRows) rows.clear()
    // Kept from the second time on: rows that are asked for once would only have to be cleared away as old ones.
    if (known === undefined && key.length <= longestRow) rows.set(key, null)
    else if (row !== undefined && key.length + lengthOf(row) <= longestRow) rows.set(key, Object.freeze(row))
    return row
  }

  #keptAt(session: Session, version: number): Kept {
    const kept = this.#kept.get(session)
    if (kept?.version === version) return kept
    // A map of its own: a read that is under way still has the one that it began with.
    const empty: Kept = { version, rows: new Map() }
    this.#kept.set(session, empty)
    return empty
  }
}

type Texts = Readonly<Record<string, string>>

/** Two lists of parameters never have one key. */
function keyOf(params: Texts): string {
  let key = ''
  for (const name in params) key += `${name} ${params[name]?.length} ${params[name]}`
  return key
}

function lengthOf(row: object): number {
  let length = 0
  for (const value of Object.values(row)) if (typeof value === 'string') length += value.length
  return length
}

function bind(slots: readonly unknown[], params: object): unknown[] {
  const values: unknown[] = []
  for (const slot of slots) {
    const value = slot instanceof Parameter ? Reflect.get(params, slot.key) : slot
    if (value === undefined) throw new TypeError(`Parameter '${slot instanceof Parameter ? slot.key : ''}' is missing.`)
    values.push(value)
  }
  return values
}

/**
 * A read that is built and compiled once and run with other parameters. Parameters are scalars; a list
 * of unknown length needs an ordinary query.
 *
 * `const findBot = prepare((db: Reader<MainSchema>, p: Params<{ id: string }>) =>
 *   db.selectFrom('bot').selectAll().where('id', '=', p.id))`
 */
export function prepare<DB, P extends object, Row>(
  build: (db: Reader<DB>, params: Params<P>) => Compilable<Row>,
): PreparedRead<DB, P, Row> {
  return new Prepared<DB, P, Row>(build)
}

/**
 * The same for a read that nearly every request begins with: who asks, and what they may. On SQLite its answers are kept,
 * and each is given again as long as nobody has committed anything since, in this process or another; so it is what the
 * statement would find. Rows that are kept are frozen. What depends on the time of day must not be part of the query.
 */
export function prepareKept<DB, P extends Texts, Row extends object>(
  build: (db: Reader<DB>, params: Params<P>) => Compilable<Row>,
): KeptRead<DB, P, Row> {
  return new Keeping<DB, P, Row>(new Prepared<DB, P, Row>(build))
}

/** The same for an insert, update or delete inside `Store.write`. */
export function prepareWrite<DB, P extends object, Row>(
  build: (tx: Tx<DB>, params: Params<P>) => Compilable<Row>,
): PreparedWrite<DB, P, Row> {
  return new Prepared<DB, P, Row>(build)
}
