import { z } from 'zod'
import {
  isoDateTime,
  isoDateTimeInput,
  pageFields,
  pageMeta,
  pageToken,
  resourceId,
  text,
} from '../core/shapes.schema.ts'
import { auditAction, auditRecord, getAuditRecordsInput } from './audit.schema.ts'

/** The contract's input with filters of ours: `from` and `until` are inclusive. */
export const listAuditRecordsInput = getAuditRecordsInput.extend({
  action: auditAction.optional(),
  userId: text.max(36).optional(),
  from: isoDateTimeInput.optional(),
  until: isoDateTimeInput.optional(),
})
export type ListAuditRecordsInput = z.infer<typeof listAuditRecordsInput>

/** Ours: `operation` is the procedure that was called. It says what happened, where the contract's action says it roughly. */
export const operationRecord = auditRecord.extend({ operation: z.string() })
export type OperationRecord = z.infer<typeof operationRecord>
export const listAuditRecordsOutput = z.object({ records: z.array(operationRecord), meta: pageMeta })
export type ListAuditRecordsOutput = z.infer<typeof listAuditRecordsOutput>

export const describeAuditRecordInput = z.object({ id: resourceId, recordId: text.max(36) })
export type DescribeAuditRecordInput = z.infer<typeof describeAuditRecordInput>

/** Everything about one record. What only its payload held is null once `erased`. */
export const auditRecordDetails = operationRecord.extend({
  seq: z.number(),
  prev: z.string(),
  hash: z.string(),
  payloadHash: z.string(),
  actorKind: z.string(),
  actorId: z.string().nullable(),
  resourceType: z.string(),
  requestId: z.string(),
  /** What the record is about as it is called today, and its page in the console; null once it is gone, or not visible. */
  resource: z
    .object({ name: z.string(), path: z.string(), search: z.record(z.string(), z.string()).optional() })
    .nullable(),
  erased: z.boolean(),
  before: z.unknown(),
  after: z.unknown(),
  ip: z.string().nullable(),
  userAgent: z.string().nullable(),
  credential: z.object({ kind: z.string(), id: z.string().nullable() }).nullable(),
})
export type AuditRecordDetails = z.infer<typeof auditRecordDetails>
export const describeAuditRecordOutput = z.object({ record: auditRecordDetails })
export type DescribeAuditRecordOutput = z.infer<typeof describeAuditRecordOutput>

/** What is wrong with a chain, and where it begins. */
export const finding = z.object({
  seq: z.number(),
  kind: z.enum(['edited', 'deleted', 'inserted', 'swapped', 'cut', 'erased', 'rewritten', 'checkpoint', 'head']),
  expected: z.string(),
  found: z.string(),
})

export const chainReport = z.object({
  laneId: z.string(),
  ok: z.boolean(),
  /** Records that were read. */
  records: z.number(),
  /** Sequence number and hash of the last sound record. */
  seq: z.number(),
  head: z.string(),
  /** Records whose payload was erased, each with a recorded erasure. */
  erased: z.number(),
  /** Signed checkpoints that were held against the chain. */
  checkpoints: z.number(),
  finding: finding.nullable(),
})
export type ChainReport = z.infer<typeof chainReport>

export const verifyAuditInput = z.object({ id: resourceId })
export type VerifyAuditInput = z.infer<typeof verifyAuditInput>
export const verifyAuditOutput = z.object({ report: chainReport })
export type VerifyAuditOutput = z.infer<typeof verifyAuditOutput>

export const exportAuditInput = z.object({
  id: resourceId,
  format: z.enum(['csv', 'jsonl']),
  nextToken: pageToken.optional(),
})
export type ExportAuditInput = z.infer<typeof exportAuditInput>
/** A piece of the file; the pieces in their order are the file. */
export const exportAuditOutput = z.object({ text: z.string(), meta: pageMeta })
export type ExportAuditOutput = z.infer<typeof exportAuditOutput>

/** The head of a chain, signed. `publicKey` (SPKI PEM) is absent for keys this installation no longer has. */
export const checkpoint = z.object({
  laneId: z.string(),
  seq: z.number(),
  head: z.string(),
  at: isoDateTime,
  keyId: z.string(),
  signature: z.string(),
  publicKey: z.string().optional(),
})

export const listCheckpointsInput = z.object({ id: resourceId, ...pageFields })
export type ListCheckpointsInput = z.infer<typeof listCheckpointsInput>
export const listCheckpointsOutput = z.object({ checkpoints: z.array(checkpoint), meta: pageMeta })
export type ListCheckpointsOutput = z.infer<typeof listCheckpointsOutput>

/** Whose personal data goes; `recordIds` narrows it to some of the records about or by that person. */
export const eraseAuditInput = z.object({
  id: resourceId,
  userId: z.uuid(),
  recordIds: z.array(text.max(36)).min(1).max(1000).optional(),
})
export type EraseAuditInput = z.infer<typeof eraseAuditInput>
/** `more`: there were over 1,000; call again. */
export const eraseAuditOutput = z.object({ erased: z.number(), more: z.boolean() })
export type EraseAuditOutput = z.infer<typeof eraseAuditOutput>
