import { authorize, systemContext } from '../../core/access/access.ts'
import { ApiError } from '../../core/errors.ts'
import type { AppContext } from '../../core/app-context.ts'
import { read } from '../../core/write/read.ts'
import { findStaleInvitations } from './invitation.queries.ts'
import { revokeInvitation } from './invitation.service.ts'

/**
 * Takes back invitations that ran out before a time, oldest first, each as an audited change by the system.
 * @returns how many were looked at.
 */
export async function removeStaleInvitations(
  app: AppContext,
  { before, limit }: { before: string; limit: number },
): Promise<number> {
  const request = { id: app.ids.make('request'), ip: null, userAgent: null, idempotencyKey: null }
  const system = systemContext(app, 'jobs', request)
  const stale = await read(system, (db) => findStaleInvitations.all(db, { before, limit }))
  for (const { id, workspace_id: workspaceId } of stale) {
    try {
      const ctx = await authorize(system, 'member.revokeInvitation', { workspaceId })
      await revokeInvitation(ctx, { workspaceId, id, ranOutBefore: before })
    } catch (cause) {
      // Accepted, renewed or deleted with its workspace since it was read.
      if (!(cause instanceof ApiError && cause.type === 'ResourceNotFound')) throw cause
    }
  }
  return stale.length
}
