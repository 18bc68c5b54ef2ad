import type { Migration } from '../migrate.ts'

/**
 * How sure it is who signs in: wrong guesses are counted for all servers, the code of a second factor is spent, a session
 * knows when and how it was confirmed, and a workspace can ask for a second factor.
 */
export const migration: Migration = {
  name: '0004_identity',
  up: async ({ db, keyedTable, types }) => {
    await keyedTable('sign_in_guess')
      .addColumn('subject', types.text, (c) => c.primaryKey())
      .addColumn('failures', types.integer, (c) => c.notNull())
      .addColumn('last_at', types.text, (c) => c.notNull())
      .execute()
    await db.schema.createIndex('sign_in_guess_by_age').on('sign_in_guess').column('last_at').execute()
    await db.schema.alterTable('two_factor').addColumn('last_step', types.bigint).execute()
    await db.schema.alterTable('session').addColumn('confirmed_at', types.text).execute()
    await db.schema
      .alterTable('session')
      .addColumn('second_factor', types.integer, (c) => c.notNull().defaultTo(0))
      .execute()
    await db.schema
      .alterTable('workspace')
      .addColumn('second_factor_required', types.integer, (c) => c.notNull().defaultTo(0))
      .execute()
  },
}
