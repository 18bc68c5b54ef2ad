import { sql } from 'kysely'
import type { Migration } from '../migrate.ts'

/**
 * Lists of bots are read along the index of their order. It also holds what they are filtered by, so that a search that
 * finds nothing reads the index alone and not every bot.
 */
export const migration: Migration = {
  name: '0002_bot_search',
  up: async ({ db }) => {
    const name = sql`lower(name)`
    await db.schema.dropIndex('bot_by_creation').execute()
    await db.schema.dropIndex('bot_by_update').execute()
    await db.schema
      .createIndex('bot_by_creation')
      .on('bot')
      .columns(['workspace_id', 'dev', 'created_at', 'id'])
      .expression(name)
      .columns(['type', 'deployed_at'])
      .execute()
    await db.schema
      .createIndex('bot_by_update')
      .on('bot')
      .columns(['workspace_id', 'dev', 'updated_at', 'id'])
      .expression(name)
      .columns(['type', 'deployed_at'])
      .execute()
    await db.schema
      .createIndex('bot_by_name')
      .on('bot')
      .columns(['workspace_id', 'dev'])
      .expression(name)
      .columns(['id', 'type', 'deployed_at'])
      .execute()
  },
}
