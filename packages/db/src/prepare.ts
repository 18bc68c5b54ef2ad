import { ValueNode, type Compilable, type Expression, type OperationNode } from 'kysely'

import type { Engine } from './dialect/portable.ts'
import { sessionOf, type Statement } from './session.ts'
import type { Reader, Tx } from './store.ts'

/** For each parameter a stand-in that Kysely takes wherever it takes a value of that type. */
export type Params<P> = { readonly [K in keyof P]: Expression<P[K]> }

/** A read that is built and compiled once per engine. */
export interface PreparedRead<DB, P, Row> {
  /** The first row. The query should say `limit(1)` if it could find more. */
  first(db: Reader<DB>, params: P): Promise<Row | undefined>
  all(db: Reader<DB>, params: P): Promise<Row[]>
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

/** The same for an insert, update or delete inside `Store.write`. */
export function prepareWrite<DB, P extends object, Row>(
  build: (tx: Tx<DB>, params: Params<P>) => Compilable<Row>,
): PreparedWrite<DB, P, Row> {
  return new Prepared<DB, P, Row>(build)
}
