import { connection } from '../connection.ts'

const halfDay = 12 * 60 * 60 * 1000
let next = 0

/** Asks the sign-in library to prolong the session, twice a day at most: whoever works here is not signed out. */
export function prolongSession(): void {
  const now = Date.now()
  if (connection.kind !== 'web' || now < next) return
  next = now + halfDay
  // A refusal is told by the next real call.
  connection.fetch('/auth/get-session').catch(() => {})
}
