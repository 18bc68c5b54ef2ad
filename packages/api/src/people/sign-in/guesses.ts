import type { MainTx } from '../../core/context.ts'
import { addressKey } from '../../core/address.ts'
import { day, iso, minute, second } from '../../core/clock.ts'
import { ApiError } from '../../core/errors.ts'
import type { AppContext } from '../../core/app-context.ts'
import { storesOf } from '../../core/app-context.ts'
import { findGuesses, forgetGuesses, insertGuess, setGuesses, takeBackGuess } from './guess.queries.ts'

/**
 * How wrong guesses slow down. Nobody is locked out: after the wait the right password opens, from anywhere; and where
 * others take each turn that comes, it opens in a browser in which the person signed in before, which waits by itself.
 */
interface Rule {
  /** Wrong ones without a wait: people mistype. */
  free: number
  /** The longest wait; it doubles from a second. */
  longest: number
  /** After so long without a wrong one all are forgotten. */
  forgottenAfter: number
}

const accountRule: Rule = { free: 5, longest: 5 * minute, forgottenAfter: day }
/** Of a second factor's code there are few: the sign-in library locks a factor after ten wrong in a row, but sees those that come at once too late. */
const codeRule: Rule = { free: 9, longest: 5 * minute, forgottenAfter: day }
/** A whole office may stand behind one address. */
const addressRule: Rule = { free: 20, longest: minute, forgottenAfter: 10 * minute }

/** How long counted guesses have to be kept. */
export const guessesKept = day

export interface Guesser {
  /** The account's email, by our rule. */
  email: string
  /** The caller's address. */
  ip: string | null
  /** The browser, where the account's person has signed in in it before (`device-cookie.ts`). */
  device: string | null
}

/** A guess under way. Exactly one of these ends it. */
export interface Guess {
  right(): Promise<void>
  wrong(): Promise<void>
  /** Nothing was tried. */
  none(): Promise<void>
}

/**
 * Begins a guess at a password. It counts as wrong for the account until it has ended, so that many at once do not slip
 * through; for the caller's address wrong ones alone count. In a browser in which the person has signed in before it counts
 * for that browser instead of the account, and does not wait for others at its address. All servers on the database count together.
 * @throws RateLimited with the seconds to wait.
 */
export async function beginGuess(app: AppContext, { email, ip, device }: Guesser): Promise<Guess> {
  if (device !== null)
    return begin(app, ip, { subject: `device:${app.keys.mac(`guesses at ${email} in ${device}`)}`, rule: accountRule })
  await refuseAddress(app, ip)
  return begin(app, ip, { subject: `account:${app.keys.mac(`guesses at ${email}`)}`, rule: accountRule })
}

/** The same for a code, by who has proved all but the second factor. @throws RateLimited as `beginGuess`. */
export async function beginCodeGuess(
  app: AppContext,
  { userId, ip }: { userId: string; ip: string | null },
): Promise<Guess> {
  await refuseAddress(app, ip)
  return begin(app, ip, { subject: `code:${app.keys.mac(`codes of ${userId}`)}`, rule: codeRule })
}

async function begin(
  app: AppContext,
  ip: string | null,
  { subject, rule }: { subject: string; rule: Rule },
): Promise<Guess> {
  await count(app, subject, rule)
  return {
    right: async () => void (await keep(app, (tx) => forgetGuesses.run(tx, { subject }))),
    none: async () => void (await keep(app, (tx) => takeBackGuess.run(tx, { subject }))),
    wrong: () => count(app, addressSubject(app, ip), { ...addressRule, free: Number.POSITIVE_INFINITY }),
  }
}

interface Counted {
  failures: number
  last_at: string
}

/** Failures that still count. */
function failuresOf(row: Counted | undefined, { forgottenAfter }: Rule, now: number): number {
  return row && now - Date.parse(row.last_at) < forgottenAfter ? row.failures : 0
}

/** Milliseconds until the next guess is taken. */
function waitOf(row: Counted | undefined, rule: Rule, now: number): number {
  const beyond = failuresOf(row, rule, now) - rule.free
  if (!row || beyond <= 0) return 0
  return Date.parse(row.last_at) + Math.min(rule.longest, second * 2 ** (beyond - 1)) - now
}

function addressSubject(app: AppContext, ip: string | null): string {
  return `address:${app.keys.mac(`guesses from ${addressKey(ip)}`)}`
}

async function refuseAddress(app: AppContext, ip: string | null): Promise<void> {
  const row = await findGuesses.first(storesOf(app).main.reader, { subject: addressSubject(app, ip) })
  refuse(waitOf(row, addressRule, app.clock.now()))
}

function refuse(wait: number): void {
  if (wait <= 0) return
  const resetSeconds = Math.ceil(wait / second)
  const time = resetSeconds === 1 ? 'a second' : `${resetSeconds} seconds`
  throw new ApiError('RateLimited', `Too many wrong attempts. Wait ${time} and try again.`, { resetSeconds })
}

/** Counts one more, unless it comes too early. Of servers that count at once each sees what the others have counted. */
async function count(app: AppContext, subject: string, rule: Rule): Promise<void> {
  const counted = await keep(app, async (tx) => {
    const now = app.clock.now()
    const row = await findGuesses.first(tx, { subject })
    refuse(waitOf(row, rule, now))
    if (!row) return insertGuess.run(tx, { subject, at: iso(now) })
    const failures = failuresOf(row, rule, now) + 1
    return setGuesses.run(tx, { subject, seen: row.failures, failures, at: iso(now) })
  })
  if (counted === 0) await count(app, subject, rule)
}

/** Counting is no change of the app's data, and leaves no record. */
function keep<T>(app: AppContext, work: (tx: MainTx) => Promise<T>): Promise<T> {
  return storesOf(app).main.write(function guess(tx) {
    return work(tx)
  })
}
