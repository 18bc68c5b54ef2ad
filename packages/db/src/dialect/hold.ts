import { sql } from 'kysely'

import { sessionOf } from '../session.ts'
import type { Tx } from '../store.ts'
import type { MainSchema } from '../tables/index.ts'

/**
 * Waits until nobody else is changing the table, and keeps all others from it until the end of the transaction; they can
 * still read. Whoever waited sees what was committed. SQLite has one writer anyway.
 * @throws the engine's error when it takes too long: see `isBusy`.
 */
export async function holdTable(tx: Tx<MainSchema>, table: keyof MainSchema): Promise<void> {
  if (sessionOf(tx).engine === 'postgres') await sql`lock table ${sql.table(table)} in exclusive mode`.execute(tx)
}
