import { day, iso } from '../../core/clock.ts'
import { sessionLife } from './session-cookie.ts'

/** However much it is used: then the person signs in again. */
const sessionLimit = 90 * day

interface SessionTimes {
  created_at: string
  updated_at: string
  expires_at: string
}

/**
 * When a session shall end that is used now, or null when that stays as it is. Once a day; so one that was made to end
 * within a day (without "remember me") is never prolonged.
 */
export function prolongedUntil(session: SessionTimes, now: number): string | null {
  if (session.updated_at > iso(now - day)) return null
  const until = iso(Math.min(now + sessionLife, Date.parse(session.created_at) + sessionLimit))
  return until > session.expires_at ? until : null
}
