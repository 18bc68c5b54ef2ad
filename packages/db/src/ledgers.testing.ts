import { sql } from 'kysely'

import { migrate, type Migration } from './migrate.ts'
import { mainMigrations } from './migrations/index.ts'
import type { Stores } from './store.ts'
import type { MainSchema } from './tables/index.ts'

/** Tables that no area has: what counting and recording are tried with. */
export interface CountedTables {
  /** How much of a lane's limit is used. */
  allowance: { lane_id: string; used: number; most: number }
  counted: { lane_id: string; id: string; hash: string; amount: number }
}
export interface RecordedTables {
  sample: { workspace_id: string; id: string; hash: string; value: number; label: string }
}

export type CountedSchema = MainSchema & CountedTables

const counted: Migration = {
  name: '9001_counted',
  up: async ({ keyedTable, types }) => {
    await keyedTable('allowance')
      .addColumn('lane_id', types.text, (column) => column.primaryKey().notNull())
      .addColumn('used', types.bigint, (column) => column.notNull())
      .addColumn('most', types.bigint, (column) => column.notNull())
      .execute()
    await keyedTable('counted')
      .addColumn('lane_id', types.text, (column) => column.notNull())
      .addColumn('id', types.text, (column) => column.notNull())
      .addColumn('hash', types.text, (column) => column.notNull())
      .addColumn('amount', types.bigint, (column) => column.notNull().check(sql`amount > 0`))
      .addPrimaryKeyConstraint('counted_pk', ['lane_id', 'id'])
      .execute()
  },
}

const recorded: Migration = {
  name: '9001_recorded',
  up: async ({ table, types }) => {
    await table('sample')
      .addColumn('workspace_id', types.text, (column) => column.notNull())
      .addColumn('id', types.text, (column) => column.notNull())
      .addColumn('hash', types.text, (column) => column.notNull())
      .addColumn('value', types.bigint, (column) => column.notNull().check(sql`value >= 0`))
      .addColumn('label', types.text, (column) => column.notNull())
      .addPrimaryKeyConstraint('sample_pk', ['workspace_id', 'id'])
      .execute()
  },
}

/** Adds these tables to migrated stores. */
export async function addLedgers(stores: Stores): Promise<Stores> {
  const steps = { main: [...mainMigrations, counted], telemetry: [recorded] }
  await migrate(stores, { now: () => new Date('2026-01-01T00:00:00.000Z'), steps })
  return stores
}
