import { eachDialect } from '@steward/db/testing'
import { describe, expect, it } from 'vitest'
import type { Lifecycle } from '../area.ts'
import { composeAreas } from '../area.ts'
import { callerFor, seedMember, seedPerson, seedWorkspace, testApp } from '../app.testing.ts'
import { storesOf } from '../app-context.ts'
import { appRouter, areas } from '../../root.ts'

const events = [
  'workspaceDeleted',
  'workspaceTransferred',
  'accountDeleted',
  'personDeleted',
  'memberDeleted',
  'botDeleted',
  'botTransferred',
] as const

describe('areas', () => {
  it('do not contribute the same name twice', () => {
    const one = { ids: { bot: 'bot' } }
    expect(() => composeAreas([one, one])).toThrow('Two areas contribute "bot" to the ids.')
  })

  it('offer both scopes of what some rule asks a scope for', () => {
    const rule = { scope: 'any', roles: [], key: 'thing:read' } as const
    expect(composeAreas([{ permissions: { 'thing.get': rule } }]).keyScopes).toEqual(['thing:read', 'thing:write'])
  })
})

eachDialect('what an area does when something of another goes', (open) => {
  async function fixture(answer: () => Promise<void> = async () => {}) {
    const heard: [string, object][] = []
    const listener = Object.fromEntries(
      events.map((name) => [
        name,
        async (_tx: unknown, about: object) => {
          heard.push([name, about])
          await answer()
          return { outbox: [{ topic: 'blob.collect', payload: { hashes: [name] } }] }
        },
      ]),
    ) as Lifecycle
    const { app } = testApp(await open(), { areas: { ...areas, lifecycle: [...areas.lifecycle, listener] } })
    const owner = await seedPerson(app, 'owner@example.com')
    const workspaceId = await seedWorkspace(app, owner)
    const promised = async () =>
      (await storesOf(app).main.reader.selectFrom('outbox').select('payload').orderBy('id').execute()).map(
        ({ payload }) => JSON.parse(payload).hashes[0] as string,
      )
    return { app, call: callerFor(appRouter, app), owner, workspaceId, heard, promised }
  }

  it('is heard of each event, and what follows is part of the write', async () => {
    const { app, call, owner, workspaceId, heard, promised } = await fixture()
    const api = call(owner.actor)
    const guest = await seedPerson(app, 'guest@example.com')
    const memberId = await seedMember(app, workspaceId, { ...guest, role: 'viewer' })
    const second = await seedWorkspace(app, owner, 'Second')
    const { bot } = await api.bot.create({ workspaceId, name: 'one' })
    await api.bot.transfer({ id: bot.id, targetWorkspaceId: second })
    await api.bot.delete({ id: bot.id })
    await api.member.delete({ workspaceId, id: memberId })
    await call(guest.actor).me.delete({})
    const { account, workspace } = await api.account.create({ name: 'Acme', workspaceName: 'First' })
    const offer = await api.account.offerWorkspace({
      accountId: owner.accountId,
      workspaceId: second,
      toAccountId: account.id,
    })
    await api.account.acceptWorkspace({ accountId: account.id, transferId: offer.id })
    await api.workspace.delete({ id: second })
    await api.account.delete({ accountId: account.id })
    expect(heard).toEqual([
      ['botTransferred', { botId: bot.id, fromWorkspaceId: workspaceId, toWorkspaceId: second }],
      ['botDeleted', { workspaceId: second, botId: bot.id }],
      ['memberDeleted', { workspaceId, userId: guest.userId }],
      ['personDeleted', { userId: guest.userId }],
      ['accountDeleted', { accountId: guest.accountId }],
      ['workspaceTransferred', { workspaceId: second, fromAccountId: owner.accountId, toAccountId: account.id }],
      ['workspaceDeleted', { workspaceId: second }],
      ['workspaceDeleted', { workspaceId: workspace.id }],
      ['accountDeleted', { accountId: account.id }],
    ])
    expect((await promised()).toSorted()).toEqual(heard.map(([name]) => name).toSorted())
  })

  it('can refuse it, and then nothing has happened', async () => {
    const { call, owner, workspaceId, promised } = await fixture(() => Promise.reject(new Error('not now')))
    const api = call(owner.actor)
    const { bot } = await api.bot.create({ workspaceId, name: 'one' })
    await expect(api.bot.delete({ id: bot.id })).rejects.toThrow('not now')
    expect((await api.bot.get({ id: bot.id })).bot.name).toBe('one')
    expect(await promised()).toEqual([])
  })
})
