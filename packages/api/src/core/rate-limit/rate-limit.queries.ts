import type { MainTx } from '../context.ts'

interface Row {
  since: number
  caller: string
  calls: number
}

/** Adds calls to what all servers have counted. @returns what that comes to. Rows are taken in one order: nobody waits crosswise. */
export async function addRateCounts(tx: MainTx, rows: readonly Row[]): Promise<Row[]> {
  const sorted = rows.toSorted((a, b) => a.since - b.since || (a.caller < b.caller ? -1 : 1))
  return tx
    .insertInto('rate_count')
    .values(sorted)
    .onConflict((conflict) =>
      conflict
        .columns(['since', 'caller'])
        .doUpdateSet((eb) => ({ calls: eb('rate_count.calls', '+', eb.ref('excluded.calls')) })),
    )
    .returning(['since', 'caller', 'calls'])
    .execute()
}

/** What was counted of these callers in a window. */
export function findRateCounts(tx: MainTx, since: number, callers: readonly string[]): Promise<Row[]> {
  return tx.selectFrom('rate_count').selectAll().where('since', '=', since).where('caller', 'in', callers).execute()
}

/** Deletes the counts of windows that began before. */
export async function deleteRateCounts(tx: MainTx, before: number): Promise<void> {
  await tx.deleteFrom('rate_count').where('since', '<', before).execute()
}
