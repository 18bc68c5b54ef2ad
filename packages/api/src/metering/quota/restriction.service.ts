import { iso } from '../../core/clock.ts'
import type { AnyContext } from '../../core/context.ts'
import { actingUser } from '../../core/context.ts'
import { ApiError, notFound } from '../../core/errors.ts'
import { read } from '../../core/write/read.ts'
import { write } from '../../core/write/write.ts'
import { requireOperator } from '../../people/me/operator.service.ts'
import { accountOfWorkspace, setBlocked } from '../../people/workspace/workspace.service.ts'
import type { BlockInput } from './quota.schema.ts'
import { deleteRestriction, findRestriction, insertRestriction } from './restriction.queries.ts'

/**
 * Blocks a workspace: nothing can be added to it or run in it.
 * @throws Forbidden for all but the operator; ResourceNotFound; AlreadyExists for one that is blocked.
 */
export async function blockWorkspace(ctx: AnyContext, input: BlockInput): Promise<Record<string, never>> {
  const { workspaceId, reason } = input
  await read(ctx, (db) => requireOperator(ctx, db))
  return write(ctx, { action: 'UPDATE_WORKSPACE', lanes: [{ kind: 'workspace', id: workspaceId }] }, async (tx) => {
    await requireOperator(ctx, tx)
    if ((await accountOfWorkspace(tx, workspaceId)) === undefined) throw notFound('workspace', workspaceId)
    const before = await findRestriction.first(tx, { workspaceId })
    if (before) throw new ApiError('AlreadyExists', 'This workspace is blocked already.', { reason: before.reason })
    await insertRestriction(tx, {
      workspace_id: workspaceId,
      reason,
      origin: 'operator',
      created_by: actingUser(ctx),
      created_at: iso(ctx.app.clock.now()),
    })
    await setBlocked(tx, workspaceId, true)
    return {
      answer: {},
      changes: [{ type: 'workspace', id: workspaceId }],
      audit: { type: 'workspace', id: workspaceId, value: 'blocked', after: { reason } },
    }
  })
}

/** Lifts the block. @throws Forbidden for all but the operator; ResourceNotFound for a workspace that is not blocked. */
export async function unblockWorkspace(
  ctx: AnyContext,
  { workspaceId }: { workspaceId: string },
): Promise<Record<string, never>> {
  await read(ctx, (db) => requireOperator(ctx, db))
  return write(ctx, { action: 'UPDATE_WORKSPACE', lanes: [{ kind: 'workspace', id: workspaceId }] }, async (tx) => {
    await requireOperator(ctx, tx)
    const before = await findRestriction.first(tx, { workspaceId })
    if (!before) throw notFound('restriction', workspaceId)
    await deleteRestriction(tx, workspaceId)
    await setBlocked(tx, workspaceId, false)
    return {
      answer: {},
      changes: [{ type: 'workspace', id: workspaceId }],
      audit: { type: 'workspace', id: workspaceId, value: 'unblocked', before: { reason: before.reason } },
    }
  })
}
