import type { AppContext } from '../../core/app-context.ts'
import { minute } from '../../core/clock.ts'
import type { Context, Db } from '../../core/context.ts'
import { ApiError } from '../../core/errors.ts'
import { sessionTimes } from './session.queries.ts'

/** How long a proof of who one is opens what needs a fresh one. */
export const freshFor = 10 * minute

/** @param at when the person last proved it, in milliseconds. */
export function isConfirmed({ clock }: Pick<AppContext, 'clock'>, at: number): boolean {
  return clock.now() - at < freshFor
}

/**
 * Refuses what cannot be undone to a session that was not confirmed lately, and to every token: whoever found one shall
 * not end the person it belongs to. Who works on the machine itself is not asked.
 * @throws Forbidden with `confirm: true` in its metadata.
 */
export async function requireConfirmed({ app, actor }: Context, db: Db): Promise<void> {
  if (actor.kind !== 'user' || actor.credential.kind === 'local') return
  const metadata = { confirm: true }
  if (actor.credential.kind !== 'session')
    throw new ApiError('Forbidden', 'A token is not enough for this. Sign in with a browser.', metadata)
  const times = await sessionTimes.first(db, { id: actor.credential.id })
  if (!times || !isConfirmed(app, confirmedAt(times)))
    throw new ApiError('Forbidden', 'Confirm your identity first, then do this within ten minutes.', metadata)
}

/** Milliseconds. */
export function confirmedAt(session: { created_at: string; confirmed_at: string | null }): number {
  return Date.parse(session.confirmed_at ?? session.created_at)
}
