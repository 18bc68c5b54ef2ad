import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'

import { sealSchema, type Ddl } from './dialect/portable.ts'
import { SchemaTooNew } from './errors.ts'
import { storeAdminOf, type StoreAdmin } from './store-admin.ts'
import { mainMigrations, telemetryMigrations } from './migrations/index.ts'
import type { Stores } from './store.ts'

/**
 * One step of the schema. Once released it is frozen; it imports no app code. It runs in a
 * transaction of its own, on SQLite with foreign keys off and checked before the commit.
 */
export interface Migration {
  /** Unique and sorted by number: '0001_core'. */
  readonly name: string
  readonly up: (ddl: Ddl) => Promise<void>
}

export interface MigrateOptions {
  readonly now: () => Date
  /** Where SQLite files are copied before a change, the newest three kept. Without it there is no copy. */
  readonly backupFolder?: string
  readonly onProgress?: (progress: MigrationProgress) => void
  /** Other steps than the released ones, for tests. */
  readonly steps?: { readonly main: readonly Migration[]; readonly telemetry: readonly Migration[] }
}

export type MigrationProgress =
  | { readonly store: StoreAdmin['label']; readonly step: 'backup'; readonly file: string }
  | { readonly store: StoreAdmin['label']; readonly step: 'start' | 'done'; readonly name: string }

/** The names of the migrations that this call applied; those of another process are not among them. */
export interface MigrateResult {
  readonly main: readonly string[]
  readonly telemetry: readonly string[]
}

const keptBackups = 3

/**
 * Brings both stores to the schema of this version. Several processes may call it at once: one does
 * the work, the others wait for it.
 * @throws SchemaTooNew when a store has migrations this version does not know. Nothing is changed.
 */
export async function migrate(stores: Stores, options: MigrateOptions): Promise<MigrateResult> {
  const steps = options.steps ?? { main: mainMigrations, telemetry: telemetryMigrations }
  return {
    main: await migrateStore(storeAdminOf(stores.main), steps.main, options),
    telemetry: await migrateStore(storeAdminOf(stores.telemetry), steps.telemetry, options),
  }
}

async function migrateStore(
  admin: StoreAdmin,
  steps: readonly Migration[],
  options: MigrateOptions,
): Promise<string[]> {
  const known = await admin.exclusive((ddl) => appliedIn(ddl, admin.label, steps))
  if (known.length > 0 && known.length < steps.length) await backUp(admin, options)
  const done: string[] = []
  for (const step of steps.slice(known.length)) {
    if (await apply(admin, steps, step, options)) done.push(step.name)
  }
  admin.expectSchema(steps.length)
  return done
}

// oxlint-disable-next-line max-params
async function apply(
  admin: StoreAdmin,
  steps: readonly Migration[],
  step: Migration,
  { now, onProgress }: MigrateOptions,
): Promise<boolean> {
  const store = admin.label
  const ours = await admin.exclusive(async (ddl) => {
    // Another process may have done it while we waited for the lock.
    const applied = await appliedIn(ddl, store, steps)
    if (applied.includes(step.name)) return false
    onProgress?.({ store, step: 'start', name: step.name })
    await step.up(ddl)
    await ddl.db.insertInto('schema_migration').values({ name: step.name, applied_at: now().toISOString() }).execute()
    await sealSchema(ddl, applied.length + 1)
    return true
  })
  if (ours) onProgress?.({ store, step: 'done', name: step.name })
  return ours
}

/** The applied migrations, which must be the first of `steps`. @throws SchemaTooNew */
async function appliedIn(ddl: Ddl, label: string, steps: readonly Migration[]): Promise<string[]> {
  await ddl
    .table('schema_migration')
    .ifNotExists()
    .addColumn('name', ddl.types.text, (column) => column.primaryKey().notNull())
    .addColumn('applied_at', ddl.types.text, (column) => column.notNull())
    .execute()
  const rows = await ddl.db.selectFrom('schema_migration').select('name').orderBy('name').execute()
  const applied = rows.map((row) => String(row['name']))
  const unknown = applied.filter((name, index) => steps[index]?.name !== name)
  if (unknown.length > 0) throw new SchemaTooNew(label, unknown)
  return applied
}

async function backUp(admin: StoreAdmin, { now, backupFolder, onProgress }: MigrateOptions): Promise<void> {
  if (backupFolder === undefined) return
  mkdirSync(backupFolder, { recursive: true, mode: 0o700 })
  const prefix = `${admin.label}-before-migration-`
  const file = join(backupFolder, `${prefix}${now().toISOString().replaceAll(':', '')}.db`)
  await admin.copyTo(file)
  onProgress?.({ store: admin.label, step: 'backup', file })
  const old = readdirSync(backupFolder).filter((name) => name.startsWith(prefix) && name.endsWith('.db'))
  for (const name of old.toSorted().slice(0, -keptBackups)) rmSync(join(backupFolder, name))
}
