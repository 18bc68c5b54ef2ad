import { eachDialect } from '@steward/db/testing'
import { expect, it } from 'vitest'
import { atOnce, reasonsOf, recordsOf, fixture, seedVersionedBot } from '../account/account.testing.ts'
import { hashOf } from '../../audit/fixture.testing.ts'
import { genesis } from '../../core/write/audit-chain.ts'

const refused = (type: string) => ({ type })

eachDialect('workspace: delete', (open) => {
  it('takes everything with it and keeps a trail that verifies', async () => {
    const s = await fixture(await open())
    const { id } = await s.mine.workspace.create({ name: 'Doomed' })
    await s.mine.workspace.setPreference({ workspaceId: id, key: 'k', value: 1 })
    await seedVersionedBot(s.app, id, 'hash-b')
    await seedVersionedBot(s.app, id, 'hash-a')
    expect(await s.mine.workspace.delete({ id })).toEqual({})
    await expect(s.mine.workspace.get({ id })).rejects.toMatchObject(refused('ResourceNotFound'))
    for (const table of ['bot', 'member', 'workspace'] as const) {
      const column = table === 'workspace' ? 'id' : 'workspace_id'
      const left = await s.db
        .selectFrom(table)
        .select('id')
        .where(column as 'id', '=', id)
        .execute()
      expect(left).toEqual([])
    }
    expect(await s.db.selectFrom('version').select('id').execute()).toEqual([])
    expect(await s.db.selectFrom('preference').select('key').execute()).toEqual([])
    const outbox = await s.db.selectFrom('outbox').select(['topic', 'payload']).execute()
    expect(outbox.map((row) => ({ ...row, payload: JSON.parse(row.payload) as unknown }))).toEqual([
      { topic: 'blob.collect', payload: { hashes: ['hash-a', 'hash-a-old', 'hash-b', 'hash-b-old'] } },
    ])
    const chain = await recordsOf(s.db, id)
    expect(chain.map((r) => r.action)).toEqual(['CREATE_WORKSPACE', 'UPDATE_WORKSPACE', 'CLOSE_WORKSPACE'])
    let prev = genesis
    for (const r of chain) {
      expect(r.prev).toBe(prev)
      expect(hashOf(r)).toBe(r.hash)
      prev = r.hash
    }
  })

  it('leaves a tombstone of its own version for all that readers of the lane knew', async () => {
    const s = await fixture(await open())
    const { id } = await s.mine.workspace.create({ name: 'Doomed' })
    await s.mine.workspace.setPreference({ workspaceId: id, key: 'k', value: 1 })
    await s.mine.workspace.delete({ id })
    const lane = await s.db.selectFrom('lane').select('version').where('id', '=', id).executeTakeFirstOrThrow()
    const changes = await s.db.selectFrom('change').selectAll().where('lane_id', '=', id).orderBy('type').execute()
    expect(changes.map((change) => change.type)).toEqual(['member', 'preference', 'workspace'])
    for (const change of changes) expect(change).toMatchObject({ deleted: 1, version: lane.version })
  })

  it('belongs to the owner and spares the last workspace of an account', async () => {
    const s = await fixture(await open())
    await expect(s.mine.workspace.delete({ id: s.workspaceId })).rejects.toMatchObject({
      type: 'ReferenceConstraint',
      message: expect.stringContaining('Create another workspace'),
    })
    await s.mine.workspace.create({ name: 'Second' })
    const administrator = (await s.joined('administrator')).workspace
    await expect(administrator.delete({ id: s.workspaceId })).rejects.toMatchObject(refused('Forbidden'))
    const foreign = s.as(s.stranger.actor).workspace.delete({ id: s.workspaceId })
    await expect(foreign).rejects.toMatchObject(refused('ResourceNotFound'))
    expect(await recordsOf(s.db, s.workspaceId)).toEqual([])
  })

  it('keeps one workspace when all are deleted at once', async () => {
    const s = await fixture(await open())
    const ids = [s.workspaceId]
    for (const name of ['b', 'c']) ids.push((await s.mine.workspace.create({ name })).id)
    const deleted = await atOnce(
      s.app,
      ids,
      ids.map((id) => () => s.mine.workspace.delete({ id })),
    )
    expect(deleted.filter((result) => result.status === 'fulfilled')).toHaveLength(2)
    const [loser] = reasonsOf(deleted)
    expect(loser).toMatchObject(refused('ReferenceConstraint'))
    expect((await s.mine.workspace.list({})).workspaces).toHaveLength(1)
  })

  it('answers a repeat with the same idempotency key', async () => {
    const s = await fixture(await open())
    const { id } = await s.mine.workspace.create({ name: 'Doomed' })
    const keyed = s.as(s.owner.actor, { idempotencyKey: 'gone' }).workspace
    expect(await Promise.all([keyed.delete({ id }), keyed.delete({ id })])).toEqual([{}, {}])
    expect(await keyed.delete({ id })).toEqual({})
    expect((await recordsOf(s.db, id)).filter((r) => r.action === 'CLOSE_WORKSPACE')).toHaveLength(1)
  })
})
