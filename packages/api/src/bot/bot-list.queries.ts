import { after, before } from '@steward/db'
import type { Db } from '../core/context.ts'
import type { BotSummaryRow } from './bot.queries.ts'

export interface BotListing {
  dev: boolean
  /** Every pair must match. */
  tags: readonly (readonly [key: string, value: string])[]
  /** The person whose allowlists count; null sees every bot. */
  visibleTo: string | null
  sort: 'created_at' | 'updated_at'
  descending: boolean
  /** The sort value and id of the last row of the page before. */
  after: readonly [string, string] | null
  /** Rows to fetch at most. */
  limit: number
}

/** One page of summaries, read along the index of the sort column; definition documents are not touched. */
export function botListing(db: Db, workspaceId: string, listing: BotListing) {
  const { sort, visibleTo, after: last } = listing
  const direction = listing.descending ? 'desc' : 'asc'
  let query = db
    .selectFrom('bot as b')
    .select(['b.id', 'b.name', 'b.type', 'b.tags', 'b.created_at', 'b.updated_at', 'b.deployed_at'])
    .where('b.workspace_id', '=', workspaceId)
    .where('b.dev', '=', listing.dev ? 1 : 0)
    .orderBy(`b.${sort}`, direction)
    .orderBy('b.id', direction)
    .limit(listing.limit)
  if (last)
    query = query.where((eb) => {
      const compare = listing.descending ? before : after
      return compare([eb.ref(`b.${sort}`), last[0]], [eb.ref('b.id'), last[1]])
    })
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

export function listBotRows(db: Db, workspaceId: string, listing: BotListing): Promise<BotSummaryRow[]> {
  return botListing(db, workspaceId, listing).execute()
}
