import type { Stores } from '@steward/db'
import { seedBot } from '../../bots/bot/bot.testing.ts'
import { authenticateBearer } from '../../core/access/authenticate.ts'
import { iso } from '../../core/clock.ts'
import type { Actor, Db, RequestInfo } from '../../core/context.ts'
import type { House } from '../../core/house.ts'
import { storesOf } from '../../core/house.ts'
import type { Role } from '../../core/access/permissions.ts'
import type { SeededPerson } from '../../core/testing.ts'
import { seedMember, seedPerson, seedToken, seedWorkspace, testHouse, testRequest } from '../../core/testing.ts'
import { router } from '../../core/procedure/trpc.ts'
import { workspaceRouter } from '../workspace.router.ts'
import { accountRouter } from '../account.router.ts'

const appRouter = router({ account: accountRouter, workspace: workspaceRouter })

/** A house with an owner, the owner's first workspace, and a stranger; `as` calls as anybody. */
export async function scene(stores: Stores) {
  const { house, clock } = testHouse(stores)
  const as = (actor: Actor, request: Partial<RequestInfo> = {}) =>
    appRouter.createCaller({ house, actor, request: { ...testRequest, ...request } })
  const owner = await seedPerson(house, 'owner@example.com')
  const workspaceId = await seedWorkspace(house, owner, 'First')
  const stranger = await seedPerson(house, 'stranger@example.com')
  /** Seeds a person with a role in the first workspace and calls as that person. */
  const joined = async (role: Role) => {
    const person = await seedPerson(house, `${role}@example.com`)
    await seedMember(house, workspaceId, { ...person, role })
    const { account, workspace } = as(person.actor)
    return { account, workspace, userId: person.userId }
  }
  const { reader } = storesOf(house).main
  return { house, clock, as, owner, workspaceId, stranger, joined, db: reader, mine: as(owner.actor) }
}

/** A person's token, narrowed to a workspace or to scopes. */
export async function withToken(
  house: House,
  person: SeededPerson,
  only: { workspaceId?: string; scopes?: string[] },
): Promise<Actor> {
  const { value } = await seedToken(house, person, only)
  return authenticateBearer(house, value)
}

/** The audit records of a lane, oldest first. */
export function recordsOf(db: Db, laneId: string) {
  return db.selectFrom('audit_record').selectAll().where('lane_id', '=', laneId).orderBy('seq').execute()
}

/** What the audit trail keeps of a record beside its header. */
export async function payloadOf(db: Db, recordId: string | undefined): Promise<Record<string, unknown>> {
  const row = await db
    .selectFrom('audit_payload')
    .select('payload')
    .where('record_id', '=', recordId ?? '')
    .executeTakeFirstOrThrow()
  return JSON.parse(row.payload) as Record<string, unknown>
}

/** A bot and one version of it, straight into the tables, with code hashes. */
export async function seedVersionedBot(house: House, workspaceId: string, codeHash: string): Promise<void> {
  const botId = await seedBot(house, workspaceId, { code_blob: codeHash })
  await storesOf(house).main.write((tx) =>
    tx
      .insertInto('version')
      .values({
        id: house.ids.make('version'),
        bot_id: botId,
        name: 'Bot',
        description: '',
        note: '',
        document: '{}',
        content_hash: 'content',
        code_blob: `${codeHash}-old`,
        parent_id: null,
        author_id: null,
        created_at: iso(house.clock.now()),
      })
      .execute(),
  )
}

/**
 * Starts the calls while their lanes are held by another write, and lets go once all of them wait: they race from the
 * same line, however long a connection took.
 */
export async function atOnce<T>(
  house: House,
  laneIds: readonly string[],
  calls: readonly (() => Promise<T>)[],
): Promise<PromiseSettledResult<T>[]> {
  const held = Promise.withResolvers<void>()
  const start = Promise.withResolvers<void>()
  const holder = storesOf(house).main.write(async (tx) => {
    await tx
      .updateTable('lane')
      .set((eb) => ({ version: eb.ref('version') }))
      .where('id', 'in', laneIds)
      .execute()
    held.resolve()
    await start.promise
  })
  await Promise.race([held.promise, holder])
  const results = Promise.allSettled(calls.map((call) => call()))
  await new Promise((resolve) => setTimeout(resolve, 150))
  start.resolve()
  await holder
  return results
}

/** Why calls failed. */
export function reasonsOf(results: readonly PromiseSettledResult<unknown>[]): unknown[] {
  return results.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []))
}
