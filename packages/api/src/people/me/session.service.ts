import { boundWorkspace } from '../../core/access/access.ts'
import { iso } from '../../core/clock.ts'
import { requireConfirmed } from '../identity/confirmed.service.ts'
import type { AnyContext, Db, SelfContext } from '../../core/context.ts'
import { ApiError, notFound } from '../../core/errors.ts'
import { read } from '../../core/write/read.ts'
import { write } from '../../core/write/write.ts'
import { findUserByEmail } from './me.queries.ts'
import { requireOperator } from './operator.service.ts'
import * as rows from '../identity/session.queries.ts'
import type {
  DeleteSessionInput,
  EndSessionsOfInput,
  ListSessionsOutput,
  SignOutEverywhereInput,
} from './session.schema.ts'

export { deleteSession as removeSession, deleteTrustedDevices } from '../identity/session.queries.ts'

function currentSession({ actor }: SelfContext): string | null {
  return actor.kind === 'user' && actor.credential.kind === 'session' ? actor.credential.id : null
}

/** Where the person is signed in, newest first. A token that is bound to one workspace sees none of it. */
export async function listSessions(ctx: SelfContext): Promise<ListSessionsOutput> {
  if (boundWorkspace(ctx) !== null) return { sessions: [] }
  const found = await read(ctx, (db) => rows.listSessions(db, ctx.userId, iso(ctx.app.clock.now())))
  const current = currentSession(ctx)
  return {
    sessions: found.map((row) => ({
      id: row.id,
      createdAt: row.created_at,
      renewedAt: row.updated_at,
      expiresAt: row.expires_at,
      ...(row.ip_address && { ipAddress: row.ip_address }),
      ...(row.user_agent && { userAgent: row.user_agent }),
      current: row.id === current,
    })),
  }
}

/** Ends one session, at once. @throws ResourceNotFound; Forbidden as `endsOthers` does. */
export function deleteSession(ctx: SelfContext, { id }: DeleteSessionInput): Promise<Record<string, never>> {
  return write(ctx, 'UNKNOWN', async (tx) => {
    if (id !== currentSession(ctx)) await endsOthers(ctx, tx)
    if (!(await rows.deleteSession(tx, ctx.userId, id))) throw notFound('session', id)
    return {
      answer: {},
      changes: [{ type: 'session', id, deleted: true }],
      audit: { type: 'session', id },
    }
  })
}

/**
 * A session that was not confirmed lately may be in other hands, and shall not put the person out of theirs. A token is
 * shown with every call.
 * @throws Forbidden with `confirm: true` in its metadata.
 */
async function endsOthers(ctx: SelfContext, db: Db): Promise<void> {
  if (currentSession(ctx) !== null) await requireConfirmed(ctx, db)
}

/**
 * Ends every session of the person, at once, and makes every device ask for the second factor again.
 * @throws Forbidden as `endsOthers` does.
 */
export function signOutEverywhere(ctx: SelfContext, input: SignOutEverywhereInput): Promise<{ ended: number }> {
  const kept = input.keepCurrent ? currentSession(ctx) : null
  return write(ctx, 'UNKNOWN', async (tx) => {
    await endsOthers(ctx, tx)
    const ended = await rows.deleteSessions(tx, ctx.userId, kept)
    await rows.deleteTrustedDevices(tx, ctx.userId)
    return {
      answer: { ended: ended.length },
      changes: ended.map((id) => ({ type: 'session', id, deleted: true }) as const),
      audit: { type: 'session', id: null, after: { ended: ended.length } },
    }
  })
}

/**
 * Ends every session of somebody, at once, and makes their devices ask for the second factor again: by the operator of the
 * installation or from the command line. Tokens stay as they are.
 * @throws Forbidden for everybody else; ReferenceNotFound for an address that nobody has.
 */
export async function endSessionsOf(ctx: AnyContext, { email }: EndSessionsOfInput): Promise<{ ended: number }> {
  await read(ctx, (db) => requireOperator(ctx, db))
  const person = await read(ctx, (db) => findUserByEmail.first(db, { email }))
  if (!person) throw new ApiError('ReferenceNotFound', `There is nobody with the email ${email}.`, { resource: 'user' })
  return write(ctx, { action: 'UNKNOWN', lanes: [{ kind: 'user', id: person.id }] }, async (tx) => {
    await requireOperator(ctx, tx)
    const ended = await rows.deleteSessions(tx, person.id, null)
    await rows.deleteTrustedDevices(tx, person.id)
    return {
      answer: { ended: ended.length },
      changes: ended.map((id) => ({ type: 'session', id, deleted: true }) as const),
      audit: { type: 'user', id: person.id, name: email, value: 'sessions ended', after: { ended: ended.length } },
    }
  })
}
