import type { MainSchema, Params, Tx } from '@steward/db'
import { prepareWrite } from '@steward/db'
import type { Sweep } from '../area.ts'
import type { MainTx } from '../context.ts'

/** Counts one more. @returns how many there are on that day. */
export const countMail = prepareWrite((tx: Tx<MainSchema>, p: Params<{ subject: string; day: string }>) =>
  tx
    .insertInto('mail_count')
    .values({ subject: p.subject, day: p.day, mails: 1 })
    .onConflict((clash) =>
      clash.columns(['subject', 'day']).doUpdateSet((eb) => ({ mails: eb('mail_count.mails', '+', 1) })),
    )
    .returning('mails'),
)

/** Counts of days that are over. */
export async function sweepMailCounts(tx: MainTx, { before, limit }: Sweep): Promise<number> {
  const today = before.slice(0, 10)
  const stale = tx.selectFrom('mail_count').select('subject').where('day', '<', today).limit(limit)
  const { numDeletedRows } = await tx
    .deleteFrom('mail_count')
    .where('day', '<', today)
    .where('subject', 'in', stale)
    .executeTakeFirst()
  return Number(numDeletedRows)
}

/** Everybody's counts. */
export async function forgetMailCounts(tx: MainTx): Promise<void> {
  await tx.deleteFrom('mail_count').execute()
}
