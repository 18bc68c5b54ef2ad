import { refuseUpdates } from '../dialect/constraints.ts'
import type { Migration } from '../migrate.ts'

/** Which installation this database is of, so that its blobs can be told from another's; and blobs are set aside before they go. */
export const migration: Migration = {
  name: '0006_installation',
  up: async (ddl) => {
    const { db, keyedTable, types } = ddl
    await keyedTable('installation')
      .addColumn('number', types.integer, (c) => c.primaryKey())
      .addColumn('id', types.text, (c) => c.notNull())
      .addColumn('created_at', types.text, (c) => c.notNull())
      .execute()
    await refuseUpdates(ddl, 'installation')
    await db.schema.alterTable('blob').addColumn('set_aside_at', types.text).execute()
  },
}
