import { refuseUpdates } from '../dialect/constraints.ts'
import type { Migration } from '../migrate.ts'

/** Which key belongs to this database: a start with another one is refused, and former keys stay known. */
export const migration: Migration = {
  name: '0003_signing_key',
  up: async (ddl) => {
    const { keyedTable, types } = ddl
    await keyedTable('signing_key')
      .addColumn('number', types.bigint, (c) => c.primaryKey())
      .addColumn('public_key', types.text, (c) => c.notNull())
      .addColumn('since', types.text, (c) => c.notNull())
      .addColumn('signature', types.text, (c) => c.notNull())
      .execute()
    await refuseUpdates(ddl, 'signing_key')
  },
}
