import { z } from 'zod'
import { resourceId, text } from '../../core/shapes.schema.ts'
import { memberRole } from './member.schema.ts'

const scope = z.enum(['anyone', 'any', 'self', 'account', 'workspace', 'bot'])

/** One line of the permission table. */
export const permissionRule = z.object({
  /** Path of the procedure; `path#part` is a stricter rule for part of it. */
  permission: z.string(),
  scope,
  /** Roles that may; empty for scopes without roles. */
  roles: z.array(memberRole),
  /** Roles that may on what they created. */
  ownRoles: z.array(memberRole),
  /** What a scoped token must carry; null where none is asked for. */
  key: z.string().nullable(),
  /** Whether the key of a bot may call it. */
  botKeys: z.boolean(),
})
export type PermissionRule = z.infer<typeof permissionRule>

export const listPermissionsInput = z.object({})
export const listPermissionsOutput = z.object({
  roles: z.array(memberRole),
  keyScopes: z.array(z.string()),
  permissions: z.array(permissionRule),
})
export type ListPermissionsOutput = z.infer<typeof listPermissionsOutput>

export const explainInput = z.object({
  workspaceId: resourceId,
  permission: text.max(100),
  /** Whose rights; by default the caller's. */
  userId: text.max(36).optional(),
  /** The bot asked about: brings in who created it and its allowlist. */
  botId: text.max(36).optional(),
})
export type ExplainInput = z.infer<typeof explainInput>

/** What settled the answer, in the order in which the rules are asked. */
export const decidingRule = z.enum([
  'anyone',
  'system',
  'botKey',
  'keyScope',
  'boundToken',
  'signedIn',
  'notAMember',
  'allowlist',
  'role',
  'creator',
  'accountAdministrator',
])
export type DecidingRule = z.infer<typeof decidingRule>

export const explainOutput = z.object({
  allowed: z.boolean(),
  decidedBy: decidingRule,
  reason: z.string(),
  subject: z.object({
    userId: z.string().nullable(),
    memberId: z.string().nullable(),
    role: memberRole.nullable(),
  }),
  rule: permissionRule,
  /** Members who can, at most 100; `more` when there are others. */
  who: z.object({
    members: z.array(
      z.object({
        id: z.string(),
        userId: z.string().meta({ format: 'uuid' }),
        displayName: z.string(),
        email: z.string().meta({ format: 'email' }),
        role: memberRole,
      }),
    ),
    more: z.boolean(),
  }),
})
export type ExplainOutput = z.infer<typeof explainOutput>
