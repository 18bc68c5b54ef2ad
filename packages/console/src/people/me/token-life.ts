const day = 86_400_000

export interface TokenLife {
  state: 'active' | 'ending' | 'expired'
  /** Never used, as far as the server knows. */
  unused: boolean
}

/** How a token stands. @param now milliseconds. A token "ends soon" in its last week. */
export function lifeOf(
  token: { expiresAt?: string | undefined; lastUsedAt?: string | undefined },
  now: number,
): TokenLife {
  const end = token.expiresAt === undefined ? Infinity : Date.parse(token.expiresAt)
  const state = end <= now ? 'expired' : end - now <= 7 * day ? 'ending' : 'active'
  return { state, unused: token.lastUsedAt === undefined }
}

export const lives = [
  { value: '7', label: '7 days' },
  { value: '30', label: '30 days' },
  { value: '90', label: '90 days' },
  { value: '365', label: '1 year' },
  { value: 'day', label: 'Custom date' },
  { value: 'never', label: 'Never' },
] as const

export type LifeChoice = (typeof lives)[number]['value']

/**
 * When a token ends, ISO 8601; undefined for one without an end.
 * @param choice days, or `day` for the end of `on` (`2026-11-30`) on the reader's own calendar.
 */
export function endOf(choice: string, on: string, now: number): string | undefined {
  if (choice === 'never') return undefined
  if (choice !== 'day') return new Date(now + Number(choice) * day).toISOString()
  const end = new Date(`${on}T23:59:59.000`)
  return Number.isNaN(end.getTime()) ? on : end.toISOString()
}

export const graces = [
  { value: '86400', label: '1 day' },
  { value: '3600', label: '1 hour' },
  { value: '604800', label: '1 week' },
  { value: '0', label: 'Not at all (revoke immediately)' },
] as const
