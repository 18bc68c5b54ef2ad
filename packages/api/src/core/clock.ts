/** Where time comes from. The only place that reads the machine's clock. */
export interface Clock {
  /** Milliseconds since 1970, UTC. */
  now(): number
}

export const systemClock: Clock = { now: () => Date.now() }

/** ISO 8601 UTC with milliseconds, the one form of time in the database and on the wire. */
export function iso(time: number): string {
  return new Date(time).toISOString()
}

/** The later of two times: what is recorded never goes back, whatever the clock does. */
export function notBefore(time: string, earlier: string | null | undefined): string {
  return earlier !== null && earlier !== undefined && earlier > time ? earlier : time
}

export const second = 1000
export const minute = 60 * second
export const hour = 60 * minute
export const day = 24 * hour
