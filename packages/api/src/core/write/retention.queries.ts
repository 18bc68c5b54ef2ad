import type { MainSchema } from '@steward/db'
import type { Sweep } from '../area.ts'
import type { MainTx } from '../context.ts'

/** Tables whose rows have an id and an end. */
export type Ending = {
  [T in keyof MainSchema]: MainSchema[T] extends { id: string; expires_at: string | null } ? T : never
}[keyof MainSchema]

export async function deleteExpired(tx: MainTx, table: Ending, { before, limit }: Sweep): Promise<number> {
  const stale = tx.selectFrom(table).select('id').where('expires_at', '<', before).limit(limit)
  const { numDeletedRows } = await tx.deleteFrom(table).where('id', 'in', stale).executeTakeFirst()
  return Number(numDeletedRows)
}
