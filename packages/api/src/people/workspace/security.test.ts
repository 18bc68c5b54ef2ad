import { sessionRow } from '@steward/testkit'
import type { Stores } from '@steward/db'
import { eachDialect } from '@steward/db/testing'
import { expect, test } from 'vitest'
import type { Actor } from '../../core/context.ts'
import type { Settings } from '../../core/app-context.ts'
import { callerFor, seedMember, seedPerson, seedToken, seedWorkspace, testApp } from '../../core/app.testing.ts'
import { authenticateBearer } from '../../core/access/authenticate.ts'
import { appRouter } from '../../root.ts'

const refused = { type: 'Forbidden', metadata: { secondFactor: true } }

async function fixture(stores: Stores, settings: Partial<Settings> = {}) {
  const { app } = testApp(stores, { settings: settings as Settings })
  const [owner, ada] = [await seedPerson(app, 'owner@example.com'), await seedPerson(app, 'ada@example.com')]
  const id = await seedWorkspace(app, owner)
  await seedMember(app, id, { ...ada, role: 'developer' })
  const actorOf = async (person: typeof ada) => authenticateBearer(app, (await seedToken(app, person)).value)
  const [asOwner, asAda] = [await actorOf(owner), await actorOf(ada)]
  const as = callerFor(appRouter, app)
  const turnOn = (userId: string) =>
    stores.main.write((tx) => tx.updateTable('user').set({ two_factor_enabled: 1 }).where('id', '=', userId).execute())
  const session = async (userId: string, mark: 0 | 1): Promise<Actor> => {
    const sessionId = app.ids.uuid()
    const ends = { expires_at: '2027-01-01T00:00:00.000Z' }
    const row = sessionRow({ id: sessionId, user_id: userId, second_factor: mark, ...ends })
    await stores.main.write((tx) => tx.insertInto('session').values(row).execute())
    return { kind: 'user', userId, credential: { kind: 'session', id: sessionId } }
  }
  return { stores, app, owner, ada, id, asOwner, asAda, as, turnOn, session }
}

eachDialect('a second factor that is required', (open) => {
  test('by a workspace, lets in who has one, by session and token; nobody shuts themselves out', async () => {
    const s = await fixture(await open())
    const change = { id: s.id, secondFactorRequired: true }
    await expect(s.as(s.asOwner).workspace.updateSecurity(change)).rejects.toMatchObject(refused)
    await s.turnOn(s.owner.userId)
    await expect(s.as(s.asAda).workspace.updateSecurity(change)).rejects.toMatchObject({ type: 'Forbidden' })
    const set = { secondFactorRequired: true, membersWithoutSecondFactor: 1 }
    expect(await s.as(s.asOwner).workspace.updateSecurity(change)).toEqual(set)
    expect(await s.as(s.asOwner).workspace.getSecurity({ id: s.id })).toEqual(set)
    const { bot } = await s.as(s.asOwner).bot.create({ workspaceId: s.id, name: 'greeter' })

    const bySession = await s.session(s.ada.userId, 0)
    for (const actor of [s.asAda, bySession]) {
      await expect(s.as(actor).workspace.get({ id: s.id })).rejects.toMatchObject(refused)
      await expect(s.as(actor).bot.get({ id: bot.id })).rejects.toMatchObject(refused)
      expect(await s.as(actor).me.get({})).toMatchObject({ account: { email: 'ada@example.com' } })
    }
    const trusted = await s.session(s.ada.userId, 1)
    expect((await s.as(trusted).workspace.get({ id: s.id })).id).toBe(s.id)
    const { value: key } = await s.as(s.asOwner).bot.createKey({ botId: bot.id, note: 'k' })
    const byKey = s.as(await authenticateBearer(s.app, key))
    expect(await byKey.bot.introspect({ botId: bot.id })).toMatchObject({ workspaceId: s.id })
    // Who works on the machine itself is not asked.
    expect(await s.as(s.ada.actor).bot.get({ id: bot.id })).toMatchObject({ bot: { id: bot.id } })
    await s.turnOn(s.ada.userId)
    for (const actor of [s.asAda, bySession]) expect((await s.as(actor).workspace.get({ id: s.id })).id).toBe(s.id)
    expect(await s.as(s.asOwner).workspace.updateSecurity({ ...change, secondFactorRequired: false })).toEqual({
      secondFactorRequired: false,
      membersWithoutSecondFactor: 0,
    })
    const { reader } = s.stores.main
    const told = await reader.selectFrom('audit_payload').select('payload').execute()
    expect(JSON.stringify(told)).toContain('secondFactorRequired')
  })

  test('by the installation, leaves only the way to set it up', async () => {
    const s = await fixture(await open(), { secondFactorRequired: true })
    await expect(s.as(s.asAda).workspace.list({})).rejects.toMatchObject(refused)
    await expect(s.as(s.asAda).me.createToken({ note: 'x' })).rejects.toMatchObject(refused)
    expect(await s.as(s.asAda).me.get({})).toMatchObject({ account: { email: 'ada@example.com' } })
    await s.turnOn(s.ada.userId)
    expect((await s.as(s.asAda).workspace.list({})).workspaces).toHaveLength(1)
  })
})
