import { z } from 'zod'
import { isoDateTime, noResult, pageFields, pageMeta, resourceId } from '../../core/shapes.schema.ts'
import { ownedWorkspace } from '../workspace/workspace.schema.ts'

/** An open offer of one account to hand a workspace to another. */
export const transfer = z.object({
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
export type Transfer = z.infer<typeof transfer>

/** `accountId` is the account that owns the workspace now. */
export const offerWorkspaceInput = z.object({ accountId: resourceId, workspaceId: resourceId, toAccountId: resourceId })
export type OfferWorkspaceInput = z.infer<typeof offerWorkspaceInput>
export const offerWorkspaceOutput = transfer

/** `accountId` is the account that answers: the owner for a withdrawal, the other one to accept or decline. */
export const transferInput = z.object({ accountId: resourceId, transferId: resourceId })
export type TransferInput = z.infer<typeof transferInput>
export const withdrawWorkspaceOutput = noResult
export const declineWorkspaceOutput = noResult
export const acceptWorkspaceOutput = ownedWorkspace

export const listTransfersInput = z.object({
  accountId: resourceId,
  direction: z.enum(['incoming', 'outgoing']).optional(),
  ...pageFields,
})
export type ListTransfersInput = z.infer<typeof listTransfersInput>
export const listTransfersOutput = z.object({ transfers: z.array(transfer), meta: pageMeta })
export type ListTransfersOutput = z.infer<typeof listTransfersOutput>
