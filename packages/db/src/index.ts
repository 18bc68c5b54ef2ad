export { blobNames, type BlobNames } from './dialect/blob-names.ts'
export { checkIntegrity, mainSchema, type Integrity, type SchemaState } from './dialect/integrity.ts'
export {
  isBusy,
  isDiskFull,
  isRefused,
  troubleOf,
  violationOf,
  type ColumnTypes,
  type Ddl,
  type Engine,
  type Trouble,
  type Violation,
} from './dialect/portable.ts'
export { holdTable } from './dialect/hold.ts'
export { isInUse } from './dialect/in-use.ts'
export { openStores, type OpenOptions } from './dialect/open.ts'
export type { PostgresOptions } from './dialect/postgres.ts'
export { databaseFileName, telemetryFileName } from './dialect/sqlite.ts'
export { backup } from './dialect/sqlite-backup.ts'
export { restore, restoreMain, type RestoreOptions } from './dialect/sqlite-restore.ts'
export * from './errors.ts'
export { after, before, byteLength, contains, dayOf, exact, lowered, type KeyPart } from './expressions.ts'
export { migrate, type MigrateOptions, type MigrateResult, type Migration, type MigrationProgress } from './migrate.ts'
export {
  prepare,
  prepareKept,
  prepareWrite,
  type KeptRead,
  type Params,
  type PreparedRead,
  type PreparedWrite,
} from './prepare.ts'
export type { Expression } from 'kysely'
export { savepoint } from './session.ts'
export type { Reader, Store, Stores, Tx, WriteOptions } from './store.ts'
export type * from './tables/index.ts'
export { fromFlag, fromIso, fromJson, toFlag, toIso, toJson, type Flag, type JsonText } from './values.ts'
