import { fromJson, toJson } from '@steward/db'
import { iso } from '../core/clock.ts'
import type { WorkspaceContext } from '../core/context.ts'
import { ApiError } from '../core/errors.ts'
import { read } from '../core/read.ts'
import { write } from '../core/write.ts'
import { deletePreference, findPreference, putPreference } from './workspace.preference.queries.ts'
import type {
  GetWorkspacePreferenceInput,
  GetWorkspacePreferenceOutput,
  SetWorkspacePreferenceInput,
} from './workspace.schema.ts'

/** Bytes of JSON, in UTF-8. */
const largestPreference = 128 * 1024

/**
 * Keeps any JSON under a key; without a value it removes the key. The audit trail tells the key and the size alone.
 * @throws PayloadTooLarge above 128 KiB of JSON.
 */
export async function setWorkspacePreference(
  ctx: WorkspaceContext,
  { key, value }: SetWorkspacePreferenceInput,
): Promise<Record<string, never>> {
  const { workspaceId } = ctx
  const json = value === undefined ? null : toJson(value)
  const bytes = json === null ? 0 : Buffer.byteLength(json)
  if (bytes > largestPreference)
    throw new ApiError('PayloadTooLarge', `A preference has at most ${largestPreference} bytes of JSON.`, { bytes })
  return write(ctx, 'UPDATE_WORKSPACE', async (tx) => {
    if (json === null) await deletePreference.run(tx, { workspaceId, key })
    else await putPreference.run(tx, { workspaceId, key, value: json, at: iso(ctx.house.clock.now()) })
    return {
      answer: {},
      changes: [{ type: 'preference', id: key, ...(json === null && { deleted: true }) }],
      audit: { type: 'preference', id: key, after: json === null ? null : { bytes } },
    }
  })
}

/** The stored JSON, or `{}` for a key that was never set. */
export async function getWorkspacePreference(
  ctx: WorkspaceContext,
  { key }: GetWorkspacePreferenceInput,
): Promise<GetWorkspacePreferenceOutput> {
  const row = await read(ctx, (db) => findPreference.first(db, { workspaceId: ctx.workspaceId, key }))
  return row ? { value: fromJson<unknown>(row.value) } : {}
}
