import { announce } from '../../core/write/lifecycle.ts'
import type { MainTx } from '../../core/context.ts'
import { holdTable } from '@steward/db'
import { replaceSigningKey } from '../../audit/signing-key.service.ts'
import type { AppContext } from '../../core/app-context.ts'
import type { SealedAnew, SealedColumn } from '../../core/sealed.ts'
import { sealAnew, trySealAnew } from '../../core/sealed.ts'
import { makeKeys } from '../../core/secrets.ts'
import { read } from '../../core/write/read.ts'
import type { Action } from '../../core/write/write.ts'
import { write } from '../../core/write/write.ts'
import { deleteSecondFactors } from '../identity/second-factor.queries.ts'
import { deleteAllSessions } from '../identity/session.queries.ts'
import { turnSecondFactorsOff } from '../me/me.queries.ts'
import { forgetAllGuesses } from '../sign-in/guess.queries.ts'
import { instance, setupContext } from './setup.service.ts'

export interface KeyAccepted {
  keyId: string
  /** Id of the key that is left behind. */
  formerKeyId: string
  /** How many people have to set up their second factor again: theirs was sealed with the former key. */
  secondFactorsRemoved: number
  sessionsEnded: number
}

const action: Action = { action: 'UNKNOWN', lanes: [instance], anyKey: true }

/**
 * Takes the key of this app for the installation's after the former one was lost. What was sealed with that stays
 * closed: secrets of bots have to be set anew, second factors are removed, and everybody signs in again. Checkpoints
 * that it signed keep their worth. For whoever owns the machine.
 * @returns null when the key is the installation's already; nothing is done then.
 */
export async function acceptKey(app: AppContext): Promise<KeyAccepted | null> {
  const { keyId } = app.keys
  const ctx = await setupContext(app)
  try {
    return await write(ctx, action, async (tx) => {
      const formerKeyId = await replaceSigningKey(tx, app)
      if (formerKeyId === null) throw new SameKey()
      await deleteSecondFactors(tx)
      const people = await turnSecondFactorsOff(tx)
      const sessionsEnded = await endWithKey(app, tx, keyId)
      const answer = { keyId, formerKeyId, secondFactorsRemoved: people.length, sessionsEnded }
      return {
        answer,
        changes: people.map((id) => ({ type: 'user' as const, id })),
        audit: { type: 'audit', id: keyId, before: { keyId: formerKeyId }, after: answer },
      }
    })
  } catch (cause) {
    if (cause instanceof SameKey) return null
    throw cause
  }
}

class SameKey extends Error {}

/**
 * Ends what the former key signed or hashed and no other key can: sessions, whose cookies it signed, sign-ins that are
 * half way and devices that skip the second factor, and wrong guesses, which are counted under a hash.
 * @returns how many sessions.
 */
async function endWithKey(app: AppContext, tx: MainTx, keyId: string): Promise<number> {
  await announce({ app, tx }, 'keyReplaced', { keyId })
  await forgetAllGuesses(tx)
  return deleteAllSessions(tx)
}

export interface KeyReplacement {
  keyId: string
  formerKeyId: string
  /** What was re-encrypted, or could be: one entry for each kind. */
  sealed: SealedAnew[]
  sessionsEnded: number
}

/** How far it is: so many of all rows of this kind. */
export interface KeyProgress {
  what: string
  done: number
  total: number
}

export interface TryKeyOptions {
  onProgress?: (progress: KeyProgress) => void
}

export interface ReplaceKeyOptions extends TryKeyOptions {
  /** Goes on although the former key does not open all: the rest stays closed. */
  leaveClosed?: boolean
}

/** The former key does not open all that is sealed. Nothing was changed. */
export class NotAllOpens extends Error {
  override readonly name = 'NotAllOpens'
  readonly sealed: readonly SealedAnew[]
  constructor(sealed: readonly SealedAnew[]) {
    super('The former key cannot decrypt everything that is encrypted.')
    this.sealed = sealed
  }
}

/**
 * Gives the installation another key while the former one, that of this app, is at hand: all that is sealed is sealed
 * anew with the next one, in one transaction, so that at any moment one of the two opens everything. Everybody signs in
 * again, since the former key has signed the cookies. Other processes wait meanwhile, and can write nothing afterwards.
 * For whoever owns the machine.
 * @param secret the next key: at least 32 random bytes.
 * @throws KeyReplaced when the key of this app is not that of the database; NotAllOpens.
 */
export async function replaceKey(
  app: AppContext,
  secret: Uint8Array,
  options: ReplaceKeyOptions = {},
): Promise<KeyReplacement> {
  const { areas, clock, ids, keys: former } = app
  const next = makeKeys(secret, ids)
  const ctx = await setupContext(app)
  return write(ctx, { action: 'UNKNOWN', lanes: [instance] }, async (tx) => {
    // Every write takes a lane first. Those under way have sealed with the former key, later ones learn that it is replaced.
    await holdTable(tx, 'lane')
    const formerKeyId = await replaceSigningKey(tx, { keys: next, clock })
    if (formerKeyId === null) throw new Error('The database already uses this key.')
    const sealed: SealedAnew[] = []
    for (const column of areas.sealed)
      sealed.push(await sealAnew(tx, column, { keys: { former, next }, ...telling(options, column) }))
    if (!options.leaveClosed && sealed.some(({ closed }) => closed > 0)) throw new NotAllOpens(sealed)
    const answer = { keyId: next.keyId, formerKeyId, sealed, sessionsEnded: await endWithKey(app, tx, next.keyId) }
    return {
      answer,
      changes: [],
      audit: { type: 'audit', id: next.keyId, before: { keyId: formerKeyId }, after: answer },
    }
  })
}

/** What `replaceKey` would re-encrypt, tried on all of it; nothing is changed. */
export async function tryReplaceKey(app: AppContext, options: TryKeyOptions = {}): Promise<SealedAnew[]> {
  const keys = { former: app.keys, next: makeKeys(app.ids.bytes(32), app.ids) }
  return read(await setupContext(app), async (db) => {
    const sealed: SealedAnew[] = []
    for (const column of app.areas.sealed)
      sealed.push(await trySealAnew(db, column, { keys, ...telling(options, column) }))
    return sealed
  })
}

function telling({ onProgress }: TryKeyOptions, { what }: SealedColumn) {
  return { onProgress: (done: number, total: number) => onProgress?.({ what, done, total }) }
}
