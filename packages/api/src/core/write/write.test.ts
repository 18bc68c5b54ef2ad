import { moveGauge } from './lifecycle.ts'
import { eachDialect } from '@steward/db/testing'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { authorize } from '../access/access.ts'
import { hashOf } from '../../audit/fixture.testing.ts'
import { genesis, payloadHash } from './audit-chain.ts'
import type { RequestInfo, WorkspaceContext } from '../context.ts'
import type { Committed } from './events.ts'
import type { AppContext } from '../app-context.ts'
import { storesOf } from '../app-context.ts'
import { read } from './read.ts'
import type { SeededPerson } from '../app.testing.ts'
import { seedMember, seedPerson, seedToken, seedWorkspace, testApp, testRequest } from '../app.testing.ts'
import type { Written } from './write.ts'
import { write } from './write.ts'

interface Fixture {
  app: AppContext
  owner: SeededPerson
  workspaceId: string
}

async function contextOf(
  fixture: Fixture,
  request: Partial<RequestInfo> & { hash?: string } = {},
): Promise<WorkspaceContext> {
  const { hash = 'same', ...info } = request
  const base = { app: fixture.app, actor: fixture.owner.actor, request: { ...testRequest, ...info } }
  const idempotency = info.idempotencyKey ? { key: info.idempotencyKey, requestHash: hash } : undefined
  return authorize({ ...base, idempotency }, 'workspace.update', { workspaceId: fixture.workspaceId })
}

/** Renames the workspace: the smallest real write. */
function rename(fixture: Fixture, ctx: WorkspaceContext, name: string): Promise<{ name: string }> {
  return write(ctx, 'UPDATE_WORKSPACE', async (tx): Promise<Written<{ name: string }>> => {
    await tx.updateTable('workspace').set({ name }).where('id', '=', fixture.workspaceId).execute()
    return {
      answer: { name },
      changes: [{ type: 'workspace', id: fixture.workspaceId }],
      audit: { type: 'workspace', id: fixture.workspaceId, name, after: { name } },
    }
  })
}

