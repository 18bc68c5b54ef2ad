import type { MainSchema, Params, Reader, VersionTable } from '@steward/db'
import { before, contains, prepare } from '@steward/db'
import type { Db } from '../../core/context.ts'
import type { Page } from '../../core/page.ts'
import type { PastVersion, VersionName } from './version.schema.ts'

// A `botId` here is one that `authorize` found in the workspace.

type PastRow = Pick<VersionTable, 'id' | 'name' | 'description' | 'note' | 'author_id' | 'created_at'> & {
  current_version_id: string | null
  before_id: string | null
}

export function toPastVersion(row: PastRow, deployed: ReadonlySet<string>): PastVersion {
  return {
    id: row.id,
    name: row.name,
    description: row.description,
    note: row.note,
    authorId: row.author_id,
    createdAt: row.created_at,
    current: row.id === row.current_version_id,
    deployed: deployed.has(row.id),
    beforeId: row.before_id,
  }
}

/** A page of a bot's versions, newest first, with one row more than the page holds. */
export function pastRows(
  db: Db,
  botId: string,
  { search, page }: { search: string; page: Pick<Page, 'limit' | 'after'> },
): Promise<PastRow[]> {
  const last = page.after
  return db
    .selectFrom('version as v')
    .innerJoin('bot as b', 'b.id', 'v.bot_id')
    .select(['v.id', 'v.name', 'v.description', 'v.note', 'v.author_id', 'v.created_at', 'b.current_version_id'])
    .select((eb) =>
      eb
        .selectFrom('version as p')
        .select('p.id')
        .whereRef('p.bot_id', '=', 'v.bot_id')
        .where((on) => on(on.refTuple('p.created_at', 'p.id'), '<', on.refTuple('v.created_at', 'v.id')))
        .orderBy('p.created_at', 'desc')
        .orderBy('p.id', 'desc')
        .limit(1)
        .as('before_id'),
    )
    .where('v.bot_id', '=', botId)
    .$if(search !== '', (query) =>
      query.where((eb) =>
        eb.or([contains(eb.ref('v.name'), search), contains(eb.ref('v.description'), search), eb('v.id', '=', search)]),
      ),
    )
    .$if(last !== null, (query) =>
      query.where((eb) => before([eb.ref('v.created_at'), last?.[0]], [eb.ref('v.id'), last?.[1]])),
    )
    .orderBy('v.created_at', 'desc')
    .orderBy('v.id', 'desc')
    .limit(page.limit + 1)
    .execute()
}

const savedBefore = prepare((db: Reader<MainSchema>, p: Params<{ botId: string; at: string; id: string }>) =>
  db
    .selectFrom('version as v')
    .select('v.id')
    .where('v.bot_id', '=', p.botId)
    .where((eb) => eb(eb.refTuple('v.created_at', 'v.id'), '<', eb.tuple(p.at, p.id)))
    .orderBy('v.created_at', 'desc')
    .orderBy('v.id', 'desc')
    .limit(1),
)

/** The version saved before this one. */
export async function versionBefore(
  db: Db,
  { bot_id: botId, created_at: at, id }: Pick<VersionTable, 'bot_id' | 'created_at' | 'id'>,
): Promise<string | null> {
  return (await savedBefore.first(db, { botId, at, id }))?.id ?? null
}

/** Which of these versions were ever current. */
export async function deployedAmong(db: Db, botId: string, ids: readonly string[]): Promise<ReadonlySet<string>> {
  if (ids.length === 0) return new Set()
  const rows = await db
    .selectFrom('deployment')
    .select('version_id')
    .distinct()
    .where('bot_id', '=', botId)
    .where('version_id', 'in', ids)
    .execute()
  return new Set(rows.map((row) => row.version_id))
}

const current = prepare((db: Reader<MainSchema>, p: Params<{ botId: string }>) =>
  db
    .selectFrom('bot as b')
    .innerJoin('version as v', 'v.id', 'b.current_version_id')
    .select(['v.id', 'v.name'])
    .where('b.id', '=', p.botId),
)

export async function currentVersion(db: Db, botId: string): Promise<VersionName | null> {
  return (await current.first(db, { botId })) ?? null
}

const inForceBefore = prepare((db: Reader<MainSchema>, p: Params<{ botId: string; currentId: string }>) =>
  db
    .selectFrom('deployment as d')
    .innerJoin('version as v', 'v.id', 'd.previous_version_id')
    .select(['v.id', 'v.name'])
    .where('d.bot_id', '=', p.botId)
    .where('d.previous_version_id', '<>', p.currentId)
    .orderBy('d.at', 'desc')
    .orderBy('d.id', 'desc')
    .limit(1),
)

/** Which version was current before the current version; deployments that changed nothing do not count. */
export async function previousVersion(db: Db, botId: string, currentId: string | null): Promise<VersionName | null> {
  return (await inForceBefore.first(db, { botId, currentId: currentId ?? '' })) ?? null
}
