import type { Stores } from '@steward/db'

/*
 * What the areas keep counted, counted again. It asks the tables itself: a recount by the code that keeps the count would
 * repeat its error.
 */

export interface WrongGauge {
  workspaceId: string
  kept: number
  counted: number
}

/** Production bots of each workspace: how many workspaces were counted, and those that keep another number. */
export async function recountBots({ main }: Stores): Promise<{ workspaces: number; wrong: WrongGauge[] }> {
  const rows = await main.snapshot((db) =>
    db
      .selectFrom('workspace')
      .leftJoin('bot', (join) => join.onRef('bot.workspace_id', '=', 'workspace.id').on('bot.dev', '=', 0))
      .select((eb) => ['workspace.id', 'workspace.bot_count as kept', eb.fn.count<number>('bot.id').as('counted')])
      .groupBy(['workspace.id', 'workspace.bot_count'])
      .execute(),
  )
  const wrong = rows.filter((row) => row.kept !== row.counted)
  return { workspaces: rows.length, wrong: wrong.map(({ id, kept, counted }) => ({ workspaceId: id, kept, counted })) }
}

export interface StuckTask {
  topic: string
  attempts: number
  lastError: string | null
}

export interface StuckBounds {
  /** Tries after which a task counts as stuck. */
  attempts: number
  /** ISO 8601: a task that should have run before it counts as stuck. */
  due: string
}

/** Work that commits promised and that does not get done, the most often tried first; a thousand at most. */
export async function stuckTasks({ main }: Stores, { attempts, due }: StuckBounds): Promise<StuckTask[]> {
  const rows = await main.reader
    .selectFrom('outbox')
    .select(['topic', 'attempts', 'last_error'])
    .where((eb) => eb.or([eb('attempts', '>=', attempts), eb('run_after', '<', due)]))
    .orderBy('attempts', 'desc')
    .limit(1000)
    .execute()
  return rows.map(({ topic, attempts: tries, last_error: lastError }) => ({ topic, attempts: tries, lastError }))
}

export interface ShutOut {
  /** How many there are. */
  people: number
  /** The first of them by email, each with a provider they once came by. */
  first: { email: string; provider: string }[]
}

/** People who can sign in by none of the given ways, by ids of providers; `limit`: how many are named. */
export async function peopleShutOut(
  { main }: Stores,
  { ways, limit }: { ways: readonly string[]; limit: number },
): Promise<ShutOut> {
  const shutOut = main.reader
    .selectFrom('user as u')
    .innerJoin('sign_in_method as m', 'm.user_id', 'u.id')
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('sign_in_method as way')
            .select('way.id')
            .whereRef('way.user_id', '=', 'u.id')
            .where('way.provider_id', 'in', ways),
        ),
      ),
    )
  const counted = await shutOut.select((eb) => eb.fn.count<number>('u.id').distinct().as('people')).executeTakeFirst()
  const people = counted?.people ?? 0
  if (people === 0) return { people, first: [] }
  const first = await shutOut
    .select((eb) => ['u.email', eb.fn.min<string>('m.provider_id').as('provider')])
    .groupBy('u.email')
    .orderBy('u.email')
    .limit(limit)
    .execute()
  return { people, first }
}

/** Secrets of bots as they are sealed: `limit` of each kind. */
export async function sealedSample({ main }: Stores, limit: number) {
  return {
    signing: await main.reader.selectFrom('bot_signing_secret').select(['bot_id', 'sealed']).limit(limit).execute(),
    secrets: await main.reader.selectFrom('bot_secret').select(['bot_id', 'name', 'sealed']).limit(limit).execute(),
  }
}
