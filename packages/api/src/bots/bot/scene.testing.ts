import type { Stores } from '@steward/db'
import type { Actor, RequestInfo } from '../../core/context.ts'
import type { House } from '../../core/house.ts'
import { storesOf } from '../../core/house.ts'
import type { Role } from '../../core/access/permissions.ts'
import type { SeededPerson, TestClock } from '../../core/testing.ts'
import { seedMember, seedPerson, seedWorkspace, testHouse, testRequest } from '../../core/testing.ts'
import { createCallerFactory, router } from '../../core/procedure/trpc.ts'
import { botRouter } from '../bot.router.ts'

const call = createCallerFactory(router({ bot: botRouter }))

/** A workspace with its owner, a second one of the same owner, and a stranger with one of his own. */
export interface Scene {
  house: House
  clock: TestClock
  owner: SeededPerson
  workspaceId: string
  otherId: string
  /** The bot procedures as an actor, over the procedure's whole path. */
  as: (actor: Actor, request?: Partial<RequestInfo>) => BotCaller
}

type BotCaller = ReturnType<typeof call>['bot']

export async function makeScene(stores: Stores, overrides: Partial<House> = {}): Promise<Scene> {
  const { house, clock } = testHouse(stores, overrides)
  const owner = await seedPerson(house, 'owner@example.com')
  const workspaceId = await seedWorkspace(house, owner)
  const otherId = await seedWorkspace(house, owner, 'Other')
  const as: Scene['as'] = (actor, request) => call({ house, actor, request: { ...testRequest, ...request } }).bot
  return { house, clock, owner, workspaceId, otherId, as }
}

/** A member of the scene's workspace (or another one) in a role. */
export async function join(scene: Scene, role: Role, workspaceId = scene.workspaceId): Promise<SeededPerson> {
  const person = await seedPerson(scene.house, `${role}-${scene.house.ids.uuid()}@example.com`)
  await seedMember(scene.house, workspaceId, { ...person, role })
  return person
}

/** The main store, to look behind the procedures. */
export function tables(scene: Scene) {
  return storesOf(scene.house).main.reader
}

export async function countOf(scene: Scene, workspaceId = scene.workspaceId): Promise<number> {
  const row = await tables(scene)
    .selectFrom('workspace')
    .select('bot_count')
    .where('id', '=', workspaceId)
    .executeTakeFirst()
  return row?.bot_count ?? Number.NaN
}

/** The audit records of a workspace with their payloads, in order. */
export async function auditOf(scene: Scene, workspaceId = scene.workspaceId) {
  const rows = await tables(scene)
    .selectFrom('audit_record as r')
    .innerJoin('audit_payload as p', 'p.record_id', 'r.id')
    .select(['r.action', 'r.operation', 'r.resource_id', 'p.payload'])
    .where('r.lane_id', '=', workspaceId)
    .orderBy('r.seq')
    .execute()
  return rows.map((row) => ({ ...row, payload: JSON.parse(row.payload ?? 'null') as Record<string, unknown> }))
}

/** The change row of a bot in a lane. */
export function changeOf(scene: Scene, laneId: string, botId: string) {
  return tables(scene)
    .selectFrom('change')
    .select(['type', 'deleted'])
    .where('lane_id', '=', laneId)
    .where('entity_id', '=', botId)
    .executeTakeFirst()
}
