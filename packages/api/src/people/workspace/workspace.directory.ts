import { boundWorkspace } from '../../core/access/access.ts'
import type { AnyContext } from '../../core/context.ts'
import { actingUser } from '../../core/context.ts'
import { notFound } from '../../core/errors.ts'
import { closePage, openPage } from '../../core/page.ts'
import { read } from '../../core/write/read.ts'
import { findHandle, findPublicWorkspace, listPublic, takenHandles } from './workspace.directory.queries.ts'
import { isClaimable, similarHandles } from './workspace.handle.ts'
import { toPublicWorkspace } from './workspace.queries.ts'
import type {
  CheckHandleAvailabilityInput,
  CheckHandleAvailabilityOutput,
  ListPublicWorkspacesInput,
  ListPublicWorkspacesOutput,
  PublicWorkspace,
} from './workspace.schema.ts'

/** @throws ResourceNotFound for a workspace that is not public, to its own members too. */
export async function getPublicWorkspace(ctx: AnyContext, { id }: { id: string }): Promise<PublicWorkspace> {
  const row = await read(ctx, (db) => findPublicWorkspace.first(db, { id }))
  if (!row) throw notFound('public workspace', id)
  return toPublicWorkspace(row)
}

/** The directory: public workspaces, oldest first. An empty list of ids or an empty search counts as none. */
export async function listPublicWorkspaces(
  ctx: AnyContext,
  input: ListPublicWorkspacesInput,
): Promise<ListPublicWorkspacesOutput> {
  const ids = input.workspaceIds?.length ? input.workspaceIds.toSorted() : null
  const search = input.search?.trim() || null
  const page = openPage(input, ['directory', ids, search])
  const found = await read(ctx, (db) => listPublic(db, { ids, search }, page))
  const { rows, meta } = closePage(found, page, (row) => [row.created_at, row.id])
  return { workspaces: rows.map(toPublicWorkspace), meta }
}

const shownSuggestions = 5

/**
 * Whether a handle could be claimed now, and free ones like it if not. `usedBy` is the id of its workspace, told only
 * where the caller could see that workspace anyway.
 */
export async function checkHandleAvailability(
  ctx: AnyContext,
  { handle }: CheckHandleAvailabilityInput,
): Promise<CheckHandleAvailabilityOutput> {
  return read(ctx, async (db) => {
    const holder = await findHandle.first(db, { handle, userId: actingUser(ctx) ?? '' })
    if (!holder && isClaimable(handle)) return { available: true, suggestions: [] }
    const similar = similarHandles(handle)
    const gone = await takenHandles(db, similar)
    const suggestions = similar.filter((candidate) => !gone.has(candidate)).slice(0, shownSuggestions)
    const only = boundWorkspace(ctx)
    const isMember = holder?.member_id && (only === null || only === holder.id)
    const visible = holder && (holder.is_public === 1 || isMember || ctx.actor.kind === 'system')
    return { available: false, suggestions, ...(visible && { usedBy: holder.id }) }
  })
}
