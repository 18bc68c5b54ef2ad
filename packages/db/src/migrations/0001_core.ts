import { refuseUpdates } from '../dialect/constraints.ts'
import type { Ddl } from '../dialect/portable.ts'
import type { Migration } from '../migrate.ts'

/** The write lane, its records, blobs, and what the installation keeps of its own. */
export const migration: Migration = {
  name: '0001_core',
  up: async (ddl) => {
    await writing(ddl)
    await records(ddl)
    await blobs(ddl)
    await installation(ddl)
  },
}

async function writing({ db, keyedTable, types }: Ddl): Promise<void> {
  await keyedTable('lane')
    .addColumn('id', types.text, (c) => c.primaryKey())
    .addColumn('kind', types.text, (c) => c.notNull())
    .addColumn('version', types.bigint, (c) => c.notNull())
    .addColumn('audit_seq', types.bigint, (c) => c.notNull())
    .addColumn('audit_head', types.text, (c) => c.notNull())
    .execute()
  await keyedTable('change')
    .addColumn('lane_id', types.text, (c) => c.notNull())
    .addColumn('type', types.text, (c) => c.notNull())
    .addColumn('entity_id', types.text, (c) => c.notNull())
    .addColumn('version', types.bigint, (c) => c.notNull())
    .addColumn('deleted', types.integer, (c) => c.notNull())
    .addPrimaryKeyConstraint('change_pk', ['lane_id', 'type', 'entity_id'])
    .execute()
  await db.schema.createIndex('change_by_version').on('change').columns(['lane_id', 'version']).execute()
  await keyedTable('outbox')
    .addColumn('id', types.text, (c) => c.primaryKey())
    .addColumn('lane_id', types.text, (c) => c.notNull())
    .addColumn('topic', types.text, (c) => c.notNull())
    .addColumn('payload', types.text, (c) => c.notNull())
    .addColumn('created_at', types.text, (c) => c.notNull())
    .addColumn('run_after', types.text, (c) => c.notNull())
    .addColumn('attempts', types.integer, (c) => c.notNull())
    .addColumn('last_error', types.text)
    .execute()
  await db.schema.createIndex('outbox_due').on('outbox').columns(['run_after', 'id']).execute()
  await keyedTable('idempotency')
    .addColumn('actor_id', types.text, (c) => c.notNull())
    .addColumn('key', types.text, (c) => c.notNull())
    .addColumn('request_hash', types.text, (c) => c.notNull())
    .addColumn('answer', types.text, (c) => c.notNull())
    .addColumn('created_at', types.text, (c) => c.notNull())
    .addPrimaryKeyConstraint('idempotency_pk', ['actor_id', 'key'])
    .execute()
  await db.schema.createIndex('idempotency_by_age').on('idempotency').column('created_at').execute()
}

async function records(ddl: Ddl): Promise<void> {
  const { keyedTable, types } = ddl
  await keyedTable('audit_record')
    .addColumn('id', types.text, (c) => c.notNull().unique())
    .addColumn('lane_id', types.text, (c) => c.notNull())
    .addColumn('seq', types.bigint, (c) => c.notNull())
    .addColumn('prev', types.text, (c) => c.notNull())
    .addColumn('hash', types.text, (c) => c.notNull())
    .addColumn('at', types.text, (c) => c.notNull())
    .addColumn('actor_kind', types.text, (c) => c.notNull())
    .addColumn('actor_id', types.text)
    .addColumn('action', types.text, (c) => c.notNull())
    .addColumn('operation', types.text, (c) => c.notNull())
    .addColumn('resource_type', types.text, (c) => c.notNull())
    .addColumn('resource_id', types.text)
    .addColumn('request_id', types.text, (c) => c.notNull())
    .addColumn('payload_hash', types.text, (c) => c.notNull())
    .addPrimaryKeyConstraint('audit_record_pk', ['lane_id', 'seq'])
    .execute()
  await refuseUpdates(ddl, 'audit_record')
  await keyedTable('audit_payload')
    .addColumn('record_id', types.text, (c) => c.primaryKey())
    .addColumn('salt', types.text, (c) => c.notNull())
    .addColumn('payload', types.text, (c) => c.notNull())
    .execute()
}

async function blobs({ table, keyedTable, types }: Ddl): Promise<void> {
  await keyedTable('blob')
    .addColumn('hash', types.text, (c) => c.primaryKey())
    .addColumn('size', types.bigint, (c) => c.notNull())
    .addColumn('created_at', types.text, (c) => c.notNull())
    .addColumn('set_aside_at', types.text)
    .execute()
  await table('blob_chunk')
    .addColumn('hash', types.text, (c) => c.notNull())
    .addColumn('seq', types.integer, (c) => c.notNull())
    .addColumn('data', types.blob, (c) => c.notNull())
    .addPrimaryKeyConstraint('blob_chunk_pk', ['hash', 'seq'])
    .execute()
}

async function installation(ddl: Ddl): Promise<void> {
  const { db, keyedTable, types } = ddl
  await keyedTable('preference')
    .addColumn('owner_kind', types.text, (c) => c.notNull())
    .addColumn('owner_id', types.text, (c) => c.notNull())
    .addColumn('key', types.text, (c) => c.notNull())
    .addColumn('value', types.text, (c) => c.notNull())
    .addColumn('updated_at', types.text, (c) => c.notNull())
    .addPrimaryKeyConstraint('preference_pk', ['owner_kind', 'owner_id', 'key'])
    .execute()
  await keyedTable('installation')
    .addColumn('number', types.integer, (c) => c.primaryKey())
    .addColumn('id', types.text, (c) => c.notNull())
    .addColumn('created_at', types.text, (c) => c.notNull())
    .execute()
  await refuseUpdates(ddl, 'installation')
  await keyedTable('mail_count')
    .addColumn('subject', types.text, (c) => c.notNull())
    .addColumn('day', types.text, (c) => c.notNull())
    .addColumn('mails', types.integer, (c) => c.notNull())
    .addPrimaryKeyConstraint('mail_count_pk', ['subject', 'day'])
    .execute()
  await db.schema.createIndex('mail_count_by_day').on('mail_count').column('day').execute()
}
