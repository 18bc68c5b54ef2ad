import { after, before, contains, lowered } from '@steward/db'
import type { Db } from '../../core/context.ts'
import type { BotSummaryRow } from '../content/bot.queries.ts'
import type { BotType } from '../content/bot.schema.ts'

export interface BotListing {
  dev: boolean
  /** Every pair must match. */
  tags: readonly (readonly [key: string, value: string])[]
  /** A part of the name, or a whole id. */
  search: string | null
  type: BotType | null
  /** Whether code was ever deployed. */
  deployed: boolean | null
  /** The person whose allowlists count; null sees every bot. */
  visibleTo: string | null
  sort: 'createdAt' | 'updatedAt' | 'name'
  descending: boolean
  /** The sort value and id of the last row of the page before. */
  after: readonly [string, string] | null
  /** Rows to fetch at most. */
  limit: number
}

/**
 * One page of summaries, read along the index of the order. Search, type and deployment are in that index too: rows that
 * do not match are passed over without being read.
 */
export function botListing(db: Db, workspaceId: string, listing: BotListing) {
  const { after: last, search, type, deployed, visibleTo } = listing
  let query = ordered(db, listing)
    .where('b.workspace_id', '=', workspaceId)
    .where('b.dev', '=', listing.dev ? 1 : 0)
    .limit(listing.limit)
  if (last)
    query = query.where((eb) => {
      const compare = listing.descending ? before : after
      const key = listing.sort === 'name' ? lowered(eb.ref('b.name')) : eb.ref(columns[listing.sort])
      return compare([key, last[0]], [eb.ref('b.id'), last[1]])
    })
  if (search !== null) query = query.where((eb) => eb.or([contains(eb.ref('b.name'), search), eb('b.id', '=', search)]))
  if (type !== null) query = query.where('b.type', '=', type)
  if (deployed !== null) query = query.where('b.deployed_at', deployed ? 'is not' : 'is', null)
  for (const [key, value] of listing.tags)
    query = query.where('b.id', 'in', (eb) =>
      eb
        .selectFrom('bot_tag as t')
        .select('t.bot_id')
        .where('t.workspace_id', '=', workspaceId)
        .where('t.key', '=', key)
        .where('t.value', '=', value),
    )
  if (visibleTo !== null)
    query = query.where((eb) =>
      eb.or([
        eb('b.access', '=', 'ALL_WORKSPACE_USERS'),
        eb.exists(
          eb
            .selectFrom('bot_access as a')
            .select('a.bot_id')
            .whereRef('a.bot_id', '=', 'b.id')
            .where('a.user_id', '=', visibleTo),
        ),
      ]),
    )
  return query
}

const columns = { createdAt: 'b.created_at', updatedAt: 'b.updated_at' } as const

function ordered(db: Db, { sort, descending }: BotListing) {
  const direction = descending ? 'desc' : 'asc'
  const query = db
    .selectFrom('bot as b')
    .select(['b.id', 'b.name', 'b.type', 'b.tags', 'b.created_at', 'b.updated_at', 'b.deployed_at'])
  const keyed =
    sort === 'name'
      ? query.select((eb) => lowered(eb.ref('b.name')).as('sort_key'))
      : query.select(`${columns[sort]} as sort_key`)
  return keyed.orderBy('sort_key', direction).orderBy('b.id', direction)
}

export function listBotRows(db: Db, workspaceId: string, listing: BotListing): Promise<BotSummaryRow[]> {
  return botListing(db, workspaceId, listing).execute()
}