eachDialect('write', (open, engine) => {
  async function fixture(): Promise<Fixture> {
    const { app } = testApp(await open())
    const owner = await seedPerson(app, 'owner@example.com')
    return { app, owner, workspaceId: await seedWorkspace(app, owner) }
  }
  const db = (s: Fixture) => storesOf(s.app).main.reader
  const lane = (s: Fixture) =>
    db(s).selectFrom('lane').selectAll().where('id', '=', s.workspaceId).executeTakeFirstOrThrow()
  const records = (s: Fixture) =>
    db(s).selectFrom('audit_record').selectAll().where('lane_id', '=', s.workspaceId).orderBy('seq').execute()
  const nameNow = async (s: Fixture) =>
    (await db(s).selectFrom('workspace').select('name').where('id', '=', s.workspaceId).executeTakeFirstOrThrow()).name

  // SQLite writes one after the other, and has no connections that a crowd could keep.
  it.runIf(engine === 'postgres')('leaves others their turn while a crowd waits for one workspace', async () => {
    const s = await fixture()
    const quiet = { ...s, workspaceId: await seedWorkspace(s.app, s.owner, 'Quiet') }
    const ctx = await contextOf(s)
    const [begun, over] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    const holding = write(ctx, 'UPDATE_WORKSPACE', async (): Promise<Written<null>> => {
      begun.resolve()
      await over.promise
      return { answer: null, changes: [], audit: { type: 'workspace', id: s.workspaceId } }
    })
    await begun.promise
    // More than the store has connections.
    const theirs = await Promise.all(Array.from({ length: 30 }, () => contextOf(s)))
    const crowd = theirs.map((one, i) => rename(s, one, `crowd ${i}`))
    const other = rename(quiet, await contextOf(quiet), 'done').then(() => 'done')
    const first = await Promise.race([other, sleep(3000, 'still waiting')])
    over.resolve()
    await Promise.all([holding, other, ...crowd])
    expect(first).toBe('done')
    expect((await records(s)).map(({ seq }) => seq)).toEqual(Array.from({ length: 31 }, (_, i) => i + 1))
  })

  it('commits the row, the version, the change, the record and its payload together', async () => {
    const s = await fixture()
    expect(await rename(s, await contextOf(s), 'One')).toEqual({ name: 'One' })
    const [record] = await records(s)
    expect(await lane(s)).toMatchObject({ version: 1, audit_seq: 1, audit_head: record?.hash })
    expect(await db(s).selectFrom('change').selectAll().execute()).toEqual([
      { lane_id: s.workspaceId, type: 'workspace', entity_id: s.workspaceId, version: 1, deleted: 0 },
    ])
    expect(record).toMatchObject({
      seq: 1,
      prev: genesis,
      action: 'UPDATE_WORKSPACE',
      operation: 'workspace.update',
      actor_id: s.owner.userId,
    })
    const payload = await db(s).selectFrom('audit_payload').selectAll().executeTakeFirstOrThrow()
    expect(payloadHash(payload.salt, payload.payload)).toBe(record?.payload_hash)
    expect(JSON.parse(payload.payload)).toMatchObject({ resourceName: 'One', after: { name: 'One' }, ip: '127.0.0.1' })
  })

  it('keeps versions and the chain dense under 40 writers at once', async () => {
    const s = await fixture()
    await Promise.all(Array.from({ length: 40 }, async (_, i) => rename(s, await contextOf(s), `n${i}`)))
    const chain = await records(s)
    expect(chain.map((r) => r.seq)).toEqual(Array.from({ length: 40 }, (_, i) => i + 1))
    let prev = genesis
    for (const r of chain) {
      expect(r.prev).toBe(prev)
      expect(hashOf(r)).toBe(r.hash)
      prev = r.hash
    }
    expect(await lane(s)).toMatchObject({ version: 40, audit_seq: 40, audit_head: prev })
  })

  it('writes nothing at all when the closure throws', async () => {
    const s = await fixture()
    const before = await nameNow(s)
    const failing = write(await contextOf(s), 'UPDATE_WORKSPACE', async (tx): Promise<Written<null>> => {
      await tx.updateTable('workspace').set({ name: 'half' }).where('id', '=', s.workspaceId).execute()
      throw new Error('no')
    })
    await expect(failing).rejects.toThrow('no')
    expect(await nameNow(s)).toBe(before)
    expect(await records(s)).toEqual([])
    expect(await lane(s)).toMatchObject({ version: 0, audit_seq: 0 })
  })

  it('publishes after the commit, and not when it fails', async () => {
    const s = await fixture()
    const seen: Array<{ event: Committed; name: string }> = []
    const names: string[] = []
    s.app.events.subscribe(s.workspaceId, (event) => seen.push({ event, name: names.at(-1) ?? '' }))
    const ctx = await contextOf(s)
    await write(ctx, 'UPDATE_WORKSPACE', async (tx) => {
      await tx.updateTable('workspace').set({ name: 'live' }).where('id', '=', s.workspaceId).execute()
      expect(seen).toEqual([])
      names.push('inside')
      return {
        answer: null,
        changes: [{ type: 'workspace', id: s.workspaceId }],
        audit: { type: 'workspace', id: s.workspaceId },
      }
    })
    expect(seen.map(({ event, name }) => [event.version, event.changes.length, name])).toEqual([[1, 1, 'inside']])
    await expect(
      write(await contextOf(s), 'UPDATE_WORKSPACE', async () => Promise.reject(new Error('no'))),
    ).rejects.toThrow('no')
    expect(seen).toHaveLength(1)
  })

  it('asks for the rights again inside the transaction', async () => {
    const s = await fixture()
    const other = await seedPerson(s.app, 'admin@example.com')
    const memberId = await seedMember(s.app, s.workspaceId, { ...other, role: 'administrator' })
    const ctx = await contextOf({ ...s, owner: other })
    await storesOf(s.app).main.write((tx) =>
      tx.updateTable('member').set({ role: 'viewer' }).where('id', '=', memberId).execute(),
    )
    await expect(rename(s, ctx, 'late')).rejects.toMatchObject({ type: 'Forbidden' })
    await storesOf(s.app).main.write((tx) => tx.deleteFrom('member').where('id', '=', memberId).execute())
    await expect(rename(s, ctx, 'late')).rejects.toMatchObject({ type: 'ResourceNotFound' })
    expect(await nameNow(s)).toBe('Workspace')
  })

  it('refuses a token that was revoked between the check and the write', async () => {
    const s = await fixture()
    const token = await seedToken(s.app, s.owner)
    const actor = {
      ...s.owner.actor,
      credential: { kind: 'token', id: token.id, scopes: null, workspaceId: null },
    } as SeededPerson['actor']
    const ctx = await contextOf({ ...s, owner: { ...s.owner, actor } })
    await storesOf(s.app).main.write((tx) =>
      tx.deleteFrom('personal_access_token').where('id', '=', token.id).execute(),
    )
    await expect(rename(s, ctx, 'late')).rejects.toMatchObject({ type: 'Unauthorized' })
    expect(await nameNow(s)).toBe('Workspace')
  })

  it('answers a repeated idempotency key from store, with one effect, also at once', async () => {
    const s = await fixture()
    const both = await Promise.all(
      ['first', 'second'].map(async (name) => rename(s, await contextOf(s, { idempotencyKey: 'k1' }), name)),
    )
    expect(both[0]).toEqual(both[1])
    expect(await nameNow(s)).toBe(both[0]?.name)
    expect(await records(s)).toHaveLength(1)
    expect(await lane(s)).toMatchObject({ version: 1 })
    const stored = await db(s).selectFrom('idempotency').select('answer').executeTakeFirstOrThrow()
    expect(stored.answer).not.toContain(both[0]?.name ?? 'first')
  })

  it('refuses an idempotency key that comes back with another request', async () => {
    const s = await fixture()
    await rename(s, await contextOf(s, { idempotencyKey: 'k1' }), 'first')
    await expect(
      rename(s, await contextOf(s, { idempotencyKey: 'k1', hash: 'other' }), 'second'),
    ).rejects.toMatchObject({ type: 'AlreadyExists' })
    expect(await nameNow(s)).toBe('first')
  })

  it('writes one record in each lane of a two-sided change, whatever the order of the lanes', async () => {
    const s = await fixture()
    const second = await seedWorkspace(s.app, s.owner, 'Second')
    const lanes = [s.workspaceId, second].map((id) => ({ kind: 'workspace' as const, id }))
    await Promise.all(
      [lanes, lanes.toReversed()].map(async (order) =>
        write(await contextOf(s), { action: 'TRANSFER_BOT', lanes: order }, async () => ({
          answer: null,
          changes: [
            { type: 'bot', id: 'bot_x', deleted: true, lane: s.workspaceId },
            { type: 'bot', id: 'bot_x', lane: second },
          ],
          audit: { type: 'bot', id: 'bot_x' },
        })),
      ),
    )
    expect(await records(s)).toHaveLength(2)
    const changes = await db(s)
      .selectFrom('change')
      .select(['lane_id', 'deleted', 'version'])
      .orderBy('deleted')
      .execute()
    expect(changes).toEqual([
      { lane_id: second, deleted: 0, version: 2 },
      { lane_id: s.workspaceId, deleted: 1, version: 2 },
    ])
  })

  it('lets nobody read or write beside the open transaction', async () => {
    const s = await fixture()
    const ctx = await contextOf(s)
    await write(ctx, 'UPDATE_WORKSPACE', async () => {
      expect(() => read(ctx, async () => null)).toThrow('outside the open write')
      await expect(rename(s, ctx, 'nested')).rejects.toThrow('already has an open write')
      return { answer: null, changes: [], audit: { type: 'workspace', id: s.workspaceId } }
    })
    expect(await nameNow(s)).toBe('Workspace')
  })

  it('refuses the whole write when a quota says no', async () => {
    const s = await fixture()
    const { app } = testApp(storesOf(s.app), { quota: async () => Promise.reject(new Error('full')) })
    const ctx = await contextOf({ ...s, app })
    const growing = write(ctx, 'UPDATE_WORKSPACE', async (tx) => {
      await tx.updateTable('workspace').set({ name: 'over' }).where('id', '=', s.workspaceId).execute()
      moveGauge(tx, { type: 'bot_count', in: { workspaceId: s.workspaceId }, delta: 1 })
      return {
        answer: null,
        changes: [],
        audit: { type: 'workspace', id: s.workspaceId },
      }
    })
    await expect(growing).rejects.toThrow('full')
    expect(await nameNow(s)).toBe('Workspace')
  })
})

describe('write', () => {
  it('does not compile without an audit entry', () => {
    // @ts-expect-error an answer alone is not what a write returns
    const forgotten: Written<null> = { answer: null, changes: [] }
    expect(forgotten).toBeDefined()
  })
})
