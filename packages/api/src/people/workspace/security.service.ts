import { iso } from '../../core/clock.ts'
import type { Db, WorkspaceContext } from '../../core/context.ts'
import { notFound } from '../../core/errors.ts'
import { read } from '../../core/write/read.ts'
import { requireSecondFactor } from '../identity/second-factor.service.ts'
import { write } from '../../core/write/write.ts'
import type { UpdateSecurityInput, WorkspaceSecurity } from './security.schema.ts'
import { countMembersWithoutFactor, findSecurity } from './security.queries.ts'
import { updateWorkspaceRow } from './workspace.queries.ts'

/** What the workspace asks of its members beyond their password. */
export function getSecurity(ctx: WorkspaceContext): Promise<WorkspaceSecurity> {
  return read(ctx, (db) => securityOf(db, ctx.workspaceId))
}

/**
 * Makes a second factor a condition of entering the workspace, at once and for everybody's tokens too, or takes that back.
 * @throws Forbidden when who asks for it has none: they would shut themselves out.
 */
export function updateSecurity(ctx: WorkspaceContext, input: UpdateSecurityInput): Promise<WorkspaceSecurity> {
  const { workspaceId } = ctx
  return write(ctx, 'UPDATE_WORKSPACE', async (tx) => {
    if (input.secondFactorRequired) await requireSecondFactor(ctx, tx, 'workspace')
    const before = await securityOf(tx, workspaceId)
    await updateWorkspaceRow(tx, workspaceId, {
      second_factor_required: input.secondFactorRequired ? 1 : 0,
      updated_at: iso(ctx.app.clock.now()),
    })
    return {
      answer: { ...before, secondFactorRequired: input.secondFactorRequired },
      changes: [{ type: 'workspace', id: workspaceId }],
      audit: {
        type: 'workspace',
        id: workspaceId,
        before: { secondFactorRequired: before.secondFactorRequired },
        after: { secondFactorRequired: input.secondFactorRequired },
      },
    }
  })
}

async function securityOf(db: Db, workspaceId: string): Promise<WorkspaceSecurity> {
  const row = await findSecurity.first(db, { workspaceId })
  if (!row) throw notFound('workspace', workspaceId)
  return {
    secondFactorRequired: row.second_factor_required === 1,
    membersWithoutSecondFactor: await countMembersWithoutFactor(db, workspaceId),
  }
}
