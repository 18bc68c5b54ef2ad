import { openStores, type Stores } from '@steward/db'
import { freshDatabase } from '@steward/db/testing'
import { expect, onTestFinished, test } from 'vitest'
import { authorize } from '../access/access.ts'
import { storesOf } from '../app-context.ts'
import { seedPerson, seedWorkspace, testApp, testRequest } from '../app.testing.ts'
import type { Lane } from '../context.ts'
import { write } from './write.ts'

/** How often Postgres had to break a deadlock in this database; a retry of ours hides each from the caller. */
async function deadlocksIn({ main }: Stores): Promise<number> {
  const query = {
    sql: `select deadlocks, (select count(*) from pg_stat_activity a where a.datname = d.datname and a.pid <> pg_backend_pid()) as others
      from pg_stat_database d where datname = current_database()`,
    parameters: [],
  }
  for (;;) {
    const { rows } = await main.reader.getExecutor().executeQuery<{ deadlocks: number; others: number }>(query as never)
    // A connection tells its numbers at its end.
    if (rows[0]?.others === 0) return rows[0].deadlocks
  }
}

test('writes that name the same lanes in whatever order meet no deadlock', async () => {
  const database = await freshDatabase('postgres')
  onTestFinished(() => database.remove())
  const stores = await openStores({ ...database.options, pool: { read: 4, write: 8 } })
  const { app } = testApp(stores)
  const owner = await seedPerson(app, 'owner@example.com')
  const ids = await Promise.all(Array.from({ length: 4 }, (_, i) => seedWorkspace(app, owner, `Workspace ${i}`)))
  const lanes = ids.map((id): Lane => ({ kind: 'workspace', id }))
  const [workspaceId = ''] = ids
  const take = async (turn: number) => {
    const ctx = await authorize({ app, actor: owner.actor, request: testRequest }, 'workspace.update', {
      workspaceId,
    })
    // Each turn begins with another lane, and every second one goes backwards.
    const from = [...lanes.slice(turn % 4), ...lanes.slice(0, turn % 4)]
    const ordered = turn % 2 === 0 ? from : from.toReversed()
    await write(ctx, { action: 'UPDATE_WORKSPACE', lanes: ordered }, async () => ({
      answer: {},
      changes: [],
      audit: { type: 'workspace', id: workspaceId },
    }))
  }
  await Promise.all(Array.from({ length: 80 }, (_, turn) => take(turn)))
  const rows = await storesOf(app).main.reader.selectFrom('lane').select('version').where('id', 'in', ids).execute()
  expect(rows.map((row) => row.version)).toEqual([80, 80, 80, 80])
  await stores.close()
  const again = await openStores({ ...database.options, pool: { read: 1, write: 1 } })
  onTestFinished(() => again.close())
  expect(await deadlocksIn(again)).toBe(0)
})
