import { createHmac, timingSafeEqual } from 'node:crypto'
import { second } from '../../core/clock.ts'

const period = 30 * second
const digits = 6

export const stepAt = (now: number): number => Math.floor(now / period)

/**
 * The time step whose code this is (RFC 6238: SHA-1, 30 s, six digits) among those that the sign-in library takes: the
 * present one, the one after for a clock that is ahead, the one before; null for a wrong code. Of several the latest.
 */
export function matchingStep(secret: string, code: string, now: number): number | null {
  const present = stepAt(now)
  const steps = [present + 1, present, present - 1]
  return steps.filter((step) => isSame(codeOf(secret, step), code))[0] ?? null
}

/** HOTP (RFC 4226) with the step as its counter. */
function codeOf(secret: string, step: number): string {
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(step))
  const digest = createHmac('sha1', secret).update(counter).digest()
  const value = digest.readUInt32BE((digest[19] ?? 0) & 15) & 0x7fffffff
  return String(value % 10 ** digits).padStart(digits, '0')
}

function isSame(wanted: string, given: string): boolean {
  const [a, b] = [Buffer.from(wanted), Buffer.from(given)]
  return a.length === b.length && timingSafeEqual(a, b)
}
