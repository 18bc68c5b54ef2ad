import { replaceHash } from '../identity/sign-in-method.queries.ts'
import { availableParallelism } from 'node:os'
import type { Clock } from '../../core/clock.ts'
import { ApiError } from '../../core/errors.ts'
import { createQueue } from '../../core/queue.ts'
import { addressKey } from '../../core/address.ts'
import { createRateLimiter } from '../../core/rate-limit/rate-limit.ts'
import type { Ids } from '../../core/id.ts'
import type { AppContext } from '../../core/app-context.ts'
import { storesOf } from '../../core/app-context.ts'
import { hashPassword, verifyPassword } from './scrypt.ts'

/** Hashes made and compared, a few at a time. */
export interface Hashing {
  /**
   * @param stranger the address of a caller without a credential, if it came from one: it may have a few hashes made.
   * @throws RateLimited when too many wait, or the stranger has had its share.
   */
  hash(password: string, stranger?: string | null): Promise<string>
  /** @throws RateLimited when too many wait. */
  verify(given: { hash: string; password: string }): Promise<boolean>
}

/** Hashing is slow on purpose, and runs on the threads that files are read by too: most of those stay free for them. */
const atOnce = Math.min(2, Math.max(1, availableParallelism() - 1))
/** What is hashed in a few seconds: who comes later is told so at once. */
const waiting = 16
const busySeconds = 2

/** What one address may ask for: a room of people who were invited together gets through, a flood does not. */
const share = { limit: 10, windowSeconds: 60 }

/** What hashes; our scrypt by default. */
export type HashFunctions = Pick<Hashing, 'verify'> & { hash(password: string): Promise<string> }

export function scryptFunctions(ids: Ids): HashFunctions {
  return { hash: (password) => hashPassword(password, ids.bytes(16)), verify: verifyPassword }
}

export function createHashing(clock: Clock, functions: HashFunctions): Hashing {
  const queued = createQueue({ atOnce, waiting }, busy)
  const limiter = createRateLimiter(clock, share)
  return {
    async hash(password, stranger) {
      if (typeof stranger === 'string') takeShare(limiter, stranger)
      return queued(() => functions.hash(password))
    },
    verify: (given) => queued(() => functions.verify(given)),
  }
}

function busy(): ApiError {
  return new ApiError('RateLimited', 'Many people are signing in right now. Try again in a few seconds.', {
    resetSeconds: busySeconds,
  })
}

function takeShare(limiter: ReturnType<typeof createRateLimiter>, address: string): void {
  const { allowed, resetSeconds } = limiter.take(addressKey(address))
  if (!allowed)
    throw new ApiError('RateLimited', `Too many attempts from your IP address. Wait ${resetSeconds} seconds.`, {
      resetSeconds,
    })
}

/** A password that was right, and whose hash was made at another cost. */
export interface Outdated {
  password: string
  hash: string
}

/** Hashes a password anew at today's cost. Nothing about the person changes by it, so it leaves no record. */
export async function renewHash(app: AppContext, hashing: Hashing, { password, hash }: Outdated): Promise<void> {
  const renewed = await hashing.hash(password).catch((cause: unknown) => {
    // Too many wait: the next sign-in does it.
    if (cause instanceof ApiError && cause.type === 'RateLimited') return null
    throw cause
  })
  if (renewed !== null) await storesOf(app).main.write((tx) => replaceHash.run(tx, { hash, renewed }))
}
