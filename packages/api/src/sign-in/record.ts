import type { MainSchema, Tx } from '@steward/db'
import { violationOf } from '@steward/db'
import type { DBAdapter } from 'better-auth/types'
import { authorize } from '../core/access.ts'
import type { Actor, RequestInfo } from '../core/context.ts'
import type { House } from '../core/house.ts'
import type { Permission } from '../core/permissions.ts'
import type { AuditEntry, Change } from '../core/write.ts'
import { write } from '../core/write.ts'
import { deleteTrustedDevices } from '../me/session.service.ts'
import { sessionIds } from './sign-in.queries.ts'
import type { Fact, Work } from './work.ts'
import { overtaken } from './work.ts'

/** One request to the sign-in library. */
export interface Visit {
  /** Without `/auth`. */
  path: string
  request: RequestInfo
  /** The session that it came with. */
  session: { id: string; userId: string } | null
  work: Work
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
]

/**
 * Does what the library wants changed, with its one record on the person's lane, in one write.
 * @param adapterOf the library's adapter over an open transaction.
 * @throws ResourceLockedConflict when somebody else was faster; Unauthorized when the session has ended.
 */
export async function commitVisit(
  house: House,
  visit: Visit,
  adapterOf: (tx: Tx<MainSchema>) => Promise<DBAdapter>,
): Promise<void> {
  const { work, session, request } = visit
  if (work.isEmpty) return
  const deed = deeds.find(([fact]) => work.has(fact))?.[1]
  if (!deed) throw new Error('The sign-in library changed something that has no name in the audit trail.')
  // The row of a session that had ended already is for the sweeper.
  if (deed === 'signIn.leave' && !session) return
  const { userId } = work
  const own = deed !== 'signIn.enter' && session?.userId === userId ? session.id : null
  const credential = own === null ? ({ kind: 'sign-in' } as const) : ({ kind: 'session', id: own } as const)
  const actor: Actor = { kind: 'user', userId, credential }
  const ctx = await authorize({ house, actor, request }, deed, {})
  try {
    await write(ctx, 'UNKNOWN', async (tx) => {
      const before = await sessionIds.all(tx, { userId })
      await work.apply(await adapterOf(tx))
      // What was trusted by the old password or the old factor asks for the new one.
      if (work.has('password changed') || work.has('factor removed')) await deleteTrustedDevices(tx, userId)
      const after = await sessionIds.all(tx, { userId })
      const sessions = { ended: without(before, after), made: without(after, before) }
      return { answer: null, changes: changesOf(deed, userId, sessions), audit: entryOf(deed, visit, sessions) }
    })
  } catch (cause) {
    // The same identity at a provider, linked by two people at once.
    throw violationOf(cause) === 'unique' ? overtaken() : cause
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

function changesOf(deed: Deed, userId: string, { ended, made }: Sessions): Change[] {
  return [
    ...(deed === 'signIn.enter' || deed === 'signIn.leave' ? [] : [{ type: 'user', id: userId } as const]),
    ...ended.map((id) => ({ type: 'session', id, deleted: true }) as const),
    ...made.map((id) => ({ type: 'session', id }) as const),
  ]
}

function entryOf(deed: Deed, { path, work }: Visit, { ended, made }: Sessions): AuditEntry {
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
function enteringChanged(work: Work): Pick<AuditEntry, 'after'> {
  const after = {
    ...(work.has('email verified') && { emailVerified: true }),
    ...(work.has('method added') && { signInMethod: work.provider }),
  }
  return Object.keys(after).length > 0 ? { after } : {}
}
