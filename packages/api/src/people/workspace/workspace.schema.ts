import { changeType } from '../../core/write/change-types.schema.ts'
import { z } from 'zod'
import {
  boundedJson,
  noResult,
  pageFields,
  pageMeta,
  preference,
  preferenceKey,
  resourceId,
  text,
  textUpTo,
} from '../../core/shapes.schema.ts'
import { contactEmail, pictureAddress, socialAccount, webAddress } from '../../core/web-address.schema.ts'

export const billingVersion = z.enum(['v1', 'v2', 'v3', 'v4'])
export type BillingVersion = z.infer<typeof billingVersion>

export const workspacePlan = z.enum(['community', 'team', 'enterprise', 'plus', 'managed'])
export type WorkspacePlan = z.infer<typeof workspacePlan>

/** What a workspace tells about itself; the contract reads an absent field as empty. */
const workspaceProfile = {
  about: z.string().optional(),
  profilePicture: z.string().optional(),
  contactEmail: z.string().optional(),
  website: z.string().optional(),
  socialAccounts: z.array(z.string()).optional(),
  handle: z.string().optional(),
}

/** The contract's `Workspace`. */
export const workspace = z.object({
  id: z.string(),
  name: z.string(),
  ownerId: z.string(),
  createdAt: z.string(),
  updatedAt: z.string(),
  botCount: z.number(),
  billingVersion,
  plan: workspacePlan,
  blocked: z.boolean(),
  spendingLimit: z.number(),
  isPublic: z.boolean().optional(),
  activeTrialId: z.string().nullable(),
  ...workspaceProfile,
})
export type Workspace = z.infer<typeof workspace>

/** Ours: with the account that owns it. */
export const ownedWorkspace = workspace.extend({ accountId: z.string() })
export type OwnedWorkspace = z.infer<typeof ownedWorkspace>

/** What strangers may read of a workspace that is public. */
export const publicWorkspace = z.object({
  id: z.string(),
  name: z.string(),
  createdAt: z.string(),
  updatedAt: z.string(),
  ...workspaceProfile,
})
export type PublicWorkspace = z.infer<typeof publicWorkspace>

// Life of a workspace

/** `accountId` is ours: an account that the caller administers; without it the caller's individual account. */
export const createWorkspaceInput = z.object({
  name: textUpTo(64).refine((name) => name.length > 0, 'must not be empty'),
  billingVersion: z.enum(['v4']).optional(),
  accountId: resourceId.optional(),
})
export type CreateWorkspaceInput = z.infer<typeof createWorkspaceInput>
export const createWorkspaceOutput = workspace

export const listWorkspacesInput = z.object({ ...pageFields, handle: textUpTo(64).optional() })
export type ListWorkspacesInput = z.infer<typeof listWorkspacesInput>
export const listWorkspacesOutput = z.object({ workspaces: z.array(workspace), meta: pageMeta })
export const listOwnedWorkspacesOutput = z.object({ workspaces: z.array(ownedWorkspace), meta: pageMeta })
export type ListOwnedWorkspacesOutput = z.infer<typeof listOwnedWorkspacesOutput>

export const getWorkspaceInput = z.object({ id: resourceId })
export type GetWorkspaceInput = z.infer<typeof getWorkspaceInput>
export const getWorkspaceOutput = workspace

/** Absent fields stay as they are; `socialAccounts` is replaced whole (reference 1.8). */
export const updateWorkspaceInput = z.object({
  id: resourceId,
  name: text.min(1).max(64).optional(),
  spendingLimit: z.number().min(5).max(1000).optional(),
  about: textUpTo(2000).optional(),
  profilePicture: pictureAddress().optional(),
  contactEmail: contactEmail.optional(),
  website: webAddress().optional(),
  socialAccounts: z.array(socialAccount).max(5).optional(),
  isPublic: z.boolean().optional(),
  handle: z
    .string()
    .min(1)
    .max(64)
    .regex(/^[0-9a-z][a-z0-9-_]+[0-9a-z]$/)
    .optional(),
})
export type UpdateWorkspaceInput = z.infer<typeof updateWorkspaceInput>
export const updateWorkspaceOutput = workspace

export const deleteWorkspaceInput = z.object({ id: resourceId })
export type DeleteWorkspaceInput = z.infer<typeof deleteWorkspaceInput>
export const deleteWorkspaceOutput = noResult

// Public directory and handles

export const getPublicWorkspaceInput = z.object({ id: resourceId })
export type GetPublicWorkspaceInput = z.infer<typeof getPublicWorkspaceInput>
export const getPublicWorkspaceOutput = publicWorkspace

export const listPublicWorkspacesInput = z.object({
  ...pageFields,
  workspaceIds: z
    .array(resourceId)
    .refine((ids) => ids.length <= 100, 'must name at most 100 workspaces')
    .optional(),
  search: textUpTo(200).optional(),
})
export type ListPublicWorkspacesInput = z.infer<typeof listPublicWorkspacesInput>
export const listPublicWorkspacesOutput = z.object({
  workspaces: z.array(publicWorkspace),
  meta: pageMeta,
})
export type ListPublicWorkspacesOutput = z.infer<typeof listPublicWorkspacesOutput>

export const checkHandleAvailabilityInput = z.object({
  handle: z
    .string()
    .min(1)
    .max(50)
    .regex(/^[a-z0-9-_]+$/),
})
export type CheckHandleAvailabilityInput = z.infer<typeof checkHandleAvailabilityInput>
export const checkHandleAvailabilityOutput = z.object({
  available: z.boolean(),
  suggestions: z.array(z.string()),
  usedBy: z.string().optional(),
})
export type CheckHandleAvailabilityOutput = z.infer<typeof checkHandleAvailabilityOutput>

// Preferences

/** Without a `value` the preference is removed; `null` is a value. */
export const setWorkspacePreferenceInput = z
  .object({ workspaceId: resourceId, key: preferenceKey, value: z.unknown().optional() })
  .check(boundedJson)
export type SetWorkspacePreferenceInput = z.infer<typeof setWorkspacePreferenceInput>
export const setWorkspacePreferenceOutput = noResult

export const getWorkspacePreferenceInput = z.object({ workspaceId: resourceId, key: preferenceKey })
export type GetWorkspacePreferenceInput = z.infer<typeof getWorkspacePreferenceInput>
export const getWorkspacePreferenceOutput = preference
export type GetWorkspacePreferenceOutput = z.infer<typeof getWorkspacePreferenceOutput>

// Changes, as they happen

/** Without `lastEventId` the stream begins where the workspace stands. */
export const workspaceChangesInput = z.object({
  workspaceId: resourceId,
  lastEventId: z
    .string()
    .regex(/^\d{1,15}(-[0-9a-f]{8})?$/)
    .optional(),
})
export type WorkspaceChangesInput = z.infer<typeof workspaceChangesInput>

/** What one or more commits changed in a workspace. */
export const workspaceChange = z.object({
  /** Counts the commits of the workspace without gaps. The event's id begins with it. */
  version: z.int(),
  /** The number one wanted to go on from is unknown here: all that was read before may be old. */
  reset: z.boolean(),
  /** Each entity once. Empty when only the audit trail grew. */
  changes: z.array(
    z.object({
      type: changeType,
      /** Null for what belongs to bots, unless the caller sees every bot of the workspace. */
      id: z.string().nullable(),
      deleted: z.boolean(),
    }),
  ),
})
export type WorkspaceChange = z.infer<typeof workspaceChange>
