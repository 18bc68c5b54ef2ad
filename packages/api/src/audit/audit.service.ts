import type { ChangeType } from '../core/write/change-types.schema.ts'
import { labelsOf } from '../core/write/labels.ts'
import { stringify } from 'csv-stringify/sync'
import { iso } from '../core/clock.ts'
import type { WorkspaceContext } from '../core/context.ts'
import { ApiError, notFound } from '../core/errors.ts'
import type { Page } from '../core/page.ts'
import { closePage, endPage, openPage } from '../core/page.ts'
import { read } from '../core/write/read.ts'
import { findTrailRow, firstRecords, listTrail, toAuditRecord, toAuditRecordDetails } from './audit.queries.ts'
import { pageOfCheckpoints, toCheckpoint } from './checkpoint.queries.ts'
import { knownKeys } from './signing-key.service.ts'
import type {
  DescribeAuditRecordInput,
  DescribeAuditRecordOutput,
  ExportAuditInput,
  ExportAuditOutput,
  ListAuditRecordsInput,
  ListCheckpointsInput,
  ListAuditRecordsOutput,
  ListCheckpointsOutput,
} from './audit-record.schema.ts'
import type { ChainRecord } from './verify-export.ts'

const keyOf = (row: { seq: number; id: string }): [string, string] => [String(row.seq), row.id]

/** Bytes of payloads in one piece of an export, about: making CSV of them takes a while. */
const exportBytes = 1024 * 1024

/** The sequence number that a page token carries. @throws InvalidQuery for one that is none. */
function seqOf(page: Page): number | null {
  if (!page.after) return null
  const seq = Number(page.after[0])
  if (!Number.isSafeInteger(seq)) throw new ApiError('InvalidQuery', 'The nextToken is not valid for this list.')
  return seq
}

/** The audit trail of a workspace, newest first. A page of large records holds fewer than asked for. */
export async function listAuditRecords(
  ctx: WorkspaceContext,
  input: ListAuditRecordsInput,
): Promise<ListAuditRecordsOutput> {
  const instant = (time: string | undefined) => (time === undefined ? undefined : iso(Date.parse(time)))
  const filter = {
    action: input.action,
    userId: input.userId,
    from: instant(input.from),
    until: instant(input.until),
  }
  const page = openPage(input, ['audit', ctx.workspaceId, filter])
  const { rows, more } = await read(ctx, (db) =>
    listTrail(db, ctx.workspaceId, { filter, below: seqOf(page), limit: page.limit }),
  )
  return { records: rows.map(toAuditRecord), meta: endPage(rows, more, page, keyOf) }
}

/** One record with everything known about it. */
export async function describeAuditRecord(
  ctx: WorkspaceContext,
  input: DescribeAuditRecordInput,
): Promise<DescribeAuditRecordOutput> {
  const row = await read(ctx, (db) => findTrailRow.first(db, { laneId: ctx.workspaceId, id: input.recordId }))
  if (!row) throw notFound('audit record', input.recordId)
  const { resource_type: type, resource_id: id } = row
  const labels = await labelsOf(ctx, type as ChangeType, id === null ? [] : [id])
  return { record: { ...toAuditRecordDetails(row), resource: labels.get(id ?? '') ?? null } }
}

const columns: (keyof ChainRecord)[] = [
  'seq',
  'id',
  'laneId',
  'at',
  'actorKind',
  'actorId',
  'action',
  'operation',
  'resourceType',
  'resourceId',
  'requestId',
  'prev',
  'hash',
  'payloadHash',
  'salt',
  'payload',
]

/**
 * A piece of the whole trail, oldest first, with all that `verify-export.ts` needs. In CSV a cell that a spreadsheet
 * would take for a formula is preceded by an apostrophe; JSONL is the form to verify.
 */
export async function exportAuditRecords(ctx: WorkspaceContext, input: ExportAuditInput): Promise<ExportAuditOutput> {
  const page = openPage(input, ['export', ctx.workspaceId, input.format])
  const above = seqOf(page) ?? 0
  const within = { laneId: ctx.workspaceId, above, upTo: Number.MAX_SAFE_INTEGER }
  const { records, more } = await read(ctx, (db) => firstRecords(db, within, exportBytes))
  const meta = endPage(records, more, page, keyOf)
  if (input.format === 'jsonl') return { text: records.map((one) => `${JSON.stringify(one)}\n`).join(''), meta }
  return { text: stringify(records, { columns, header: above === 0, escape_formulas: true }), meta }
}

/** Signed checkpoints of the workspace's chain, newest first; as lines of JSON they are what `verify-export.ts` reads. */
export async function listCheckpoints(
  ctx: WorkspaceContext,
  input: ListCheckpointsInput,
): Promise<ListCheckpointsOutput> {
  const page = openPage(input, ['checkpoints', ctx.workspaceId])
  const found = await read(ctx, (db) =>
    pageOfCheckpoints(db, ctx.workspaceId, { below: seqOf(page), limit: page.limit + 1 }),
  )
  const { rows, meta } = closePage(found, page, (row) => [String(row.seq), row.head])
  const keys = await knownKeys(ctx.app)
  return { checkpoints: rows.map((row) => toCheckpoint(row, keys)), meta }
}
