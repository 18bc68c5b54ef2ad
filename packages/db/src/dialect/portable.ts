import type { RawBuilder, CreateTableBuilder, Kysely, SelectModifierNode } from 'kysely'
import { sql, SqliteQueryCompiler } from 'kysely'

import { LaneTimeout } from '../errors.ts'
import { codeOf } from '../retry.ts'

/** The databases Steward runs on. */
export type Engine = 'sqlite' | 'postgres'

type DataTypeExpression = Parameters<CreateTableBuilder<string>['addColumn']>[1]

/** The five column types of Steward's schema, spelled for one engine. */
export interface ColumnTypes {
  readonly text: DataTypeExpression
  /** 32 bits: flags, small counts. */
  readonly integer: DataTypeExpression
  /** 64 bits; read back as a JavaScript number, so keep it within 2^53. */
  readonly bigint: DataTypeExpression
  readonly double: DataTypeExpression
  /** Read back as a Buffer. */
  readonly blob: DataTypeExpression
}

/**
 * What a migration works with. May be taken apart: `up: async ({ db, table, types }) => …`.
 * `db` is untyped on purpose: a migration is frozen and must not follow the tables of today.
 */
export interface Ddl {
  readonly engine: Engine
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly db: Kysely<any>
  readonly types: ColumnTypes
  /** `create table name`, STRICT on SQLite. */
  readonly table: <Name extends string>(name: Name) => CreateTableBuilder<Name>
  /** The same for small rows that are found by their primary key: SQLite keeps them in its index, one page less to write. */
  readonly keyedTable: <Name extends string>(name: Name) => CreateTableBuilder<Name>
}

/**
 * Text is collated "C" on Postgres, so that order, ranges and paging agree with SQLite's bytewise
 * order and a `like 'prefix%'` can use the index.
 */
const columnTypes: Record<Engine, ColumnTypes> = {
  sqlite: {
    text: 'text',
    integer: 'integer',
    bigint: 'integer',
    double: 'real',
    blob: 'blob',
  },
  postgres: {
    text: sql`text collate "C"`,
    integer: 'integer',
    bigint: 'bigint',
    double: 'double precision',
    blob: 'bytea',
  },
}

/** Binds the DDL helpers to a connection (inside a migration: to its transaction). */
// oxlint-disable-next-line typescript/no-explicit-any
export function ddlFor(engine: Engine, db: Kysely<any>): Ddl {
  return {
    engine,
    db,
    types: columnTypes[engine],
    table: (name) => ended(db.schema.createTable(name), engine, sql`strict`),
    keyedTable: (name) => ended(db.schema.createTable(name), engine, sql`strict, without rowid`),
  }
}

/**
 * Ends a migration, inside its transaction: `count` are applied now. On SQLite the number goes into the
 * file's header, and rows without their parent stop the migration (foreign keys are off meanwhile).
 */
export async function sealSchema({ engine, db }: Ddl, count: number): Promise<void> {
  if (engine !== 'sqlite') return
  const broken = await sql<{
    table: string
    parent: string
  }>`select "table", parent from pragma_foreign_key_check limit 1`.execute(db)
  const [first] = broken.rows
  if (first) throw new Error(`The migration leaves rows of ${first.table} without their ${first.parent}.`)
  await sql.raw(`pragma user_version = ${count}`).execute(db)
}

/** SQLite has no row locks and needs none (one writer): `forUpdate()` and its kin compile to nothing. */
export class PlainSqliteCompiler extends SqliteQueryCompiler {
  protected override visitSelectModifier(node: SelectModifierNode): void {
    if (node.modifier === 'Distinct' || node.rawModifier) super.visitSelectModifier(node)
  }
}

export type Violation = 'unique' | 'foreign_key' | 'not_null' | 'check'

const violations: Record<string, Violation> = {
  SQLITE_CONSTRAINT_UNIQUE: 'unique',
  SQLITE_CONSTRAINT_PRIMARYKEY: 'unique',
  SQLITE_CONSTRAINT_FOREIGNKEY: 'foreign_key',
  SQLITE_CONSTRAINT_NOTNULL: 'not_null',
  SQLITE_CONSTRAINT_CHECK: 'check',
  '23505': 'unique',
  '23503': 'foreign_key',
  // What `on delete restrict` refuses has a code of its own in Postgres 18.
  '23001': 'foreign_key',
  '23502': 'not_null',
  '23514': 'check',
}

/** Which constraint an engine's error reports, if any. The transaction it came from is lost all the same. */
export function violationOf(error: unknown): Violation | undefined {
  const code = codeOf(error)
  // SQLite keeps `on delete restrict` by a trigger of its own; triggers of the schema have words of theirs.
  if (code === 'SQLITE_CONSTRAINT_TRIGGER')
    return error instanceof Error && error.message === 'FOREIGN KEY constraint failed' ? 'foreign_key' : undefined
  return violations[code]
}

/** Whether the engine refused what it was given (a constraint, a value no column takes), and is itself in order. */
export function isRefused(error: unknown): boolean {
  // Postgres' classes: data exceptions such as a NUL in a text, constraints, limits of the program; and what triggers raise.
  return /^(22|23|54|P0001|SQLITE_(CONSTRAINT|TOOBIG|MISMATCH|RANGE))/.test(codeOf(error))
}

/** SQLite and Postgres out of room, and the file system itself. SQLite's index of its log is the first file it makes. */
const fullCodes = new Set(['SQLITE_FULL', 'SQLITE_IOERR_SHMSIZE', '53100', 'ENOSPC', 'EDQUOT'])

/** Whether something could not be written for want of room: in the database, where nothing of the transaction is kept, or in a file. */
export function isDiskFull(error: unknown): boolean {
  return fullCodes.has(codeOf(error))
}

/** Lock, statement, serialization and deadlock: the server gave up one side of a contention. */
const busyCodes = new Set(['55P03', '57014', '40001', '40P01'])

/** Whether the database was too busy to do it in time: nothing was done, and the same may be tried again later. */
export function isBusy(error: unknown): boolean {
  if (error instanceof LaneTimeout) return true
  const code = codeOf(error)
  return busyCodes.has(code) || /^SQLITE_(BUSY|LOCKED)/.test(code)
}

/** What keeps a database from being used, whichever engine it is. */
export type Trouble = 'full' | 'failing' | 'closed' | 'unwritable' | 'damaged' | 'busy' | 'unreachable'

/** By the beginning of the code: SQLite's result codes (https://sqlite.org/rescode.html), Postgres' classes. */
const troubles: readonly (readonly [RegExp, Trouble])[] = [
  [/^(SQLITE_FULL|SQLITE_IOERR_SHMSIZE|53100)/, 'full'],
  [/^SQLITE_IOERR/, 'failing'],
  [/^SQLITE_CANTOPEN/, 'closed'],
  [/^SQLITE_(READONLY|PERM)/, 'unwritable'],
  [/^SQLITE_(CORRUPT|NOTADB)/, 'damaged'],
  // Connection, authorization, no such database, no right, too much or not now.
  [/^(08|28|3D|42501|53|57P)/, 'unreachable'],
]

/** What an engine's error means for whoever operates it; undefined for all that is not about the database's condition. */
export function troubleOf(error: unknown): Trouble | undefined {
  if (isBusy(error)) return 'busy'
  const code = codeOf(error)
  return troubles.find(([form]) => form.test(code))?.[1]
}

function ended<Name extends string>(
  builder: CreateTableBuilder<Name>,
  engine: Engine,
  options: RawBuilder<unknown>,
): CreateTableBuilder<Name> {
  return engine === 'sqlite' ? builder.modifyEnd(options) : builder
}
