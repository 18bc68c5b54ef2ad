import { z } from 'zod'
import { auditActions } from '../core/write/audit-actions.schema.ts'
import { isoDateTime, pageFields, pageMeta, resourceId } from '../core/shapes.schema.ts'

export const auditAction = z.enum(auditActions)
export type AuditAction = z.infer<typeof auditAction>

/** The contract's record. `userId` is null for what the system did itself. */
export const auditRecord = z.object({
  id: z.string(),
  recordedAt: isoDateTime,
  userId: z.string().meta({ format: 'uuid' }).nullable(),
  userEmail: z.string().nullable().optional(),
  resourceId: z.string().nullable(),
  resourceName: z.string().nullable().optional(),
  value: z.string().nullable().optional(),
  action: auditAction,
})
export type AuditRecord = z.infer<typeof auditRecord>

/** `id` is the workspace's. */
export const getAuditRecordsInput = z.object({ id: resourceId, ...pageFields })
export type GetAuditRecordsInput = z.infer<typeof getAuditRecordsInput>
export const getAuditRecordsOutput = z.object({ records: z.array(auditRecord), meta: pageMeta })
