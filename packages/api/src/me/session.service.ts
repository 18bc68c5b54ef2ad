import { boundWorkspace } from '../core/access.ts'
import { iso } from '../core/clock.ts'
import type { SelfContext } from '../core/context.ts'
import { notFound } from '../core/errors.ts'
import { read } from '../core/read.ts'
import { write } from '../core/write.ts'
import * as rows from './session.queries.ts'
import type { DeleteSessionInput, ListSessionsOutput, SignOutEverywhereInput } from './session.schema.ts'

export { deleteSession as removeSession, deleteTrustedDevices } from './session.queries.ts'

function currentSession({ actor }: SelfContext): string | null {
  return actor.kind === 'user' && actor.credential.kind === 'session' ? actor.credential.id : null
}

/** Where the person is signed in, newest first. A token that is bound to one workspace sees none of it. */
export async function listSessions(ctx: SelfContext): Promise<ListSessionsOutput> {
  if (boundWorkspace(ctx) !== null) return { sessions: [] }
  const found = await read(ctx, (db) => rows.listSessions(db, ctx.userId, iso(ctx.house.clock.now())))
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

/** Ends one session, at once. @throws ResourceNotFound */
export function deleteSession(ctx: SelfContext, { id }: DeleteSessionInput): Promise<Record<string, never>> {
  return write(ctx, 'UNKNOWN', async (tx) => {
    if (!(await rows.deleteSession(tx, ctx.userId, id))) throw notFound('session', id)
    return {
      answer: {},
      changes: [{ type: 'session', id, deleted: true }],
      audit: { type: 'session', id },
    }
  })
}

/** Ends every session of the person, at once, and makes every device ask for the second factor again. */
export function signOutEverywhere(ctx: SelfContext, input: SignOutEverywhereInput): Promise<{ ended: number }> {
  const kept = input.keepCurrent ? currentSession(ctx) : null
  return write(ctx, 'UNKNOWN', async (tx) => {
    const ended = await rows.deleteSessions(tx, ctx.userId, kept)
    await rows.deleteTrustedDevices(tx, ctx.userId)
    return {
      answer: { ended: ended.length },
      changes: ended.map((id) => ({ type: 'session', id, deleted: true }) as const),
      audit: { type: 'session', id: null, after: { ended: ended.length } },
    }
  })
}
