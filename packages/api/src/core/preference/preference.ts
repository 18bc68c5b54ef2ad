import { fromJson, toJson } from '@steward/db'
import type { AuditAction } from '../write/audit-actions.schema.ts'
import { iso } from '../clock.ts'
import type { MainTx, SelfContext, WorkspaceContext } from '../context.ts'
import { ApiError } from '../errors.ts'
import type { PreferenceOwner, PreferencePlace } from './preference.queries.ts'
import {
  countPreferences,
  deletePreference,
  deletePreferencesOf,
  findPreference,
  putPreference,
} from './preference.queries.ts'
import { read } from '../write/read.ts'
import type { Preference } from '../shapes.schema.ts'
import { write } from '../write/write.ts'

// What `setup` keeps of the installation's own: queries are reached through their service.
export { deletePreference, findPreference, putPreference } from './preference.queries.ts'

/** Bytes of JSON, in UTF-8. */
export const largestPreference = 128 * 1024
/** Keys of one person or workspace. */
export const mostPreferences = 1000

type OwnerContext = SelfContext | WorkspaceContext

/**
 * Keeps any JSON under a key of the caller's or the workspace's; without a value it removes the key (null is a value).
 * The audit trail tells the key and the size alone.
 * @throws PayloadTooLarge above `largestPreference`; LimitExceeded for one key more than `mostPreferences`.
 */
export async function setPreference(
  ctx: OwnerContext,
  action: AuditAction,
  { key, value }: { key: string; value?: unknown },
): Promise<Record<string, never>> {
  const place = { ...ownerOf(ctx), key }
  const json = value === undefined ? null : toJson(value)
  const bytes = json === null ? 0 : Buffer.byteLength(json)
  if (bytes > largestPreference)
    throw new ApiError('PayloadTooLarge', `A preference can have at most ${largestPreference} bytes of JSON.`, {
      bytes,
    })
  return write(ctx, action, async (tx) => {
    if (json === null) await deletePreference.run(tx, place)
    else {
      await requireRoom(tx, place)
      await putPreference.run(tx, { ...place, value: json, updated_at: iso(ctx.app.clock.now()) })
    }
    return {
      answer: {},
      changes: [{ type: 'preference', id: key, ...(json === null && { deleted: true }) }],
      audit: { type: 'preference', id: key, after: json === null ? null : { bytes } },
    }
  })
}

/** The stored JSON, or `{}` for a key that was never set. */
export async function getPreference(ctx: OwnerContext, { key }: { key: string }): Promise<Preference> {
  const row = await read(ctx, (db) => findPreference.first(db, { ...ownerOf(ctx), key }))
  return row ? { value: fromJson<unknown>(row.value) } : {}
}

function ownerOf(ctx: OwnerContext): PreferenceOwner {
  return ctx.scope === 'self'
    ? { owner_kind: 'user', owner_id: ctx.userId }
    : { owner_kind: 'workspace', owner_id: ctx.workspaceId }
}

async function requireRoom(tx: MainTx, place: PreferencePlace): Promise<void> {
  if (await findPreference.first(tx, place)) return
  const kept = (await countPreferences.first(tx, place))?.count ?? 0
  if (kept >= mostPreferences)
    throw new ApiError(
      'LimitExceeded',
      `There are already ${mostPreferences} preferences, the maximum. Remove one first.`,
      {
        limit: 'preferences',
        most: mostPreferences,
      },
    )
}

/** Forgets all that a person or workspace prefers. */
export async function deletePreferences(tx: MainTx, owner: PreferenceOwner): Promise<void> {
  await deletePreferencesOf.run(tx, owner)
}
