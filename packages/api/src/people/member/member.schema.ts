import { z } from 'zod'
import { roles } from '../../core/access/roles.schema.ts'
import { noResult, pageFields, pageMeta, resourceId } from '../../core/shapes.schema.ts'

export const memberRole = z.enum(roles)
export type MemberRole = z.infer<typeof memberRole>

/** The contract's `WorkspaceMember`. `userId` is absent until that person has an account. */
export const member = z.object({
  id: z.string(),
  userId: z.string().meta({ format: 'uuid' }).optional(),
  email: z.string(),
  createdAt: z.string(),
  role: memberRole,
  profilePicture: z.string().optional(),
  displayName: z.string().optional(),
})
export type Member = z.infer<typeof member>

export const listWorkspaceMembersInput = z.object({ workspaceId: resourceId, ...pageFields })
export type ListWorkspaceMembersInput = z.infer<typeof listWorkspaceMembersInput>
export const listWorkspaceMembersOutput = z.object({ members: z.array(member), meta: pageMeta })
export type ListWorkspaceMembersOutput = z.infer<typeof listWorkspaceMembersOutput>

/** The caller's own membership: the contract reads no other single member. */
export const getWorkspaceMemberInput = z.object({ workspaceId: resourceId })
export type GetWorkspaceMemberInput = z.infer<typeof getWorkspaceMemberInput>
export const getWorkspaceMemberOutput = member

export const createWorkspaceMemberInput = z.object({
  workspaceId: resourceId,
  email: z.email(),
  role: memberRole,
  sendEmail: z.boolean().optional(),
})
export type CreateWorkspaceMemberInput = z.infer<typeof createWorkspaceMemberInput>
export const createWorkspaceMemberOutput = member

export const updateWorkspaceMemberInput = z.object({
  workspaceId: resourceId,
  id: resourceId,
  role: memberRole.optional(),
})
export type UpdateWorkspaceMemberInput = z.infer<typeof updateWorkspaceMemberInput>
export const updateWorkspaceMemberOutput = member

export const deleteWorkspaceMemberInput = z.object({ workspaceId: resourceId, id: resourceId })
export type DeleteWorkspaceMemberInput = z.infer<typeof deleteWorkspaceMemberInput>
export const deleteWorkspaceMemberOutput = noResult
