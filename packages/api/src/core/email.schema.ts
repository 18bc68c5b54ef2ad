import { z } from 'zod'

/**
 * The one rule for addresses, wherever one is made or compared: plain ASCII, at most 254 characters (RFC 5321), kept in
 * lower case. ASCII is asked before the case is changed: the Kelvin sign, for one, becomes a "k" by that.
 */
export const emailAddress = z.email().max(254).toLowerCase()

/** The address as it is kept and compared; null when it breaks the rule. */
export function toEmailAddress(given: unknown): string | null {
  const parsed = emailAddress.safeParse(given)
  return parsed.success ? parsed.data : null
}
