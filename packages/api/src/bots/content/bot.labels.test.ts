import { eachDialect } from '@steward/db/testing'
import { expect, test } from 'vitest'
import { auditRouter } from '../../audit/audit.router.ts'
import type { Actor } from '../../core/context.ts'
import { callerFor, seedMember, seedPerson, seedWorkspace, testApp } from '../../core/app.testing.ts'
import { router } from '../../core/procedure/trpc.ts'
import { memberRouter } from '../../people/member.router.ts'
import { botRouter } from '../bot.router.ts'

const routes = router({ audit: auditRouter, bot: botRouter, member: memberRouter })

eachDialect('what a record of the audit trail is about', (open) => {
  async function fixture() {
    const { app } = testApp(await open())
    const call = callerFor(routes, app)
    const owner = await seedPerson(app, 'owner@example.com')
    const manager = await seedPerson(app, 'manager@example.com')
    const id = await seedWorkspace(app, owner)
    await seedMember(app, id, { ...manager, role: 'manager' })
    const about = async (actor: Actor, recordId: string) =>
      (await call(actor).audit.describe({ id, recordId })).record.resource
    const newest = async () => (await call(owner.actor).audit.list({ id, pageSize: 1 })).records[0]?.id ?? ''
    return { app, call, owner, manager, id, about, newest }
  }

  test('is called as it is today, to who sees it, while it is there', async () => {
    const { call, owner, manager, id, about, newest } = await fixture()
    const { bot } = call(owner.actor)
    const botId = (await bot.create({ workspaceId: id, name: 'first' })).bot.id
    const record = await newest()
    await bot.update({ id: botId, name: 'second' })
    const shown = { name: 'second', path: `/w/${id}/bots/${botId}/overview` }
    expect(await about(manager.actor, record)).toEqual(shown)
    await bot.updateAllowlist({ botId, setting: 'SELECTED_USERS' })
    expect(await about(manager.actor, record)).toBeNull()
    expect(await about(owner.actor, record)).toEqual(shown)
    await bot.updateAllowlist({ botId, setting: 'SELECTED_USERS', users: { [manager.userId]: true } })
    expect(await about(manager.actor, record)).toEqual(shown)
    await bot.delete({ id: botId })
    expect(await about(owner.actor, record)).toBeNull()
  })

  test('may be a member', async () => {
    const { call, owner, manager, id, about, newest } = await fixture()
    const { member } = await call(owner.actor).member.invite({
      workspaceId: id,
      email: 'new@example.com',
      role: 'viewer',
    })
    await call(owner.actor).member.update({ workspaceId: id, id: member.id, role: 'billing' })
    expect(await about(manager.actor, await newest())).toEqual({
      name: 'new@example.com',
      path: `/w/${id}/members`,
      search: { inspect: member.id },
    })
  })
})
