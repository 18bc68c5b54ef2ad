import type { MainSchema, Params, Reader } from '@steward/db'
import { after, contains, prepare } from '@steward/db'
import type { Db } from '../../core/context.ts'
import type { Page } from '../../core/page.ts'
import type { ProfileRow } from './workspace.queries.ts'
import { profileColumns } from './workspace.queries.ts'

export const findPublicWorkspace = prepare((db: Reader<MainSchema>, p: Params<{ id: string }>) =>
  db.selectFrom('workspace as w').select(profileColumns).where('w.id', '=', p.id).where('w.is_public', '=', 1),
)

/** Public workspaces, oldest first; `ids` and `search` narrow, `search` over name, handle and about. */
export function listPublic(
  db: Db,
  { ids, search }: { ids: readonly string[] | null; search: string | null },
  page: Page,
): Promise<ProfileRow[]> {
  return db
    .selectFrom('workspace as w')
    .select(profileColumns)
    .where('w.is_public', '=', 1)
    .$if(ids !== null, (query) => query.where('w.id', 'in', ids ?? []))
    .$if(search !== null, (query) =>
      query.where((eb) =>
        eb.or([
          contains(eb.ref('w.name'), search ?? ''),
          contains(eb.ref('w.handle'), search ?? ''),
          contains(eb.ref('w.about'), search ?? ''),
        ]),
      ),
    )
    .$if(page.after !== null, (query) =>
      query.where((eb) => after([eb.ref('w.created_at'), page.after?.[0]], [eb.ref('w.id'), page.after?.[1]])),
    )
    .orderBy('w.created_at')
    .orderBy('w.id')
    .limit(page.limit + 1)
    .execute()
}

/** Who holds a handle, and whether this person is a member there. */
export const findHandle = prepare((db: Reader<MainSchema>, p: Params<{ handle: string; userId: string }>) =>
  db
    .selectFrom('workspace as w')
    .leftJoin('member as m', (join) => join.onRef('m.workspace_id', '=', 'w.id').on('m.user_id', '=', p.userId))
    .select(['w.id', 'w.is_public', 'm.id as member_id'])
    .where('w.handle', '=', p.handle),
)

/** Which of these handles are taken. */
export async function takenHandles(db: Db, handles: readonly string[]): Promise<Set<string | null>> {
  const rows = await db.selectFrom('workspace').select('handle').where('handle', 'in', handles).execute()
  return new Set(rows.map((row) => row.handle))
}
