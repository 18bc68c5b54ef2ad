import { beginContext, boundElsewhere, requireNamed, requireRole } from '../../core/access/access.ts'
import type { Resource } from '../../core/access/resource.ts'
import { textOf } from '../../core/access/resource.ts'
import type { WorkspaceContext } from '../../core/context.ts'
import { notFound } from '../../core/errors.ts'
import { requireSecondFactor } from '../identity/second-factor.service.ts'
import { workspaceAccess } from './workspace-access.queries.ts'

/** A workspace, to who is a member of it. */
export const workspaceResource: Resource<WorkspaceContext> = {
  targetOf: (input, at = 'workspaceId') => ({ workspaceId: textOf(input, at) }),
  isNamed: ({ workspaceId }) => Boolean(workspaceId),
  async mint(ctx, db, question) {
    const workspaceId = requireNamed(question.target.workspaceId, 'workspaceId')
    const userId = ctx.actor.kind === 'user' ? ctx.actor.userId : ''
    const row = await workspaceAccess.first(db, { workspaceId, userId })
    const role = ctx.actor.kind === 'system' ? 'system' : (row?.role ?? null)
    if (!row || !role || boundElsewhere(ctx, workspaceId)) throw notFound('workspace', workspaceId)
    if (row.second_factor_required === 1) await requireSecondFactor(ctx, db, 'workspace')
    requireRole(question, role, false)
    return {
      ...beginContext(ctx, question.permission, { kind: 'workspace', id: workspaceId }),
      scope: 'workspace',
      workspaceId,
      role,
      memberId: row.member_id,
    }
  },
  async exists(db, { workspaceId }) {
    return !workspaceId || (await workspaceAccess.first(db, { workspaceId, userId: '' })) !== undefined
  },
  async standingOf(db, { id, userId }) {
    const row = await workspaceAccess.first(db, { workspaceId: id, userId })
    return row ? row.role : 'gone'
  },
}
