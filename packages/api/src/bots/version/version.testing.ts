import type { Stores } from '@steward/db'
import { botRouter } from '../bot.router.ts'
import type { Fixture } from '../bot/fixture.testing.ts'
import { makeFixture, tables } from '../bot/fixture.testing.ts'
import type { Actor, RequestInfo } from '../../core/context.ts'
import type { AppContext } from '../../core/app-context.ts'
import { testRequest } from '../../core/app.testing.ts'
import { createCallerFactory, router } from '../../core/procedure/trpc.ts'
import { versionRouter } from '../version.router.ts'

const call = createCallerFactory(router({ bot: botRouter, version: versionRouter }))
type Caller = ReturnType<typeof call>

export interface VersionFixture extends Omit<Fixture, 'as'> {
  fixture: Fixture
  as: (actor: Actor, request?: Partial<RequestInfo>) => Caller
  /** The owner's callers. */
  bot: Caller['bot']
  version: Caller['version']
}

/** A workspace, its owner, and the procedures of bots and versions. */
export async function makeVersionFixture(stores: Stores, overrides: Partial<AppContext> = {}): Promise<VersionFixture> {
  const fixture = await makeFixture(stores, overrides)
  const { app, owner } = fixture
  const as: VersionFixture['as'] = (actor, request) => call({ app, actor, request: { ...testRequest, ...request } })
  const { bot, version } = as(owner.actor)
  return { ...fixture, fixture, as, bot, version }
}

/** A new bot of the owner, in the fixture's workspace by default. */
export async function newBot(s: VersionFixture, workspaceId = s.workspaceId): Promise<string> {
  return (await s.bot.create({ workspaceId, name: 'Bot' })).bot.id
}

/** What of a bot's row the versions are about. */
export function rowOf(s: VersionFixture, id: string) {
  return tables(s.fixture)
    .selectFrom('bot')
    .select(['document', 'code_blob', 'current_version_id', 'deployed_at', 'updated_at'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
}
