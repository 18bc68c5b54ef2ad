import { sql } from 'kysely'
import type { Ddl } from '../dialect/portable.ts'
import type { Migration } from '../migrate.ts'

/** Limits, and what counts against them. */
export const migration: Migration = {
  name: '0006_metering',
  up: async (ddl) => {
    await limits(ddl)
    await counters(ddl)
    await countWhatIsThere(ddl)
  },
}

async function limits({ db, table, keyedTable, types }: Ddl): Promise<void> {
  await keyedTable('quota_type')
    .addColumn('name', types.text, (c) => c.primaryKey())
    .addColumn('kind', types.text, (c) => c.notNull())
    .addColumn('unit', types.text, (c) => c.notNull())
    .addColumn('title', types.text, (c) => c.notNull())
    .addColumn('hard', types.integer, (c) => c.notNull())
    .addColumn('created_at', types.text, (c) => c.notNull())
    .execute()
  await table('quota_plan')
    .addColumn('id', types.text, (c) => c.primaryKey())
    .addColumn('name', types.text, (c) => c.notNull())
    .addColumn('version', types.integer, (c) => c.notNull())
    .addColumn('title', types.text, (c) => c.notNull())
    .addColumn('contract_plan', types.text, (c) => c.notNull())
    .addColumn('limits', types.text, (c) => c.notNull())
    .addColumn('retired', types.integer, (c) => c.notNull())
    .addColumn('created_by', types.text)
    .addColumn('created_at', types.text, (c) => c.notNull())
    .addUniqueConstraint('quota_plan_version', ['name', 'version'])
    .execute()
  await keyedTable('quota_catalogue')
    .addColumn('id', types.text, (c) => c.primaryKey())
    .addColumn('default_plan', types.text)
    .addColumn('updated_by', types.text)
    .addColumn('updated_at', types.text, (c) => c.notNull())
    .execute()
  await keyedTable('quota_account')
    .addColumn('account_id', types.text, (c) => c.primaryKey())
    .addColumn('version', types.bigint, (c) => c.notNull())
    .execute()
  await table('quota_assignment')
    .addColumn('id', types.text, (c) => c.primaryKey())
    .addColumn('account_id', types.text, (c) => c.notNull().references('account.id').onDelete('cascade'))
    .addColumn('plan_id', types.text, (c) => c.references('quota_plan.id'))
    .addColumn('effective_at', types.text, (c) => c.notNull())
    .addColumn('reason', types.text, (c) => c.notNull())
    .addColumn('created_by', types.text)
    .addColumn('created_at', types.text, (c) => c.notNull())
    .execute()
  await db.schema
    .createIndex('quota_assignment_by_account')
    .on('quota_assignment')
    .columns(['account_id', 'effective_at', 'id'])
    .execute()
  await db.schema
    .createIndex('quota_assignment_by_plan')
    .on('quota_assignment')
    .columns(['plan_id', 'account_id'])
    .execute()
  await table('quota_override')
    .addColumn('id', types.text, (c) => c.primaryKey())
    .addColumn('account_id', types.text, (c) => c.notNull().references('account.id').onDelete('cascade'))
    .addColumn('scope', types.text, (c) => c.notNull())
    .addColumn('scope_id', types.text, (c) => c.notNull())
    .addColumn('type', types.text, (c) => c.notNull())
    .addColumn('value', types.bigint, (c) => c.check(sql`value >= 0`))
    .addColumn('effective_at', types.text, (c) => c.notNull())
    .addColumn('ends_at', types.text)
    .addColumn('reason', types.text, (c) => c.notNull())
    .addColumn('origin', types.text, (c) => c.notNull())
    .addColumn('created_by', types.text)
    .addColumn('created_at', types.text, (c) => c.notNull())
    .addColumn('revoked_at', types.text)
    .addColumn('revoked_by', types.text)
    .execute()
  await db.schema
    .createIndex('quota_override_by_account')
    .on('quota_override')
    .columns(['account_id', 'scope', 'scope_id', 'type', 'created_at', 'id'])
    .execute()
  await db.schema
    .createIndex('quota_override_by_scope')
    .on('quota_override')
    .columns(['scope', 'scope_id', 'created_at', 'id'])
    .execute()
  await keyedTable('restriction')
    .addColumn('workspace_id', types.text, (c) => c.primaryKey().references('workspace.id').onDelete('cascade'))
    .addColumn('reason', types.text, (c) => c.notNull())
    .addColumn('origin', types.text, (c) => c.notNull())
    .addColumn('created_by', types.text)
    .addColumn('created_at', types.text, (c) => c.notNull())
    .execute()
}

