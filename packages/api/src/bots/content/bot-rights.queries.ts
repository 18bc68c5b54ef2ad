import type { MainSchema, Params, Reader } from '@steward/db'
import { prepare, prepareKept } from '@steward/db'
import type { Db } from '../../core/context.ts'

// Scalar subqueries instead of joins: every call on a bot asks one of these, and SQLite answers them in a quarter of the time.

const accessToBot = (db: Reader<MainSchema>, p: Params<{ botId: string; userId: string }>) =>
  db
    .selectFrom('bot as b')
    .select((eb) => {
      const membership = eb
        .selectFrom('member as m')
        .whereRef('m.workspace_id', '=', 'b.workspace_id')
        .where('m.user_id', '=', p.userId)
      const listing = eb
        .selectFrom('bot_access as a')
        .whereRef('a.bot_id', '=', 'b.id')
        .where('a.user_id', '=', p.userId)
      return [
        'b.id as bot_id',
        'b.workspace_id',
        'b.created_by',
        'b.access',
        eb
          .selectFrom('workspace as w')
          .select('w.second_factor_required')
          .whereRef('w.id', '=', 'b.workspace_id')
          .as('second_factor_required'),
        membership.select('m.id').as('member_id'),
        membership.select('m.role').as('role'),
        listing.select('a.user_id').as('listed'),
      ]
    })
    .where('b.id', '=', p.botId)

export const botAccess = prepareKept(accessToBot)

/** The same and the whole bot at once, for members of its workspace: of what others ask for nothing long is read. */
export const botAccessWithRow = prepareKept((db: Reader<MainSchema>, p: Params<{ botId: string; userId: string }>) =>
  accessToBot(db, p)
    .selectAll('b')
    .select((eb) =>
      eb
        .selectFrom('bot_secret as s')
        .select((agg) => agg.fn.agg<string | null>('string_agg', ['s.name', agg.val(',')]).as('names'))
        .whereRef('s.bot_id', '=', 'b.id')
        .as('secret_names'),
    )
    // Not `exists`: SQLite makes a join of it, at fifteen times the cost.
    .where((eb) =>
      eb(
        eb
          .selectFrom('member as own')
          .select('own.id')
          .whereRef('own.workspace_id', '=', 'b.workspace_id')
          .where('own.user_id', '=', p.userId),
        'is not',
        null,
      ),
    ),
)

export const botOfKeyId = prepare((db: Reader<MainSchema>, p: Params<{ keyId: string }>) =>
  db.selectFrom('bot_key').select('bot_id').where('id', '=', p.keyId),
)

export const visibleBot = prepare((db: Reader<MainSchema>, p: Params<{ workspaceId: string; botId: string }>) =>
  db
    .selectFrom('bot')
    .select(['id', 'created_by', 'access'])
    .where('workspace_id', '=', p.workspaceId)
    .where('id', '=', p.botId),
)

export const isListed = prepare((db: Reader<MainSchema>, p: Params<{ botId: string; userId: string }>) =>
  db.selectFrom('bot_access').select('user_id').where('bot_id', '=', p.botId).where('user_id', '=', p.userId),
)

/** Ids of the people on the bot's allowlist. */
export const listedUsers = (db: Db, botId: string) =>
  db.selectFrom('bot_access').select('bot_access.user_id').where('bot_access.bot_id', '=', botId).$asScalar()

/** Names of bots of the workspace that this person sees; all of them for null. */
export async function visibleNames(
  db: Db,
  { workspaceId, ids, userId }: { workspaceId: string; ids: readonly string[]; userId: string | null },
) {
  return db
    .selectFrom('bot as b')
    .select(['b.id', 'b.name'])
    .where('b.workspace_id', '=', workspaceId)
    .where('b.id', 'in', ids)
    .$if(userId !== null, (query) =>
      query.where((eb) =>
        eb.or([
          eb('b.access', '<>', 'SELECTED_USERS'),
          eb(
            eb.val(userId),
            'in',
            eb.selectFrom('bot_access as a').select('a.user_id').whereRef('a.bot_id', '=', 'b.id'),
          ),
        ]),
      ),
    )
    .execute()
}
