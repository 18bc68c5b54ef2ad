import type { Migration } from '../migrate.ts'

/** How many mails people had sent, so that nobody's mailbox is filled by way of Steward. */
export const migration: Migration = {
  name: '0007_mail_count',
  up: async ({ db, keyedTable, types }) => {
    await keyedTable('mail_count')
      .addColumn('subject', types.text, (c) => c.notNull())
      .addColumn('day', types.text, (c) => c.notNull())
      .addColumn('mails', types.integer, (c) => c.notNull())
      .addPrimaryKeyConstraint('mail_count_pk', ['subject', 'day'])
      .execute()
    await db.schema.createIndex('mail_count_by_day').on('mail_count').column('day').execute()
  },
}
