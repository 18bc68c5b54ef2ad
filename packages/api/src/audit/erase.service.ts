import { erasePayloads } from '../core/write/audit-payload.ts'
import type { WorkspaceContext } from '../core/context.ts'
import { notFound } from '../core/errors.ts'
import { read } from '../core/write/read.ts'
import { write } from '../core/write/write.ts'
import { findEmail, findPayloadsAbout, payloadsAbout, withPayload } from './audit.queries.ts'
import type { EraseAuditInput, EraseAuditOutput } from './audit-record.schema.ts'

/** Records erased by one call, at most. */
const maxErased = 1000

/**
 * Erases a person's data from the trail: payload and salt of records they made or that name them. The records stay
 * in the chain, which still verifies because the erasure is itself a record that names them. Irreversible.
 * @throws ResourceNotFound when one of `recordIds` is not about that person, or erased already.
 */
export async function eraseAuditRecords(ctx: WorkspaceContext, input: EraseAuditInput): Promise<EraseAuditOutput> {
  const { userId } = input
  const recordIds = input.recordIds ? [...new Set(input.recordIds)] : null
  // Records never change: they are searched before the write, which everybody else would have to wait for. Inside it only
  // those are that came meanwhile.
  const {
    about,
    found: before,
    searched,
  } = await read(ctx, async (db) => {
    const person = await findEmail.first(db, { userId })
    const asked = { userId, email: person?.email ?? null, recordIds }
    return { about: asked, ...(await findPayloadsAbout(db, ctx.workspaceId, asked, maxErased + 1)) }
  })
  return write(ctx, 'UNKNOWN', async (tx) => {
    const hasAll = before.length <= maxErased
    const since = hasAll ? await payloadsAbout(tx, { laneId: ctx.workspaceId, above: searched }, about) : []
    const found = await withPayload(tx, [...before, ...since])
    const missing = recordIds?.find((id) => !found.includes(id))
    if (missing !== undefined) throw notFound('audit record of this person', missing)
    const records = found.slice(0, maxErased)
    if (records.length > 0) await erasePayloads(tx, records)
    return {
      answer: { erased: records.length, more: found.length > maxErased },
      changes: records.map((id) => ({ type: 'audit', id })),
      audit: { type: 'user', id: userId, value: String(records.length), after: { records } },
    }
  })
}