async function counters({ db, table, keyedTable, types }: Ddl): Promise<void> {
  await keyedTable('quota_counter')
    .addColumn('scope', types.text, (c) => c.notNull())
    .addColumn('scope_id', types.text, (c) => c.notNull())
    .addColumn('type', types.text, (c) => c.notNull())
    .addColumn('period', types.text, (c) => c.notNull())
    .addColumn('parent_id', types.text, (c) => c.notNull())
    .addColumn('used', types.bigint, (c) => c.notNull().check(sql`used >= 0`))
    .addColumn('reserved', types.bigint, (c) => c.notNull().check(sql`reserved >= 0`))
    .addPrimaryKeyConstraint('quota_counter_pk', ['scope', 'scope_id', 'type', 'period'])
    .execute()
  await db.schema
    .createIndex('quota_counter_by_parent')
    .on('quota_counter')
    .columns(['parent_id', 'type', 'period'])
    .execute()
  await table('quota_alert')
    .addColumn('id', types.text, (c) => c.primaryKey())
    .addColumn('account_id', types.text, (c) => c.notNull())
    .addColumn('workspace_id', types.text)
    .addColumn('scope', types.text, (c) => c.notNull())
    .addColumn('scope_id', types.text, (c) => c.notNull())
    .addColumn('type', types.text, (c) => c.notNull())
    .addColumn('period', types.text, (c) => c.notNull())
    .addColumn('threshold', types.integer, (c) => c.notNull())
    .addColumn('part_of', types.text)
    .addColumn('limit_value', types.bigint, (c) => c.notNull())
    .addColumn('used', types.bigint, (c) => c.notNull())
    .addColumn('at', types.text, (c) => c.notNull())
    .addUniqueConstraint('quota_alert_once', ['scope', 'scope_id', 'type', 'period', 'limit_value', 'threshold'])
    .execute()
  await db.schema.createIndex('quota_alert_by_notice').on('quota_alert').column('part_of').execute()
  await db.schema.createIndex('quota_alert_by_account').on('quota_alert').columns(['account_id', 'at', 'id']).execute()
  await db.schema
    .createIndex('quota_alert_by_workspace')
    .on('quota_alert')
    .columns(['workspace_id', 'at', 'id'])
    .execute()
}

/** Gauges of what was there before anything was counted, in workspaces, in their accounts, and for keys in bots. */
async function countWhatIsThere({ db }: Ddl): Promise<void> {
  const things = [
    ['bot_count', sql`select workspace_id, '' as bot_id from bot where dev = 0`],
    ['always_alive', sql`select workspace_id, '' as bot_id from bot where dev = 0 and always_alive = 1`],
    ['workspace_member_count', sql`select workspace_id, '' as bot_id from member`],
    ['api_key_count', sql`select bot.workspace_id, bot.id as bot_id from bot_key join bot on bot.id = bot_key.bot_id`],
  ] as const
  for (const [type, rows] of things) {
    const columns = sql`(scope, scope_id, type, period, parent_id, used, reserved)`
    await sql`insert into quota_counter ${columns}
      select 'bot', bot_id, ${sql.lit(type)}, '', workspace_id, count(*), 0 from (${rows}) as things
      where bot_id <> '' group by bot_id, workspace_id`.execute(db)
    await sql`insert into quota_counter ${columns}
      select 'workspace', workspace.id, ${sql.lit(type)}, '', account_id, count(*), 0
      from (${rows}) as things join workspace on workspace.id = things.workspace_id
      group by workspace.id, account_id`.execute(db)
    await sql`insert into quota_counter ${columns}
      select 'account', account_id, ${sql.lit(type)}, '', '', count(*), 0
      from (${rows}) as things join workspace on workspace.id = things.workspace_id
      group by account_id`.execute(db)
  }
}
