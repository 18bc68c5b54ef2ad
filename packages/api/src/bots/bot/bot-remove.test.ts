import type { Gauge } from '../../core/app-context.ts'
import { botKeyRow } from '@steward/testkit'
import { eachDialect } from '@steward/db/testing'
import { expect, it } from 'vitest'
import { ApiError } from '../../core/errors.ts'
import { storesOf } from '../../core/app-context.ts'
import type { Role } from '../../core/access/rule.ts'
import { roles } from '../../core/access/rule.ts'
import { sha256 } from '../../core/secrets.ts'
import { anonymous, seedMember, seedPerson, seedWorkspace } from '../../core/app.testing.ts'
import type { Fixture } from './fixture.testing.ts'
import { auditOf, changeOf, countOf, join, makeFixture, tables } from './fixture.testing.ts'

const refused = (type: string) => expect.objectContaining({ type })

eachDialect('bot.delete', (open) => {
  it('takes everything along and hands its code to the collector', async () => {
    const s = await makeFixture(await open())
    const owner = s.as(s.owner.actor)
    const { bot } = await owner.create({
      workspaceId: s.workspaceId,
      name: 'Gone',
      code: 'one',
      tags: { a: '1' },
      secrets: { KEY: 'x' },
    })
    await owner.update({ id: bot.id, code: 'two' })
    expect(await owner.delete({ id: bot.id })).toEqual({})
    await expect(owner.get({ id: bot.id })).rejects.toThrow(refused('ResourceNotFound'))
    expect((await owner.list({ workspaceId: s.workspaceId })).bots).toEqual([])
    for (const table of ['bot', 'bot_tag', 'bot_secret', 'bot_signing_secret', 'version', 'deployment'] as const)
      expect(await tables(s).selectFrom(table).selectAll().execute()).toEqual([])
    expect(await countOf(s)).toBe(0)
    expect(await changeOf(s, s.workspaceId, bot.id)).toEqual({ type: 'bot', deleted: 1 })
    const message = await tables(s).selectFrom('outbox').select(['topic', 'payload']).executeTakeFirstOrThrow()
    const { hashes } = JSON.parse(message.payload) as { hashes: string[] }
    expect(message.topic).toBe('blob.collect')
    expect(hashes.toSorted()).toEqual([sha256('one'), sha256('two')].toSorted())
    const record = (await auditOf(s)).at(-1)
    expect(record).toMatchObject({ action: 'DELETE_BOT', resource_id: bot.id, payload: { resourceName: 'Gone' } })
  })

  it('happens once when two delete at once, and once per idempotency key', async () => {
    const s = await makeFixture(await open())
    const owner = s.as(s.owner.actor)
    const make = async () => (await owner.create({ workspaceId: s.workspaceId })).bot.id
    const [id, other] = [await make(), await make()]
    const results = await Promise.allSettled([owner.delete({ id }), owner.delete({ id })])
    expect(results.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
    expect(results.find(({ status }) => status === 'rejected')).toMatchObject({ reason: refused('ResourceNotFound') })
    expect(await countOf(s)).toBe(1)
    const keyed = s.as(s.owner.actor, { idempotencyKey: 'k' })
    expect(await Promise.all([keyed.delete({ id: other }), keyed.delete({ id: other })])).toEqual([{}, {}])
    expect(await keyed.delete({ id: other })).toEqual({})
    expect(await countOf(s)).toBe(0)
    expect((await auditOf(s)).filter(({ action }) => action === 'DELETE_BOT')).toHaveLength(2)
  })

  it('does not count dev bots down', async () => {
    const s = await makeFixture(await open())
    const owner = s.as(s.owner.actor)
    await owner.create({ workspaceId: s.workspaceId })
    const { bot } = await owner.create({ workspaceId: s.workspaceId, dev: true })
    await owner.delete({ id: bot.id })
    expect(await countOf(s)).toBe(1)
  })

  it('is the creator’s right for developers and managers, anyone’s from administrator up', async () => {
    const s = await makeFixture(await open())
    const { bot } = await s.as(s.owner.actor).create({ workspaceId: s.workspaceId })
    for (const role of ['developer', 'manager'] as const) {
      const person = await join(s, role)
      await expect(s.as(person.actor).delete({ id: bot.id })).rejects.toThrow(refused('Forbidden'))
      const mine = (await s.as(person.actor).create({ workspaceId: s.workspaceId })).bot
      expect(await s.as(person.actor).delete({ id: mine.id })).toEqual({})
    }
    expect(await s.as((await join(s, 'administrator')).actor).delete({ id: bot.id })).toEqual({})
  })
})

eachDialect('bot.transfer', (open) => {
  async function fixture(overrides: Parameters<typeof makeFixture>[1] = {}) {
    const s = await makeFixture(await open(), overrides)
    const { bot } = await s
      .as(s.owner.actor)
      .create({ workspaceId: s.workspaceId, name: 'Mover', tags: { a: '1' }, code: 'c', secrets: { KEY: 'x' } })
    return { s, bot, owner: s.as(s.owner.actor) }
  }

  it('moves the bot with all it has: gauges, lanes, records, tags', async () => {
    const { s, bot, owner } = await fixture()
    const [stays, leaves] = [await join(s, 'viewer'), await join(s, 'viewer')]
    await seedMember(s.app, s.otherId, { ...stays, role: 'viewer' })
    await storesOf(s.app).main.write(async (tx) => {
      await tx.updateTable('bot').set({ access: 'SELECTED_USERS' }).execute()
      await tx
        .insertInto('bot_access')
        .values([stays, leaves].map((p) => ({ bot_id: bot.id, user_id: p.userId })))
        .execute()
      await tx
        .insertInto('bot_key')
        .values(botKeyRow({ id: 'bak_1', bot_id: bot.id, hash: 'h' }))
        .execute()
    })
    expect(await owner.transfer({ id: bot.id, targetWorkspaceId: s.otherId })).toEqual({})
    const moved = (await owner.get({ id: bot.id, workspaceId: s.otherId })).bot
    expect(moved).toMatchObject({ name: 'Mover', tags: { a: '1' }, secrets: ['KEY'], deployedAt: bot.deployedAt })
    await expect(owner.get({ id: bot.id, workspaceId: s.workspaceId })).rejects.toThrow(refused('ResourceNotFound'))
    expect([await countOf(s), await countOf(s, s.otherId)]).toEqual([0, 1])
    expect((await owner.list({ workspaceId: s.otherId, tags: { a: '1' } })).bots).toHaveLength(1)
    expect((await owner.list({ workspaceId: s.workspaceId })).bots).toHaveLength(0)
    expect(await changeOf(s, s.workspaceId, bot.id)).toEqual({ type: 'bot', deleted: 1 })
    expect(await changeOf(s, s.otherId, bot.id)).toEqual({ type: 'bot', deleted: 0 })
    for (const lane of [s.workspaceId, s.otherId])
      expect((await auditOf(s, lane)).at(-1)).toMatchObject({
        action: 'TRANSFER_BOT',
        payload: { resourceName: null, before: { workspaceId: s.workspaceId }, after: { workspaceId: s.otherId } },
      })
    expect(await tables(s).selectFrom('bot_access').select('user_id').execute()).toEqual([{ user_id: stays.userId }])
    expect(await tables(s).selectFrom('bot').select('access').executeTakeFirst()).toEqual({
      access: 'ALL_WORKSPACE_USERS',
    })
    expect(await tables(s).selectFrom('bot_key').select('id').execute()).toHaveLength(1)
    expect(await tables(s).selectFrom('version').select('id').execute()).toHaveLength(1)
  })

  it('needs the right to move here and to create there', async () => {
    const { s, bot, owner } = await fixture()
    const foreign = await seedWorkspace(s.app, await seedPerson(s.app, 'foreign@example.com'))
    await expect(owner.transfer({ id: bot.id, targetWorkspaceId: s.workspaceId })).rejects.toThrow(
      refused('InvalidPayload'),
    )
    await expect(owner.transfer({ id: bot.id, targetWorkspaceId: foreign })).rejects.toThrow(
      refused('ReferenceNotFound'),
    )
    const manager = await join(s, 'manager')
    await expect(s.as(manager.actor).transfer({ id: bot.id, targetWorkspaceId: s.otherId })).rejects.toThrow(
      refused('ReferenceNotFound'),
    )
    await seedMember(s.app, s.otherId, { ...manager, role: 'viewer' })
    await expect(s.as(manager.actor).transfer({ id: bot.id, targetWorkspaceId: s.otherId })).rejects.toThrow(
      refused('Forbidden'),
    )
    expect(await countOf(s)).toBe(1)
    await storesOf(s.app).main.write((tx) =>
      tx
        .updateTable('member')
        .set({ role: 'developer' })
        .where('user_id', '=', manager.userId)
        .where('workspace_id', '=', s.otherId)
        .execute(),
    )
    expect(await s.as(manager.actor).transfer({ id: bot.id, targetWorkspaceId: s.otherId })).toEqual({})
  })

  it('asks for the quota of the target', async () => {
    let full = ''
    const { s, bot, owner } = await fixture({
      quota: async (_app, _tx, gauges) => {
        const isFull = (gauge: Gauge) => 'workspaceId' in gauge.in && gauge.in.workspaceId === full && gauge.delta > 0
        if (gauges.some(isFull)) throw new ApiError('QuotaExceeded', 'Full.')
      },
    })
    full = s.otherId
    await expect(owner.transfer({ id: bot.id, targetWorkspaceId: s.otherId })).rejects.toThrow(refused('QuotaExceeded'))
    expect([await countOf(s), await countOf(s, s.otherId)]).toEqual([1, 0])
  })

  it('keeps the gauges right when bots cross in both directions at once', async () => {
    const { s, owner } = await fixture()
    const make = async (workspaceId: string) => (await owner.create({ workspaceId })).bot.id
    const there = await Promise.all(Array.from({ length: 6 }, () => make(s.workspaceId)))
    const back = await Promise.all(Array.from({ length: 6 }, () => make(s.otherId)))
    const [twice = '', ...once] = there
    const [pair] = await Promise.all([
      Promise.allSettled([1, 2].map(() => owner.transfer({ id: twice, targetWorkspaceId: s.otherId }))),
      ...once.map((id) => owner.transfer({ id, targetWorkspaceId: s.otherId })),
      ...back.map((id) => owner.transfer({ id, targetWorkspaceId: s.workspaceId })),
    ])
    expect(pair.map(({ status }) => status)).toContain('fulfilled')
    const counted = async (id: string) => (await owner.list({ workspaceId: id, pageSize: 100 })).bots.length
    expect([await countOf(s), await countOf(s, s.otherId)]).toEqual([7, 6])
    expect([await counted(s.workspaceId), await counted(s.otherId)]).toEqual([7, 6])
  })
})

eachDialect('who may use bots', (open) => {
  const allowed: Record<string, readonly Role[]> = {
    create: ['developer', 'manager', 'administrator', 'owner'],
    list: roles,
    get: roles,
    update: ['developer', 'manager', 'administrator', 'owner'],
    transfer: ['manager', 'administrator', 'owner'],
    delete: ['administrator', 'owner'],
  }

  async function calls(s: Fixture) {
    const { bot } = await s.as(s.owner.actor).create({ workspaceId: s.workspaceId })
    return {
      create: (as: ReturnType<Fixture['as']>) => as.create({ workspaceId: s.workspaceId }),
      list: (as: ReturnType<Fixture['as']>) => as.list({ workspaceId: s.workspaceId }),
      get: (as: ReturnType<Fixture['as']>) => as.get({ id: bot.id }),
      update: (as: ReturnType<Fixture['as']>) => as.update({ id: bot.id, name: 'New' }),
      transfer: (as: ReturnType<Fixture['as']>) => as.transfer({ id: bot.id, targetWorkspaceId: s.otherId }),
      delete: (as: ReturnType<Fixture['as']>) => as.delete({ id: bot.id }),
    }
  }

  it('lets the roles of the table in, and no other', async () => {
    const s = await makeFixture(await open())
    for (const role of roles.filter((name) => name !== 'owner')) {
      const person = await join(s, role)
      await seedMember(s.app, s.otherId, { ...person, role: 'administrator' })
      for (const name of ['create', 'list', 'get', 'update', 'transfer', 'delete'] as const) {
        const call = (await calls(s))[name](s.as(person.actor))
        if (allowed[name]?.includes(role)) await expect(call).resolves.toBeDefined()
        else await expect(call).rejects.toThrow(refused('Forbidden'))
      }
    }
  })

  it('does not exist for strangers, asks the nameless for a token', async () => {
    const s = await makeFixture(await open())
    const stranger = await seedPerson(s.app, 'stranger@example.com')
    for (const call of Object.values(await calls(s))) {
      await expect(call(s.as(stranger.actor))).rejects.toThrow(refused('ResourceNotFound'))
      await expect(call(s.as(anonymous))).rejects.toThrow(refused('Unauthorized'))
    }
  })
})
