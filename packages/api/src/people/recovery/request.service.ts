import { addressKey } from '../../core/address.ts'
import { hour, iso, minute, second } from '../../core/clock.ts'
import type { AnyoneContext } from '../../core/context.ts'
import { ApiError } from '../../core/errors.ts'
import type { AppContext } from '../../core/app-context.ts'
import { linkForOthers } from '../../core/links.ts'
import { mailMessage } from '../../core/mail/mail.ts'
import { takeAskedShare } from '../../core/mail/mail-share.ts'
import { createQueue } from '../../core/queue.ts'
import { createRateLimiter } from '../../core/rate-limit/rate-limit.ts'
import { read } from '../../core/write/read.ts'
import { write } from '../../core/write/write.ts'
import { recoveryLetter } from './recovery.mail.ts'
import { findLinkByMail, findPersonByEmail, hasPassword, replaceLink } from './recovery.queries.ts'
import type { RequestInput, RequestOutput } from './recovery.schema.ts'
import { draftLink } from './recovery.service.ts'

/** A mail is read by who has the mailbox: the link in it is good for an hour, and for the password alone. */
const resets = { password: true, secondFactor: false, expiresInHours: 1 }
/** Nobody's mailbox is filled by others. */
const pause = 10 * minute
const share = { limit: 10, windowSeconds: hour / second }

interface Desk {
  queued: ReturnType<typeof createQueue>
  limiter: ReturnType<typeof createRateLimiter>
}

const desks = new WeakMap<AppContext, Desk>()

function deskOf(app: AppContext): Desk {
  let desk = desks.get(app)
  if (!desk) {
    desk = { queued: createQueue({ atOnce: 1, waiting: 100 }, busy), limiter: createRateLimiter(app.clock, share) }
    desks.set(app, desk)
  }
  return desk
}

/** Whoever is left out is not told: they ask again when no mail comes. */
const busy = (): ApiError => new ApiError('RateLimited', 'Many people are requesting links right now.')

/**
 * Sends a link for a new password to an address, if somebody here signs in with it and a password. It answers before it
 * looks, so that neither answer nor time tells who is here.
 * @throws RateLimited beyond ten requests of one network address in an hour.
 */
export async function requestLink(ctx: AnyoneContext, { email }: RequestInput): Promise<RequestOutput> {
  const { app, request } = ctx
  if (!app.mailer) return { byMail: false }
  const { queued, limiter } = deskOf(app)
  if (request.ip !== null) {
    const { allowed, resetSeconds } = limiter.take(addressKey(request.ip))
    if (!allowed)
      throw new ApiError('RateLimited', `Too many attempts from your IP address. Wait ${resetSeconds} seconds.`, {
        resetSeconds,
      })
  }
  const sent = queued(() => mailLink(ctx, email))
  sent.catch((cause: unknown) => {
    if (!(cause instanceof ApiError)) app.log.error({ err: cause }, 'A recovery link could not be created.')
  })
  return { byMail: true }
}

async function mailLink(ctx: AnyoneContext, email: string): Promise<void> {
  const { app } = ctx
  const person = await read(ctx, async (db) => {
    const found = await findPersonByEmail.first(db, { email })
    return found?.claimed === 1 && (await hasPassword.first(db, { userId: found.id })) ? found : undefined
  })
  if (!person) return
  const draft = draftLink(app, resets)
  const { id: userId } = person
  await write(ctx, { action: 'UNKNOWN', lanes: [{ kind: 'user', id: userId }] }, async (tx) => {
    const earlier = await findLinkByMail.first(tx, { userId })
    if (earlier && earlier.created_at > iso(app.clock.now() - pause))
      throw new ApiError('RateLimited', 'A link was sent a moment ago.')
    await takeAskedShare(tx, ctx, person.email)
    await replaceLink(tx, { ...draft.row, user_id: userId, origin: 'mail', workspace_id: null, made_by: null })
    const letter = recoveryLetter({
      ...draft,
      ...resets,
      link: linkForOthers(app, draft.path),
      to: person.email,
      asked: true,
    })
    return {
      answer: null,
      changes: [{ type: 'user', id: userId }],
      audit: {
        type: 'user',
        id: userId,
        name: person.email,
        value: 'recovery link by mail',
        after: { password: true, secondFactor: false, expiresAt: draft.row.expires_at },
      },
      outbox: [mailMessage(app, letter, draft.expiresAt)],
    }
  })
}
