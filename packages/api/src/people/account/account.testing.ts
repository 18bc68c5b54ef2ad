import { versionRow } from '@steward/testkit'
import type { Stores } from '@steward/db'
import { seedBot } from '../../bots/bot/bot.testing.ts'
import { authenticateBearer } from '../../core/access/authenticate.ts'
import type { Actor, Db, RequestInfo } from '../../core/context.ts'
import type { AppContext } from '../../core/app-context.ts'
import { storesOf } from '../../core/app-context.ts'
import type { Role } from '../../core/access/rule.ts'
import type { SeededPerson } from '../../core/app.testing.ts'
import { seedMember, seedPerson, seedToken, seedWorkspace, testApp, testRequest } from '../../core/app.testing.ts'
import { router } from '../../core/procedure/trpc.ts'
import { workspaceRouter } from '../workspace.router.ts'
import { accountRouter } from '../account.router.ts'

const appRouter = router({ account: accountRouter, workspace: workspaceRouter })

/** An app with an owner, the owner's first workspace, and a stranger; `as` calls as anybody. */
export async function fixture(stores: Stores) {
  const { app, clock } = testApp(stores)
  const as = (actor: Actor, request: Partial<RequestInfo> = {}) =>
    appRouter.createCaller({ app, actor, request: { ...testRequest, ...request } })
  const owner = await seedPerson(app, 'owner@example.com')
  const workspaceId = await seedWorkspace(app, owner, 'First')
  const stranger = await seedPerson(app, 'stranger@example.com')
  /** Seeds a person with a role in the first workspace and calls as that person. */
  const joined = async (role: Role) => {
    const person = await seedPerson(app, `${role}@example.com`)
    await seedMember(app, workspaceId, { ...person, role })
    const { account, workspace } = as(person.actor)
    return { account, workspace, userId: person.userId }
  }
  const { reader } = storesOf(app).main
  return { app, clock, as, owner, workspaceId, stranger, joined, db: reader, mine: as(owner.actor) }
}

/** A person's token, narrowed to a workspace or to scopes. */
export async function withToken(
  app: AppContext,
  person: SeededPerson,
  only: { workspaceId?: string; scopes?: string[] },
): Promise<Actor> {
  const { value } = await seedToken(app, person, only)
  return authenticateBearer(app, value)
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
export async function seedVersionedBot(app: AppContext, workspaceId: string, codeHash: string): Promise<void> {
  const botId = await seedBot(app, workspaceId, { code_blob: codeHash })
  const version = versionRow({ id: app.ids.make('version'), bot_id: botId, code_blob: `${codeHash}-old` })
  await storesOf(app).main.write((tx) => tx.insertInto('version').values(version).execute())
}

/**
 * Starts the calls while their lanes are held by another write, and lets go once all of them wait: they race from the
 * same line, however long a connection took.
 */
export async function atOnce<T>(
  app: AppContext,
  laneIds: readonly string[],
  calls: readonly (() => Promise<T>)[],
): Promise<PromiseSettledResult<T>[]> {
  const held = Promise.withResolvers<void>()
  const start = Promise.withResolvers<void>()
  const holder = storesOf(app).main.write(async (tx) => {
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
