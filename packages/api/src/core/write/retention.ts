import type { Retention, Sweep } from '../area.ts'
import { storesOf } from '../app-context.ts'
import type { MainTx } from '../context.ts'
import type { Ending } from './retention.queries.ts'
import { deleteExpired } from './retention.queries.ts'

/** A sweep that is one transaction. */
export function inOneWrite(sweep: (tx: MainTx, sweep: Sweep) => Promise<number>): Retention['sweep'] {
  return (app, batch) => storesOf(app).main.write((tx) => sweep(tx, batch))
}

/** The sweep of a table whose rows have an `id`, and an `expires_at` after which they go. */
export function expired(table: Ending): Retention['sweep'] {
  return inOneWrite((tx, sweep) => deleteExpired(tx, table, sweep))
}
