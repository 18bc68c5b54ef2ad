import { z } from 'zod'
import { isoDateTime, noResult, pageFields, pageMeta, resourceId, text } from '../../core/shapes.schema.ts'
import { member, memberRole } from './member.schema.ts'

/** Hours an invitation stays good: a week by default, thirty days at most. */
const expiresInHours = z.int().min(1).max(720).default(168)

/** An open invitation. Its secret is stored as a hash, so no reading shows the link again. */
export const invitation = z.object({
  id: z.string(),
  memberId: z.string(),
  email: z.string().meta({ format: 'email' }),
  role: memberRole,
  invitedBy: z.string().meta({ format: 'uuid' }).optional(),
  createdAt: isoDateTime,
  expiresAt: isoDateTime,
  expired: z.boolean(),
})
export type Invitation = z.infer<typeof invitation>

/** Sends the link to the invited person too, where this installation has a mail server. */
const sendEmail = z.boolean().default(false)

export const inviteMemberInput = z.object({
  workspaceId: resourceId,
  email: z.email(),
  role: memberRole,
  expiresInHours,
  sendEmail,
})
export type InviteMemberInput = z.output<typeof inviteMemberInput>
/** The only answers that hold the link. */
export const invitationWithLink = z.object({
  invitation,
  link: z.string().meta({ format: 'uri' }),
  /** Whether the link is sent to the person as well. */
  emailed: z.boolean(),
})
export type InvitationWithLink = z.infer<typeof invitationWithLink>
export const inviteMemberOutput = invitationWithLink.extend({ member })
export type InviteMemberOutput = z.infer<typeof inviteMemberOutput>

export const listInvitationsInput = z.object({ workspaceId: resourceId, ...pageFields })
export type ListInvitationsInput = z.infer<typeof listInvitationsInput>
export const listInvitationsOutput = z.object({ invitations: z.array(invitation), meta: pageMeta })
export type ListInvitationsOutput = z.infer<typeof listInvitationsOutput>

export const renewInvitationInput = z.object({ workspaceId: resourceId, id: resourceId, expiresInHours, sendEmail })
export type RenewInvitationInput = z.output<typeof renewInvitationInput>
export const renewInvitationOutput = invitationWithLink

export const revokeInvitationInput = z.object({ workspaceId: resourceId, id: resourceId })
export type RevokeInvitationInput = z.infer<typeof revokeInvitationInput>
export const revokeInvitationOutput = noResult

/** The secret is what follows # in the link. */
export const lookupInvitationInput = z.object({ secret: text.max(100) })
export type LookupInvitationInput = z.infer<typeof lookupInvitationInput>
export const lookupInvitationOutput = z.object({
  workspaceName: z.string(),
  email: z.string().meta({ format: 'email' }),
  role: memberRole,
  expiresAt: isoDateTime,
})
export type LookupInvitationOutput = z.infer<typeof lookupInvitationOutput>

export const acceptInvitationInput = z.object({ secret: text.max(100) })
export type AcceptInvitationInput = z.infer<typeof acceptInvitationInput>
export const acceptInvitationOutput = z.object({ workspaceId: z.string(), member })
export type AcceptInvitationOutput = z.infer<typeof acceptInvitationOutput>

export const transferOwnershipInput = z.object({
  workspaceId: resourceId,
  /** The member who becomes the owner. */
  memberId: resourceId,
  /** The exact name of the workspace: a transfer cannot be undone by the one who made it. */
  confirmName: text.max(64),
})
export type TransferOwnershipInput = z.infer<typeof transferOwnershipInput>
export const transferOwnershipOutput = z.object({ owner: member, formerOwner: member })
export type TransferOwnershipOutput = z.infer<typeof transferOwnershipOutput>
