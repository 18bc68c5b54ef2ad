import type { CreateTableBuilder } from 'kysely'
import { sql } from 'kysely'
import type { Ddl } from './portable.ts'

interface CircularReference {
  name: string
  table: string
  columns: string[]
  target: string
  targetColumns: string[]
}

/**
 * A deferred foreign key between two tables that name each other. SQLite wants it inside `create table`; Postgres can
 * add it only once both tables exist. Call `within` while creating the table and `after` at the end.
 */
export function circularReference(
  ddl: Ddl,
  fk: CircularReference,
): {
  within: <Name extends string, Columns extends string>(
    builder: CreateTableBuilder<Name, Columns>,
  ) => CreateTableBuilder<Name, Columns>
  after: () => Promise<void>
} {
  const columns = fk.columns.map((column) => sql.ref(column))
  const target = fk.targetColumns.map((column) => sql.ref(column))
  const clause = sql`constraint ${sql.id(fk.name)} foreign key (${sql.join(columns)}) references ${sql.table(fk.target)} (${sql.join(target)}) deferrable initially deferred`
  return {
    within: (builder) =>
      ddl.engine === 'sqlite'
        ? builder.addForeignKeyConstraint(fk.name, fk.columns as never, fk.target, fk.targetColumns, (c) =>
            c.deferrable().initiallyDeferred(),
          )
        : builder,
    after: async () => {
      if (ddl.engine === 'postgres') await sql`alter table ${sql.table(fk.table)} add ${clause}`.execute(ddl.db)
    },
  }
}

/** A trigger that refuses every update of a row; deleting with its parent stays possible. */
export async function refuseUpdates(ddl: Ddl, table: string): Promise<void> {
  const name = sql.id(`${table}_is_immutable`)
  if (ddl.engine === 'sqlite') {
    await sql`create trigger ${name} before update on ${sql.table(table)} begin select raise(abort, ${sql.lit(`${table} rows are immutable`)}); end`.execute(
      ddl.db,
    )
    return
  }
  await sql`create function ${name}() returns trigger language plpgsql as ${sql.lit(`begin raise exception '${table} rows are immutable'; end`)}`.execute(
    ddl.db,
  )
  await sql`create trigger ${name} before update on ${sql.table(table)} for each row execute function ${name}()`.execute(
    ddl.db,
  )
}
