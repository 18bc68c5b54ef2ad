import { storesOf } from '../../core/app-context.ts'
import { seedBot } from '../bot/bot.testing.ts'
import { eachDialect } from '@steward/db/testing'
import { expect, test } from 'vitest'
import { authenticateBearer } from '../../core/access/authenticate.ts'
import type { Actor } from '../../core/context.ts'
import { createCallerFactory, router } from '../../core/procedure/trpc.ts'
import { seedMember, seedPerson, seedWorkspace, testRequest } from '../../core/app.testing.ts'
import { meApp, seedBotKey } from '../../people/me/me.testing.ts'
import { botRouter } from '../bot.router.ts'

const call = createCallerFactory(router({ bot: botRouter }))

function bots(stores: Parameters<typeof meApp>[0]) {
  const { app, me } = meApp(stores)
  const bot = (actor: Actor) => call({ app, actor, request: testRequest }).bot
  const bearer = async (value: string) => bot(await authenticateBearer(app, value))
  return { app, me, bot, bearer }
}

eachDialect('introspect', (open) => {
  test('tells members what their token acts for; refuses foreign and unknown bots alike', async () => {
    const { app, bot, me, bearer } = bots(await open())
    const [ada, bob] = [await seedPerson(app, 'ada@example.com'), await seedPerson(app, 'bob@example.com')]
    const workspaceId = await seedWorkspace(app, ada)
    const botId = await seedBot(app, workspaceId)
    const { pat } = await me(ada.actor).createToken({ note: 'x' })
    expect(await (await bearer(pat.value)).introspect({ botId })).toEqual({ botId, workspaceId, userId: ada.userId })
    for (const [actor, id] of [
      [bob.actor, botId],
      [ada.actor, 'bot_unknown'],
    ] as const)
      await expect(bot(actor).introspect({ botId: id })).rejects.toMatchObject({ type: 'Forbidden' })
    await seedMember(app, workspaceId, { ...bob, role: 'viewer' })
    expect(await bot(bob.actor).introspect({ botId })).toMatchObject({ userId: bob.userId })
    const { pat: narrow } = await me(ada.actor).createToken({ note: 'x', scopes: ['me:read'] })
    await expect((await bearer(narrow.value)).introspect({ botId })).rejects.toMatchObject({ type: 'Forbidden' })
    const other = await seedWorkspace(app, ada, 'Other')
    const { pat: bound } = await me(ada.actor).createToken({ note: 'x', boundWorkspaceId: other })
    await expect((await bearer(bound.value)).introspect({ botId })).rejects.toMatchObject({ type: 'Forbidden' })
  })

  test('a bot key knows its own bot only, and who made it', async () => {
    const { app, bearer } = bots(await open())
    const ada = await seedPerson(app, 'ada@example.com')
    const workspaceId = await seedWorkspace(app, ada)
    const [botId, sister] = [await seedBot(app, workspaceId), await seedBot(app, workspaceId)]
    const made = await seedBotKey(app, botId, ada.userId)
    const orphan = await seedBotKey(app, botId, null)
    const asKey = await bearer(made.value)
    expect(await asKey.introspect({ botId })).toEqual({ botId, workspaceId, userId: ada.userId })
    expect(await (await bearer(orphan.value)).introspect({ botId })).toMatchObject({ userId: orphan.id })
    await expect(asKey.introspect({ botId: sister })).rejects.toMatchObject({ type: 'Forbidden' })
    await expect(asKey.get({ id: botId })).rejects.toMatchObject({ type: 'Forbidden' })
    await storesOf(app).main.write((tx) => tx.deleteFrom('bot_key').where('id', '=', made.id).execute())
    await expect(bearer(made.value)).rejects.toMatchObject({ type: 'Unauthorized' })
  })
})
