import { spendStep } from '../identity/second-factor.queries.ts'
import type { MainSchema, Tx } from '@steward/db'
import { violationOf } from '@steward/db'
import type { DBAdapter } from 'better-auth/types'
import { authorize } from '../../core/access/access.ts'
import { iso } from '../../core/clock.ts'
import type { Actor, RequestInfo } from '../../core/context.ts'
import { ApiError } from '../../core/errors.ts'
import type { AppContext, LiveSession } from '../../core/app-context.ts'
import type { Permission } from '../../core/access/rule.ts'
import type { AuditEntry, Change } from '../../core/write/write.ts'
import { write } from '../../core/write/write.ts'
import { deleteTrustedDevices, removeSession } from '../me/session.service.ts'
import { confirmSession, markSecondFactor, sessionIds } from '../identity/session.queries.ts'
import type { Guess } from './guesses.ts'
import type { Outdated } from './hashing.ts'
import type { Fact } from './unit-of-work.ts'
import { overtaken, UnitOfWork } from './unit-of-work.ts'

/** One request to the sign-in library. */
export interface Visit {
  /** Without `/auth`. */
  path: string
  request: RequestInfo
  /** The session that it came with. */
  session: LiveSession | null
  body: Readonly<Record<string, unknown>> | null
  /** The Cookie header. */
  cookies: string | null
  work: UnitOfWork
  /** Whose second factor was asked, and the time step of the code when it is one that was not taken yet. */
  factor: { userId: string; step: number | null } | null
  /** The password or code that is tried by it, while it is counted; see `attempt`. */
  guess: Guess | null
  /** The right password that it came with, where its hash has to be made anew. */
  outdated: Outdated | null
}

export function newVisit(request: RequestInfo, given: Pick<Visit, 'path' | 'session' | 'body' | 'cookies'>): Visit {
  return { ...given, request, work: new UnitOfWork(), factor: null, guess: null, outdated: null }
}

type Deed = Extract<Permission, `signIn.${string}`>

/** What a request was, by the first of these that it did: `confirmed` also makes a session, and so on. */
const deeds: readonly (readonly [Fact, Deed])[] = [
  ['password changed', 'signIn.changePassword'],
  ['factor confirmed', 'signIn.confirmSecondFactor'],
  ['factor removed', 'signIn.removeSecondFactor'],
  ['session made', 'signIn.enter'],
  ['codes renewed', 'signIn.renewBackupCodes'],
  ['code spent', 'signIn.spendBackupCode'],
  ['factor prepared', 'signIn.prepareSecondFactor'],
  ['method added', 'signIn.addMethod'],
  ['method removed', 'signIn.removeMethod'],
  ['session ended', 'signIn.leave'],
  ['email verified', 'signIn.verifyEmail'],
]

/**
 * Does what the library wants changed, with its one record on the person's lane, in one write.
 * @param adapterOf the library's adapter over an open transaction.
 * @returns whether somebody has entered by it.
 * @throws ResourceLockedConflict when somebody else was faster; Unauthorized when the session has ended, or for a code
 *   that was used before.
 */
export async function commitVisit(
  app: AppContext,
  visit: Visit,
  adapterOf: (tx: Tx<MainSchema>) => Promise<DBAdapter>,
): Promise<boolean> {
  const { work, session, request } = visit
  const confirmed = confirmedSession(visit)
  if (work.isEmpty && !confirmed) return false
  const deed = confirmed ? 'signIn.confirm' : deeds.find(([fact]) => work.has(fact))?.[1]
  if (!deed) throw new Error('The sign-in library changed something that has no name in the audit trail.')
  // The row of a session that had ended already is for the sweeper.
  if (deed === 'signIn.leave' && !session) return false
  const userId = confirmed?.userId ?? work.userId
  const own = deed !== 'signIn.enter' && session?.userId === userId ? session.id : null
  const credential = own === null ? ({ kind: 'sign-in' } as const) : ({ kind: 'session', id: own } as const)
  const actor: Actor = { kind: 'user', userId, credential }
  const ctx = await authorize({ app, actor, request }, deed, {})
  try {
    await write(ctx, 'UNKNOWN', async (tx) => {
      const before = await sessionIds.all(tx, { userId })
      await work.apply(await adapterOf(tx))
      await spendCode(tx, visit)
      if (confirmed) await confirmSession.run(tx, { id: confirmed.id, at: iso(app.clock.now()) })
      // What was trusted by the old password or the old factor asks for the new one.
      if (work.has('password changed') || work.has('factor removed')) await deleteTrustedDevices(tx, userId)
      const after = await sessionIds.all(tx, { userId })
      const sessions = { ended: without(before, after), made: without(after, before) }
      if (isFromTrustedProvider(app, visit)) for (const id of sessions.made) await markSecondFactor.run(tx, { id })
      return { answer: null, changes: changesOf(deed, userId, sessions), audit: entryOf(deed, visit, sessions) }
    })
  } catch (cause) {
    // The same identity at a provider, linked by two people at once.
    throw violationOf(cause) === 'unique' ? overtaken() : cause
  }
  return deed === 'signIn.enter'
}

