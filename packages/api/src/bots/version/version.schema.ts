import { z } from 'zod'
import { isoDateTime, noResult, pageFields, pageMeta, resourceId, text } from '../../core/shapes.schema.ts'

export const botVersion = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string().optional(),
})
export type BotVersion = z.infer<typeof botVersion>

/** Ours: in lists we also tell who saved it (a key of a bot or the system: nobody), when, and whether it is current. */
export const listedVersion = botVersion.extend({
  authorId: z.string().optional(),
  createdAt: isoDateTime.optional(),
  current: z.boolean().optional(),
})
export type ListedVersion = z.infer<typeof listedVersion>

export const listBotVersionsInput = z.object({ workspaceId: resourceId.optional(), id: resourceId })
export type ListBotVersionsInput = z.infer<typeof listBotVersionsInput>
export const listBotVersionsOutput = z.object({ versions: z.array(botVersion) })
export const listedVersionsOutput = z.object({ versions: z.array(listedVersion) })
export type ListedVersionsOutput = z.infer<typeof listedVersionsOutput>

/** `note` is ours: why this version was saved. */
export const createBotVersionInput = z.object({
  workspaceId: resourceId.optional(),
  id: resourceId,
  name: text,
  description: text.optional(),
  note: text.max(2000).optional(),
})
export type CreateBotVersionInput = z.infer<typeof createBotVersionInput>
export const createBotVersionOutput = z.object({ version: botVersion })
export type CreateBotVersionOutput = z.infer<typeof createBotVersionOutput>

/** Answers a link to the archive, not the version itself. */
export const getBotVersionInput = z.object({
  workspaceId: resourceId.optional(),
  id: resourceId,
  versionId: resourceId,
})
export type GetBotVersionInput = z.infer<typeof getBotVersionInput>
export const getBotVersionOutput = z.object({ url: z.string().meta({ format: 'uri' }) })
export type GetBotVersionOutput = z.infer<typeof getBotVersionOutput>

/**
 * Ours: `expectedCurrentVersionId` deploys only if that version is still the current one (`null`: none was
 * ever deployed), and `note` goes to the deployment history.
 */
export const deployBotVersionInput = z.object({
  workspaceId: resourceId.optional(),
  id: resourceId,
  versionId: resourceId,
  expectedCurrentVersionId: resourceId.nullable().optional(),
  note: text.max(2000).optional(),
})
export type DeployBotVersionInput = z.infer<typeof deployBotVersionInput>
export const deployBotVersionOutput = noResult
export type DeployBotVersionOutput = z.infer<typeof deployBotVersionOutput>

// Ours: what the contract does not tell of a version

/** Nulls are included, not left out: a version without an author was saved by a key of a bot or by the system. */
export const versionDetails = z.object({
  id: z.string(),
  botId: z.string(),
  name: z.string(),
  description: z.string(),
  note: z.string(),
  authorId: z.string().meta({ format: 'uuid' }).nullable(),
  createdAt: isoDateTime,
  /** SHA-256, hex, over the canonical JSON of the definition and the code's hash. */
  contentHash: z.string(),
  /** The version that was current when this one was saved. */
  parentId: z.string().nullable(),
  /** The version saved before this one. */
  beforeId: z.string().nullable(),
  codeHash: z.string().nullable(),
  /** Bytes. */
  codeSize: z.number().nullable(),
  /** Bytes of the definition's JSON. */
  documentSize: z.number(),
  current: z.boolean(),
})
export type VersionDetails = z.infer<typeof versionDetails>

export const describeVersionInput = z.object({
  workspaceId: resourceId.optional(),
  id: resourceId,
  versionId: resourceId,
})
export type DescribeVersionInput = z.infer<typeof describeVersionInput>
export const describeVersionOutput = z.object({ version: versionDetails })
export type DescribeVersionOutput = z.infer<typeof describeVersionOutput>

