import type { Ddl } from './dialect/portable.ts'

/** What migrating and backing up need of a store, and nobody else. */
export interface StoreAdmin {
  readonly label: 'main' | 'telemetry'

  /**
   * Runs `fn` in a transaction that excludes every other writer and migrator, in all processes; waits
   * for its turn. SQLite: `begin exclusive`, foreign keys off. Postgres: an advisory lock of this schema.
   */
  exclusive<T>(fn: (ddl: Ddl) => Promise<T>): Promise<T>

  /** From now on a write refuses a database with more than `count` migrations (SQLite). */
  expectSchema(count: number): void

  /** Writes a verified copy to a new file. @throws BackupUnsupported on Postgres. */
  copyTo(file: string): Promise<void>
}

const admins = new WeakMap<object, StoreAdmin>()

export function attachStoreAdmin(store: object, admin: StoreAdmin): void {
  admins.set(store, admin)
}

/** @throws TypeError for a store that `openStores` did not make. */
export function storeAdminOf(store: object): StoreAdmin {
  const admin = admins.get(store)
  if (admin === undefined) throw new TypeError('This store was not made by openStores.')
  return admin
}
