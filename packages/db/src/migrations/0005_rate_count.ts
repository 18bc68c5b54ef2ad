import type { Migration } from '../migrate.ts'

/** What callers have used of the limit on requests, so that several servers share it. */
export const migration: Migration = {
  name: '0005_rate_count',
  up: async ({ keyedTable, types }) => {
    await keyedTable('rate_count')
      .addColumn('since', types.bigint, (c) => c.notNull())
      .addColumn('caller', types.text, (c) => c.notNull())
      .addColumn('calls', types.bigint, (c) => c.notNull())
      .addPrimaryKeyConstraint('rate_count_pk', ['since', 'caller'])
      .execute()
  },
}