export const pastVersion = versionDetails
  .omit({ botId: true, contentHash: true, parentId: true, codeHash: true, codeSize: true, documentSize: true })
  .extend({
    /** Whether it is or was current. */
    deployed: z.boolean(),
  })
export type PastVersion = z.infer<typeof pastVersion>

/** Newest first; `search` is part of a name or description, or a whole id. */
export const versionHistoryInput = z.object({
  workspaceId: resourceId.optional(),
  id: resourceId,
  search: text.max(200).optional(),
  ...pageFields,
})
export type VersionHistoryInput = z.infer<typeof versionHistoryInput>
export const versionHistoryOutput = z.object({ versions: z.array(pastVersion), meta: pageMeta })
export type VersionHistoryOutput = z.infer<typeof versionHistoryOutput>

/** One difference; `path` is a list because keys of maps may hold dots. */
export const documentChange = z.object({
  path: z.array(z.string()),
  kind: z.enum(['added', 'removed', 'changed']),
  before: z.unknown().optional(),
  after: z.unknown().optional(),
})
export type DocumentChange = z.infer<typeof documentChange>

const codeSide = z.object({ hash: z.string(), size: z.number() })

export const diffVersionsInput = z.object({
  workspaceId: resourceId.optional(),
  id: resourceId,
  from: resourceId,
  to: resourceId,
})
export type DiffVersionsInput = z.infer<typeof diffVersionsInput>
export const diffVersionsOutput = z.object({
  changes: z.array(documentChange),
  /** Whether there are more changes than reported, or values too large to report. */
  truncated: z.boolean(),
  code: z.object({
    changed: z.boolean(),
    before: codeSide.nullable(),
    after: codeSide.nullable(),
    /** Lines that only one side has, moves not counted; null when the code is the same or too large to compare. */
    lines: z.object({ added: z.number(), removed: z.number() }).nullable(),
  }),
})
export type DiffVersionsOutput = z.infer<typeof diffVersionsOutput>

export const deploymentKind = z.enum(['deploy', 'rollback', 'publish', 'update'])
export type DeploymentKind = z.infer<typeof deploymentKind>

export const deployment = z.object({
  id: z.string(),
  versionId: z.string(),
  versionName: z.string(),
  previousVersionId: z.string().nullable(),
  kind: deploymentKind,
  note: z.string(),
  deployedBy: z.string().meta({ format: 'uuid' }).nullable(),
  at: isoDateTime,
})
export type Deployment = z.infer<typeof deployment>

const versionName = z.object({ id: z.string(), name: z.string() })
export type VersionName = z.infer<typeof versionName>

export const currentVersionInput = z.object({ workspaceId: resourceId.optional(), id: resourceId })
export type CurrentVersionInput = z.infer<typeof currentVersionInput>
export const currentVersionOutput = z.object({
  current: versionName.nullable(),
  /** Whether the bot was changed since, so that it is no longer what `current` holds. */
  edited: z.boolean(),
  /** The newest. */
  deployment: deployment.nullable(),
  /** What `rollback` would deploy; null when nothing was before. */
  rollbackTo: versionName.nullable(),
})
export type CurrentVersionOutput = z.infer<typeof currentVersionOutput>

/** Newest first. */
export const listDeploymentsInput = z.object({ workspaceId: resourceId.optional(), id: resourceId, ...pageFields })
export type ListDeploymentsInput = z.infer<typeof listDeploymentsInput>
export const listDeploymentsOutput = z.object({ deployments: z.array(deployment), meta: pageMeta })
export type ListDeploymentsOutput = z.infer<typeof listDeploymentsOutput>

/** Deploys the version that was current before the last deployment; rolling back twice comes back. */
export const rollbackInput = z.object({
  workspaceId: resourceId.optional(),
  id: resourceId,
  expectedCurrentVersionId: resourceId.nullable().optional(),
  note: text.max(2000).optional(),
})
export type RollbackInput = z.infer<typeof rollbackInput>
export const rollbackOutput = z.object({ versionId: z.string() })
export type RollbackOutput = z.infer<typeof rollbackOutput>
