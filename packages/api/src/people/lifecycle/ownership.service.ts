import { iso } from '../../core/clock.ts'
import type { MainTx, WorkspaceContext } from '../../core/context.ts'
import { ApiError, notFound } from '../../core/errors.ts'
import { write } from '../../core/write/write.ts'
import type { TransferOwnershipInput, TransferOwnershipOutput } from '../member/invitation.schema.ts'
import type { MemberRow } from '../member/member.queries.ts'
import { changeRole, findMember, findWorkspaceName, toMember } from '../member/member.queries.ts'
import { setOwner } from '../workspace/workspace.queries.ts'

/**
 * Makes another member the owner; the former owner becomes an administrator. The schema holds that there is exactly
 * one: a partial unique index refuses a second, a deferred reference from the workspace refuses none.
 * @throws InvalidPayload when `confirmName` is not the workspace's name; Forbidden for a pending member;
 *   AlreadyExists when the member is the owner; RelationConflict when somebody else was faster.
 */
export async function transferOwnership(
  ctx: WorkspaceContext,
  input: TransferOwnershipInput,
): Promise<TransferOwnershipOutput> {
  const { workspaceId } = ctx
  const at = iso(ctx.app.clock.now())
  return write(ctx, 'UPDATE_WORKSPACE_MEMBER', async (tx) => {
    const { from, to } = await parties(tx, workspaceId, input)
    await take(tx, { workspaceId, id: from.id, from: 'owner', to: 'administrator', at })
    await take(tx, { workspaceId, id: to.id, from: to.role, to: 'owner', at })
    await setOwner.run(tx, { id: workspaceId, memberId: to.id, at })
    return {
      answer: {
        owner: toMember({ ...to, role: 'owner' }),
        formerOwner: toMember({ ...from, role: 'administrator' }),
      },
      changes: [
        { type: 'workspace', id: workspaceId },
        { type: 'member', id: from.id },
        { type: 'member', id: to.id },
      ],
      audit: {
        type: 'workspace',
        id: workspaceId,
        name: input.confirmName,
        value: 'owner',
        before: { ownerMemberId: from.id, userId: from.user_id },
        after: { ownerMemberId: to.id, userId: to.user_id },
      },
    }
  })
}

async function parties(
  tx: MainTx,
  workspaceId: string,
  input: TransferOwnershipInput,
): Promise<{ from: MemberRow; to: MemberRow }> {
  const workspace = await findWorkspaceName.first(tx, { id: workspaceId })
  if (workspace?.name !== input.confirmName)
    throw new ApiError('InvalidPayload', '"confirmName": type the exact name of the workspace to confirm.')
  const from = await findMember.first(tx, { workspaceId, id: workspace.owner_member_id })
  const to = await findMember.first(tx, { workspaceId, id: input.memberId })
  if (!to) throw notFound('member', input.memberId)
  if (!from) throw new Error(`The workspace ${workspaceId} has no owner.`)
  if (to.id === from.id) throw new ApiError('AlreadyExists', 'This member is already the owner.', { memberId: to.id })
  if (to.user_id === null)
    throw new ApiError('Forbidden', 'An invited person has to join before they can become the owner.', {
      memberId: to.id,
    })
  return { from, to }
}

async function take(tx: MainTx, change: Parameters<typeof changeRole.run>[1]): Promise<void> {
  if ((await changeRole.run(tx, change)) === 0)
    throw new ApiError('RelationConflict', 'Somebody else has just changed the roles. Check them and try again.')
}
