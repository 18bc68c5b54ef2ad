import type { Engine } from './dialect/portable.ts'
import { migrate, type Migration } from './migrate.ts'
import { openStores, type OpenOptions } from './dialect/open.ts'
import type { Store, Stores } from './store.ts'

/** A small schema of our own for the tests of this package, which do not depend on Steward's own tables. */
export interface TestSchema {
  thing: { id: string; name: string; size: number; flag: number; note: string | null; data: Buffer | null }
  part: { id: string; thing_id: string; weight: number }
}

export const first: Migration = {
  name: '0001_thing',
  up: async ({ db, table, types }) => {
    await table('thing')
      .addColumn('id', types.text, (column) => column.primaryKey().notNull())
      .addColumn('name', types.text, (column) => column.notNull().unique())
      .addColumn('size', types.bigint, (column) => column.notNull())
      .addColumn('flag', types.integer, (column) => column.notNull())
      .addColumn('note', types.text)
      .addColumn('data', types.blob)
      .execute()
    await db.schema.createIndex('thing_by_size').on('thing').columns(['size', 'id']).execute()
  },
}

export const second: Migration = {
  name: '0002_part',
  up: async ({ table, types }) => {
    await table('part')
      .addColumn('id', types.text, (column) => column.primaryKey().notNull())
      .addColumn('thing_id', types.text, (column) => column.notNull().references('thing.id').onDelete('restrict'))
      .addColumn('weight', types.double, (column) => column.notNull())
      .execute()
  },
}

export const steps = { main: [first, second], telemetry: [] }

export interface OpenTestSchema {
  readonly engine: Engine
  readonly stores: Stores
  readonly main: Store<TestSchema>
}

/** Opens the stores of a place with this schema. */
export async function openTestSchema(options: OpenOptions): Promise<OpenTestSchema> {
  const stores = await openStores(options)
  await migrate(stores, { now: () => new Date('2026-01-01T00:00:00.000Z'), steps })
  return { engine: stores.engine, stores, main: stores.main as unknown as Store<TestSchema> }
}

export function thing(id: string, size = 0): TestSchema['thing'] {
  return { id, name: `name of ${id}`, size, flag: 0, note: null, data: null }
}
