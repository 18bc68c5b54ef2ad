import { day, hour, iso, second } from '../clock.ts'
import type { Context, MainTx } from '../context.ts'
import { actingUser } from '../context.ts'
import { ApiError } from '../errors.ts'
import { countMail } from './mail-share.queries.ts'

/** Mails that people may have sent to one address in a day, whoever they are, and that one person may. Days are UTC. */
export const mailShares = { address: 5, person: 100 } as const

/** Mails that strangers may have sent to one address by asking: some at once, then one more each so many hours of the day. */
export const askedShare = { atOnce: 3, thenEvery: 4 * hour } as const

/**
 * Counts a mail that whoever names an address asks for. The share grows over the day: who uses it up keeps its owner
 * waiting for hours, not until tomorrow.
 * @throws RateLimited with the seconds until the next is allowed.
 */
export async function takeAskedShare(tx: MainTx, { app }: Context, to: string): Promise<void> {
  const now = app.clock.now()
  const ofToday = now % day
  const limit = askedShare.atOnce + Math.floor(ofToday / askedShare.thenEvery)
  const subject = `asked:${app.keys.mac(`mails asked to ${to}`)}`
  const row = await countMail.first(tx, { subject, day: iso(now).slice(0, 10) })
  if (!row || row.mails <= limit) return
  const resetSeconds = Math.ceil((askedShare.thenEvery - (ofToday % askedShare.thenEvery)) / second)
  throw new ApiError('RateLimited', 'Too many links were sent today.', { limit, resetSeconds })
}

/**
 * Counts a mail that somebody has sent to an address, with the commit of the write: the server's good name, and the
 * mailboxes of strangers, are not at any member's disposal.
 * @throws RateLimited with the seconds until the next day, when the address or the person has had their share.
 */
export async function takeMailShare(tx: MainTx, ctx: Context, to: string): Promise<void> {
  const { app } = ctx
  const now = app.clock.now()
  const today = iso(now).slice(0, 10)
  const resetSeconds = Math.ceil((day - (now % day)) / second)
  const take = async (subject: string, limit: number, refusal: string): Promise<void> => {
    const row = await countMail.first(tx, { subject, day: today })
    if (row && row.mails > limit) throw new ApiError('RateLimited', refusal, { limit, resetSeconds })
  }
  const mac = (text: string): string => app.keys.mac(`mails ${text}`)
  await take(
    `to:${mac(`to ${to}`)}`,
    mailShares.address,
    `${mailShares.address} emails were sent to ${to} today, the maximum. Create the link without sending it and pass it on yourself, or wait until tomorrow (UTC).`,
  )
  const userId = actingUser(ctx)
  if (userId === null) return
  await take(
    `by:${mac(`by ${userId}`)}`,
    mailShares.person,
    `You have sent ${mailShares.person} emails today, the maximum. Create links without sending them and pass them on yourself, or wait until tomorrow (UTC).`,
  )
}
