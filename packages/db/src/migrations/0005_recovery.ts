import type { Migration } from '../migrate.ts'

/** Links by which people get back in, and the invitations that were used: their link leads its member to the workspace. */
export const migration: Migration = {
  name: '0005_recovery',
  up: async ({ db, keyedTable, types }) => {
    await keyedTable('recovery_link')
      .addColumn('user_id', types.text, (c) => c.notNull().references('user.id').onDelete('cascade'))
      .addColumn('origin', types.text, (c) => c.notNull())
      .addColumn('hash', types.text, (c) => c.notNull().unique())
      .addColumn('password', types.integer, (c) => c.notNull())
      .addColumn('second_factor', types.integer, (c) => c.notNull())
      .addColumn('workspace_id', types.text, (c) => c.references('workspace.id').onDelete('cascade'))
      .addColumn('made_by', types.text, (c) => c.references('user.id').onDelete('cascade'))
      .addColumn('created_at', types.text, (c) => c.notNull())
      .addColumn('expires_at', types.text, (c) => c.notNull())
      .addPrimaryKeyConstraint('recovery_link_pk', ['user_id', 'origin'])
      .execute()
    await db.schema.createIndex('recovery_link_by_end').on('recovery_link').column('expires_at').execute()
    await db.schema.createIndex('recovery_link_by_workspace').on('recovery_link').column('workspace_id').execute()
    await db.schema.createIndex('recovery_link_by_maker').on('recovery_link').column('made_by').execute()
    await keyedTable('used_invitation')
      .addColumn('hash', types.text, (c) => c.primaryKey())
      .addColumn('member_id', types.text, (c) => c.notNull().references('member.id').onDelete('cascade'))
      .execute()
    await db.schema.createIndex('used_invitation_by_member').on('used_invitation').column('member_id').execute()
  },
}
