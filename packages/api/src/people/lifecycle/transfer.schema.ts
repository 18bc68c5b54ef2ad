import { z } from 'zod'
import { isoDateTime, noResult, pageFields, pageMeta, resourceId } from '../../core/shapes.schema.ts'
import { ownedWorkspace } from '../workspace/workspace.schema.ts'

/** An open offer of one account to hand a workspace to another. */
export const move = z.object({
  id: z.string(),
  /** As the account that asks sees it. */
  direction: z.enum(['incoming', 'outgoing']),
  workspaceId: z.string(),
  workspaceName: z.string(),
  fromAccountId: z.string(),
  fromAccountName: z.string(),
  /** The other side shows its id alone: it has agreed to nothing yet. */
  toAccountId: z.string(),
  createdAt: isoDateTime,
  expiresAt: isoDateTime,
})
export type Move = z.infer<typeof move>

/** `accountId` is the account that owns the workspace now. */
export const offerWorkspaceInput = z.object({ accountId: resourceId, workspaceId: resourceId, toAccountId: resourceId })
export type OfferWorkspaceInput = z.infer<typeof offerWorkspaceInput>
export const offerWorkspaceOutput = move

/** `accountId` is the account that answers: the owner for a withdrawal, the other one to accept or decline. */
export const moveInput = z.object({ accountId: resourceId, moveId: resourceId })
export type MoveInput = z.infer<typeof moveInput>
export const withdrawWorkspaceOutput = noResult
export const declineWorkspaceOutput = noResult
export const acceptWorkspaceOutput = ownedWorkspace

export const listMovesInput = z.object({
  accountId: resourceId,
  direction: z.enum(['incoming', 'outgoing']).optional(),
  ...pageFields,
})
export type ListMovesInput = z.infer<typeof listMovesInput>
export const listMovesOutput = z.object({ moves: z.array(move), meta: pageMeta })
export type ListMovesOutput = z.infer<typeof listMovesOutput>
