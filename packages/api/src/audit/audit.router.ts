import { auditDocs as docs } from './audit.docs.ts'
import { procedure, rest, router } from '../core/procedure/trpc.ts'
import { getAuditRecordsOutput } from './audit.schema.ts'
import { describeAuditRecord, exportAuditRecords, listAuditRecords, listCheckpoints } from './audit.service.ts'
import { eraseAuditRecords } from './erase.service.ts'
import {
  describeAuditRecordInput,
  describeAuditRecordOutput,
  eraseAuditInput,
  eraseAuditOutput,
  exportAuditInput,
  exportAuditOutput,
  listAuditRecordsInput,
  listAuditRecordsOutput,
  listCheckpointsInput,
  listCheckpointsOutput,
  verifyAuditInput,
  verifyAuditOutput,
} from './audit-record.schema.ts'
import { verifyWorkspaceChain } from './verify.service.ts'

export const auditRouter = router({
  list: procedure('audit.list', {
    rest: [
      rest('GET', '/v1/admin/workspaces/{id}/audit-records', 'getAuditRecords', getAuditRecordsOutput),
      rest('GET', '/v1/steward/workspaces/{id}/audit-records', 'listAuditRecords'),
    ],
    docs: docs.list,
    input: listAuditRecordsInput,
    output: listAuditRecordsOutput,
    at: 'id',
  }).query(({ ctx, input }) => listAuditRecords(ctx, input)),
  describe: procedure('audit.describe', {
    rest: rest('GET', '/v1/steward/workspaces/{id}/audit-records/{recordId}', 'describeAuditRecord'),
    docs: docs.describe,
    input: describeAuditRecordInput,
    output: describeAuditRecordOutput,
    at: 'id',
  }).query(({ ctx, input }) => describeAuditRecord(ctx, input)),
  verify: procedure('audit.verify', {
    rest: rest('GET', '/v1/steward/workspaces/{id}/audit-verification', 'verifyAuditTrail'),
    docs: docs.verify,
    input: verifyAuditInput,
    output: verifyAuditOutput,
    at: 'id',
  }).query(({ ctx }) => verifyWorkspaceChain(ctx)),
  export: procedure('audit.export', {
    rest: rest('GET', '/v1/steward/workspaces/{id}/audit-records/export', 'exportAuditRecords'),
    docs: docs.export,
    input: exportAuditInput,
    output: exportAuditOutput,
    at: 'id',
  }).query(({ ctx, input }) => exportAuditRecords(ctx, input)),
  listCheckpoints: procedure('audit.listCheckpoints', {
    rest: rest('GET', '/v1/steward/workspaces/{id}/audit-checkpoints', 'listAuditCheckpoints'),
    docs: docs.listCheckpoints,
    input: listCheckpointsInput,
    output: listCheckpointsOutput,
    at: 'id',
  }).query(({ ctx, input }) => listCheckpoints(ctx, input)),
  erase: procedure('audit.erase', {
    rest: rest('POST', '/v1/steward/workspaces/{id}/audit-erasures', 'eraseAuditRecords'),
    docs: docs.erase,
    input: eraseAuditInput,
    output: eraseAuditOutput,
    at: 'id',
  }).mutation(({ ctx, input }) => eraseAuditRecords(ctx, input)),
})
