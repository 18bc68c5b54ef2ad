import { ApiError } from '../core/errors.ts'
import { mebibyte, type Reading } from './incoming.ts'

/** How much of bodies may be under way at once. A body is under way from its first byte until its call is answered. */
export interface BudgetLimits {
  /** Bytes of all bodies together. */
  bytes: number
  /** Of those of callers without a credential together: they must not keep out the others. */
  strangerBytes: number
  /** Of one address without a credential: one alone must not take what is there for all of them. */
  addressBytes: number
  /** Bytes and number of one caller's. */
  callerBytes: number
  callerBodies: number
  /** A body up to this size is refused for its caller's sake only: small calls, such as signing in, go on whoever fills the rest. */
  smallBody: number
  /** Bytes in a second: a body that came more slowly than this since `slowAfter` makes room when another needs it. */
  pace: number
  /** Milliseconds from its beginning. */
  slowAfter: number
}

/** A full body is held as bytes, as text and as a value, so the process needs some three times as much. */
export const budgetLimits: BudgetLimits = {
  bytes: 256 * mebibyte,
  strangerBytes: 64 * mebibyte,
  addressBytes: 8 * mebibyte,
  callerBytes: 128 * mebibyte,
  callerBodies: 256,
  smallBody: 16 * 1024,
  pace: mebibyte,
  slowAfter: 10_000,
}

export interface BodyCaller {
  /** The person, key or address. */
  key: string
  isStranger: boolean
}

/** What one body takes of the budget. */
export interface BodyShare {
  /** Held now. */
  readonly bytes: number
  /** What whoever reads the body tells of it. */
  readonly reading: Reading
  /**
   * Asks for so many bytes more; where they are all held, slow bodies of others are broken off, the slowest first.
   * @throws RateLimited when they are not to be had.
   */
  hold(bytes: number): void
  /** Gives all back; once is enough, and twice does no harm. */
  release(): void
}

export interface BodyBudget {
  /** Bytes of bodies under way. */
  readonly bytes: number
  /** @throws RateLimited when the caller has too many bodies under way. */
  open(caller: BodyCaller): BodyShare
}

interface Open {
  isStranger: boolean
  began: number
  reading: Reading
  release(): void
}

interface Held {
  bytes: number
  bodies: number
}

/** Milliseconds; a body becomes slow in ten seconds. */
const lookAgainAfter = 100

/** Seconds after which a refused caller may try again: most bodies are read and answered within one. */
const resetSeconds = 1

const callerFull = (): ApiError =>
  new ApiError('RateLimited', 'You are sending too much at once. Wait until earlier calls are answered.', {
    resetSeconds,
  })
const allFull = (): ApiError =>
  new ApiError('RateLimited', 'Steward is receiving as much as it can. Try again in a second.', { resetSeconds })
const tooSlow = (): ApiError =>
  new ApiError('RateLimited', 'The body arrived slowly, and others needed the memory. Send it again.', { resetSeconds })

/** @param now milliseconds of a clock that never goes back. */
export function createBodyBudget(
  limits: BudgetLimits = budgetLimits,
  now: () => number = () => performance.now(),
): BodyBudget {
  const callers = new Map<string, Held>()
  const open = new Set<Open>()
  let all = 0
  let strangers = 0

  const isFull = (bytes: number, isStranger: boolean): boolean =>
    all + bytes > limits.bytes || (isStranger && strangers + bytes > limits.strangerBytes)

  /** When none was found, for strangers and for others: all are looked through a few times in a second, not for each body that comes. */
  const lookedAt = { stranger: Number.NEGATIVE_INFINITY, known: Number.NEGATIVE_INFINITY }

  /** The slowest body that may be broken off; nobody with a credential makes room for who has none. */
  const slowest = (isStranger: boolean): Open | null => {
    const who = isStranger ? 'stranger' : 'known'
    if (now() - lookedAt[who] < lookAgainAfter) return null
    let found: Open | null = null
    let least = limits.pace
    for (const one of open) {
      const time = now() - one.began
      if (!one.reading.breakOff || time < limits.slowAfter || (isStranger && !one.isStranger)) continue
      const pace = (one.reading.came / time) * 1000
      if (pace >= least) continue
      found = one
      least = pace
    }
    if (!found) lookedAt[who] = now()
    return found
  }

  const makeRoom = (bytes: number, isStranger: boolean): boolean => {
    while (isFull(bytes, isStranger)) {
      const slow = slowest(isStranger)
      if (!slow) return false
      slow.reading.breakOff?.(tooSlow())
      slow.reading.breakOff = null
      slow.release()
    }
    return true
  }

  return {
    get bytes() {
      return all
    },
    open({ key, isStranger }) {
      const caller = callers.get(key) ?? { bytes: 0, bodies: 0 }
      if (caller.bodies >= limits.callerBodies) throw callerFull()
      caller.bodies += 1
      callers.set(key, caller)
      const add = (bytes: number): void => {
        caller.bytes += bytes
        all += bytes
        if (isStranger) strangers += bytes
      }
      let held = 0
      let isOpen = true
      const reading: Reading = { came: 0, breakOff: null }
      const share = {
        isStranger,
        began: now(),
        reading,
        get bytes() {
          return held
        },
        hold(bytes: number) {
          if (caller.bytes + bytes > (isStranger ? limits.addressBytes : limits.callerBytes)) throw callerFull()
          if (held + bytes > limits.smallBody && !makeRoom(bytes, isStranger)) throw allFull()
          add(bytes)
          held += bytes
        },
        release() {
          if (!isOpen) return
          isOpen = false
          open.delete(share)
          add(-held)
          caller.bodies -= 1
          if (caller.bodies === 0) callers.delete(key)
        },
      }
      open.add(share)
      return share
    },
  }
}
