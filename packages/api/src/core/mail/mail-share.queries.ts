import type { MainSchema, Params, Tx } from '@steward/db'
import { prepareWrite } from '@steward/db'
import type { Sweeper } from '../write/outbox.queries.ts'

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
export const sweepMailCounts: Sweeper = async (tx, { before, limit }) => {
  const today = before.slice(0, 10)
  const stale = tx.selectFrom('mail_count').select('subject').where('day', '<', today).limit(limit)
  const { numDeletedRows } = await tx
    .deleteFrom('mail_count')
    .where('day', '<', today)
    .where('subject', 'in', stale)
    .executeTakeFirst()
  return Number(numDeletedRows)
}
