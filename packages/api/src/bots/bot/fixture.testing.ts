import type { TestClock } from '@steward/testkit'
import type { Stores } from '@steward/db'
import type { Actor, RequestInfo } from '../../core/context.ts'
import type { AppContext } from '../../core/app-context.ts'
import { storesOf } from '../../core/app-context.ts'
import type { Role } from '../../core/access/rule.ts'
import type { SeededPerson } from '../../core/app.testing.ts'
import { seedMember, seedPerson, seedWorkspace, testApp, testRequest } from '../../core/app.testing.ts'
import { createCallerFactory, router } from '../../core/procedure/trpc.ts'
import { botRouter } from '../bot.router.ts'

const call = createCallerFactory(router({ bot: botRouter }))

/** A workspace with its owner, a second one of the same owner, and a stranger with one of his own. */
export interface Fixture {
  app: AppContext
  clock: TestClock
  owner: SeededPerson
  workspaceId: string
  otherId: string
  /** The bot procedures as an actor, over the procedure's whole path. */
  as: (actor: Actor, request?: Partial<RequestInfo>) => BotCaller
}

type BotCaller = ReturnType<typeof call>['bot']

export async function makeFixture(stores: Stores, overrides: Partial<AppContext> = {}): Promise<Fixture> {
  const { app, clock } = testApp(stores, overrides)
  const owner = await seedPerson(app, 'owner@example.com')
  const workspaceId = await seedWorkspace(app, owner)
  const otherId = await seedWorkspace(app, owner, 'Other')
  const as: Fixture['as'] = (actor, request) => call({ app, actor, request: { ...testRequest, ...request } }).bot
  return { app, clock, owner, workspaceId, otherId, as }
}

/** A member of the fixture's workspace (or another one) in a role. */
export async function join(fixture: Fixture, role: Role, workspaceId = fixture.workspaceId): Promise<SeededPerson> {
  const person = await seedPerson(fixture.app, `${role}-${fixture.app.ids.uuid()}@example.com`)
  await seedMember(fixture.app, workspaceId, { ...person, role })
  return person
}

/** The main store, to look behind the procedures. */
export function tables(fixture: Fixture) {
  return storesOf(fixture.app).main.reader
}

export async function countOf(fixture: Fixture, workspaceId = fixture.workspaceId): Promise<number> {
  const row = await tables(fixture)
    .selectFrom('workspace')
    .select('bot_count')
    .where('id', '=', workspaceId)
    .executeTakeFirst()
  return row?.bot_count ?? Number.NaN
}

/** The audit records of a workspace with their payloads, in order. */
export async function auditOf(fixture: Fixture, workspaceId = fixture.workspaceId) {
  const rows = await tables(fixture)
    .selectFrom('audit_record as r')
    .innerJoin('audit_payload as p', 'p.record_id', 'r.id')
    .select(['r.action', 'r.operation', 'r.resource_id', 'p.payload'])
    .where('r.lane_id', '=', workspaceId)
    .orderBy('r.seq')
    .execute()
  return rows.map((row) => ({ ...row, payload: JSON.parse(row.payload ?? 'null') as Record<string, unknown> }))
}

/** The change row of a bot in a lane. */
export function changeOf(fixture: Fixture, laneId: string, botId: string) {
  return tables(fixture)
    .selectFrom('change')
    .select(['type', 'deleted'])
    .where('lane_id', '=', laneId)
    .where('entity_id', '=', botId)
    .executeTakeFirst()
}
