import { refuseUpdates } from '../dialect/constraints.ts'
import type { Ddl } from '../dialect/portable.ts'
import type { Migration } from '../migrate.ts'

/** Signed checkpoints of the audit trail, and the keys that sign them. */
export const migration: Migration = {
  name: '0002_audit',
  up: async (ddl) => {
    await checkpoints(ddl)
  },
}

async function checkpoints(ddl: Ddl): Promise<void> {
  const { keyedTable, types } = ddl
  await keyedTable('audit_checkpoint')
    .addColumn('lane_id', types.text, (c) => c.notNull())
    .addColumn('seq', types.bigint, (c) => c.notNull())
    .addColumn('head', types.text, (c) => c.notNull())
    .addColumn('at', types.text, (c) => c.notNull())
    .addColumn('key_id', types.text, (c) => c.notNull())
    .addColumn('signature', types.text, (c) => c.notNull())
    .addPrimaryKeyConstraint('audit_checkpoint_pk', ['lane_id', 'seq'])
    .execute()
  await keyedTable('signing_key')
    .addColumn('number', types.bigint, (c) => c.primaryKey())
    .addColumn('public_key', types.text, (c) => c.notNull())
    .addColumn('since', types.text, (c) => c.notNull())
    .addColumn('signature', types.text, (c) => c.notNull())
    .execute()
  await refuseUpdates(ddl, 'signing_key')
}