function isFromTrustedProvider({ signIn }: AppContext, { path }: Visit): boolean {
  return signIn.trustedProviders.has(path.replace(/^\/callback\//, ''))
}

/** The session that a right password, or a right code that changes nothing else, confirms. */
function confirmedSession({ path, session, work, factor }: Visit): LiveSession | null {
  if (path === '/confirm') return session
  return path === '/two-factor/verify-totp' && work.isEmpty && factor?.step ? session : null
}

/** Takes the code of the authenticator for good: it opens nothing a second time (RFC 6238, 5.2). */
async function spendCode(tx: Tx<MainSchema>, { path, factor }: Visit): Promise<void> {
  if (path !== '/two-factor/verify-totp') return
  const step = factor?.step ?? null
  if (!factor || step === null || (await spendStep.run(tx, { userId: factor.userId, step })) === 0) throw codeUsed()
}

export function codeUsed(): ApiError {
  return new ApiError('Unauthorized', 'This code was already used. Wait for the next one.')
}

/** The session that this browser had before is left: nobody could end it any more. */
export async function endFormerSession(app: AppContext, { session, request }: Visit): Promise<void> {
  if (!session) return
  const { id, userId } = session
  const actor: Actor = { kind: 'user', userId, credential: { kind: 'session', id } }
  try {
    const ctx = await authorize({ app, actor, request }, 'signIn.leave', {})
    await write(ctx, 'UNKNOWN', async (tx) => {
      await removeSession(tx, userId, id)
      return {
        answer: null,
        changes: [{ type: 'session', id, deleted: true }],
        audit: { type: 'session', id, value: 'signed in again' },
      }
    })
  } catch (cause) {
    // It has ended by itself meanwhile.
    if (!(cause instanceof ApiError && cause.type === 'Unauthorized')) throw cause
  }
}

interface Sessions {
  ended: string[]
  made: string[]
}

function without(these: readonly { id: string }[], those: readonly { id: string }[]): string[] {
  const left = new Set(those.map(({ id }) => id))
  return these.map(({ id }) => id).filter((id) => !left.has(id))
}

/** What is about a session, and no change of the person. */
const sessionDeeds: ReadonlySet<Deed> = new Set(['signIn.enter', 'signIn.leave', 'signIn.confirm'])

function changesOf(deed: Deed, userId: string, { ended, made }: Sessions): Change[] {
  return [
    ...(sessionDeeds.has(deed) ? [] : [{ type: 'user', id: userId } as const]),
    ...ended.map((id) => ({ type: 'session', id, deleted: true }) as const),
    ...made.map((id) => ({ type: 'session', id }) as const),
  ]
}

function entryOf(deed: Deed, { path, work, session }: Visit, { ended, made }: Sessions): AuditEntry {
  if (deed === 'signIn.confirm')
    return { type: 'session', id: session?.id ?? null, value: path === '/confirm' ? 'password' : 'code' }
  const person = { type: 'user', id: work.userId } as const
  const { provider } = work
  switch (deed) {
    case 'signIn.enter':
      return { type: 'session', id: made[0] ?? null, value: wayIn(path), ...enteringChanged(work) }
    case 'signIn.leave':
      return { type: 'session', id: ended[0] ?? null }
    case 'signIn.changePassword':
      return { ...person, value: 'password', after: { otherSessionsEnded: ended.length - made.length } }
    case 'signIn.prepareSecondFactor':
      return { ...person, value: 'second factor', after: { secondFactor: 'waits for its first code' } }
    case 'signIn.confirmSecondFactor':
      return { ...person, value: 'second factor', before: { secondFactor: false }, after: { secondFactor: true } }
    case 'signIn.removeSecondFactor':
      return { ...person, value: 'second factor', before: { secondFactor: true }, after: { secondFactor: false } }
    case 'signIn.addMethod':
      return { ...person, value: provider, after: { signInMethod: provider } }
    case 'signIn.verifyEmail':
      return { ...person, value: 'email', after: { emailVerified: true } }
    case 'signIn.removeMethod':
      return { ...person, value: provider, before: { signInMethod: provider } }
    default:
      return { ...person, value: 'backup codes' }
  }
}

function wayIn(path: string): string {
  if (path === '/sign-in/email') return 'password'
  if (path === '/two-factor/verify-totp') return 'password and code'
  if (path === '/two-factor/verify-backup-code') return 'password and backup code'
  return path.replace(/^\/callback\//, '')
}

/** What else of the person a sign-in at a provider changes. */
function enteringChanged(work: UnitOfWork): Pick<AuditEntry, 'after'> {
  const after = {
    ...(work.has('email verified') && { emailVerified: true }),
    ...(work.has('method added') && { signInMethod: work.provider }),
  }
  return Object.keys(after).length > 0 ? { after } : {}
}
