import { areas } from '../../root.ts'
import { eachDialect } from '@steward/db/testing'
import { expect, it } from 'vitest'
import { seedBot } from '../../bots/bot/bot.testing.ts'
import { authorize } from '../../core/access/access.ts'
import type { Actor, Credential } from '../../core/context.ts'
import type { ApiError } from '../../core/errors.ts'
import { storesOf } from '../../core/app-context.ts'
import { type Permission, roleAllows, roles, type Rule } from '../../core/access/rule.ts'
import type { SeededPerson } from '../../core/app.testing.ts'
import {
  anonymous,
  callerFor,
  seedMember,
  seedPerson,
  seedWorkspace,
  testApp,
  testRequest,
} from '../../core/app.testing.ts'
import { router } from '../../core/procedure/trpc.ts'
import { memberRouter } from '../member.router.ts'

const routes = router({ member: memberRouter })

eachDialect('rights', (open) => {
  async function fixture() {
    const { app } = testApp(await open())
    const owner = await seedPerson(app, 'owner@example.com')
    const workspaceId = await seedWorkspace(app, owner)
    const people: Record<string, SeededPerson> = { owner }
    for (const role of roles.filter((one) => one !== 'owner')) {
      const person = await seedPerson(app, `${role}@example.com`)
      await seedMember(app, workspaceId, { ...person, role })
      people[role] = person
    }
    const call = callerFor(routes, app)
    const one = (name: string): SeededPerson => people[name] ?? owner
    const explain = (who: string, question: { permission: string; userId?: string; botId?: string }) =>
      call(one(who).actor).member.explain({ workspaceId, ...question })
    return { app, owner, workspaceId, call, one, explain }
  }

  it('prints the whole table for anybody', async () => {
    const s = await fixture()
    const printed = await s.call(anonymous).member.permissions({})
    expect(printed.roles).toEqual([...roles])
    expect(printed.permissions.map((one) => one.permission)).toEqual(Object.keys(areas.permissions))
    expect(printed.permissions.find((one) => one.permission === 'bot.delete')).toEqual({
      permission: 'bot.delete',
      scope: 'bot',
      roles: ['administrator', 'owner'],
      ownRoles: ['developer', 'manager'],
      key: 'bot:write',
      botKeys: false,
    })
  })

  it('answers for every role and permission of a workspace what the table says', async () => {
    const s = await fixture()
    for (const permission of Object.keys(areas.permissions) as Permission[]) {
      if (areas.permissions[permission].scope !== 'workspace') continue
      for (const role of roles) {
        const answer = await s.explain('viewer', { permission, userId: s.one(role).userId })
        expect([permission, role, answer.allowed]).toEqual([
          permission,
          role,
          roleAllows(areas.permissions[permission], role, false),
        ])
        expect(answer.decidedBy).toBe('role')
        expect(answer.who.members.map((one) => one.role).toSorted()).toEqual(answer.rule.roles.toSorted())
      }
    }
  })

  it('explains who is not a member, and hides the workspace from those who ask from outside', async () => {
    const s = await fixture()
    const stranger = await seedPerson(s.app, 'stranger@example.com')
    expect(await s.explain('viewer', { permission: 'bot.get', userId: stranger.userId })).toMatchObject({
      allowed: false,
      decidedBy: 'notAMember',
      subject: { memberId: null, role: null },
    })
    const { workspaceId } = s
    await expect(s.call(stranger.actor).member.explain({ workspaceId, permission: 'bot.get' })).rejects.toMatchObject({
      type: 'ResourceNotFound',
    })
    await expect(s.explain('viewer', { permission: 'bot.fly' })).rejects.toMatchObject({ type: 'InvalidQuery' })
  })

  it('takes the token in use into account, for oneself only', async () => {
    const s = await fixture()
    const { userId } = s.owner
    const credential = { kind: 'token', id: 'pat_x', scopes: ['member:read'], workspaceId: s.workspaceId } as const
    const withToken = s.call({ kind: 'user', userId, credential }).member
    const ask = (permission: string, about?: string) =>
      withToken.explain({ workspaceId: s.workspaceId, permission, ...(about && { userId: about }) })
    expect(await ask('workspace.delete')).toMatchObject({ allowed: false, decidedBy: 'keyScope' })
    expect(await ask('member.list')).toMatchObject({ allowed: true, decidedBy: 'role' })
    expect(await ask('bot.create', s.one('developer').userId)).toMatchObject({ allowed: true, decidedBy: 'role' })
    expect(await ask('member.permissions')).toMatchObject({ allowed: true, decidedBy: 'anyone' })
  })

  it('says of every permission, role and token what a call would get', async () => {
    const s = await fixture()
    const bots = await botsOf(s)
    /** What is not visible to who asks cannot be explained either. */
    const unseen = (cause: unknown): boolean => {
      if ((cause as ApiError).type !== 'ResourceNotFound') throw cause
      return false
    }
    let compared = 0
    const compare = async (actor: Actor, permission: Permission, botId?: string) => {
      const ctx = { app: s.app, actor, request: testRequest }
      const { workspaceId } = s
      const asked = authorize(ctx, permission, { workspaceId, accountId: s.owner.accountId, botId })
      const may = await asked.then(
        () => true,
        () => false,
      )
      const told = s.call(actor).member.explain({ workspaceId, permission, ...(botId && { botId }) })
      const allowed = await told.then((answer) => answer.allowed).catch(unseen)
      expect({ permission, actor, botId, allowed }).toEqual({ permission, actor, botId, allowed: may })
      compared += 1
    }
    for (const permission of Object.keys(areas.permissions) as Permission[]) {
      const { scope, key }: Rule = areas.permissions[permission]
      const about = scope === 'bot' ? bots : [undefined]
      // Elsewhere a role decides nothing, and one will do.
      const asked = scope === 'workspace' || scope === 'bot' ? roles : (['viewer'] as const)
      const credentials = credentialsFor(key, s.workspaceId)
      const actors = asked.flatMap((role) =>
        credentials.map((credential): Actor => ({ kind: 'user', userId: s.one(role).userId, credential })),
      )
      const everybody: Actor[] = [...actors, { kind: 'system', name: 'test' }]
      // Each bot with the person alone, and one of them with every token: what a token may does not hang on the bot.
      const pairs = everybody.flatMap((actor, index) =>
        (isToken(actor) ? about.slice(index % about.length).slice(0, 1) : about).map((botId) => ({ actor, botId })),
      )
      await Promise.all(pairs.map(({ actor, botId }) => compare(actor, permission, botId)))
    }
    expect(compared).toBeGreaterThan(Object.keys(areas.permissions).length * roles.length * 3)
  })

  const isToken = (actor: Actor): boolean => actor.kind === 'user' && actor.credential.kind === 'token'

  /** One made by somebody else, one by the developer, and two for selected people: nobody, and the developer. */
  async function botsOf({ app, workspaceId, one }: Awaited<ReturnType<typeof fixture>>): Promise<string[]> {
    const created_by = one('developer').userId
    const access = 'SELECTED_USERS'
    const selected = await seedBot(app, workspaceId, { access, created_by })
    await storesOf(app).main.write((tx) =>
      tx.insertInto('bot_access').values({ bot_id: selected, user_id: created_by }).execute(),
    )
    const others = [{}, { created_by }, { access, created_by }] as const
    return [...(await Promise.all(others.map((given) => seedBot(app, workspaceId, given)))), selected]
  }

  /** Those that may ask at all: without limits, with too few scopes, with enough; bound to the workspace and not. */
  function credentialsFor(key: string | null, bound: string): Credential[] {
    const scopes = [null, ['member:read'], ['member:read', ...(key === null ? [] : [key])]]
    const tokens = scopes.flatMap((some) =>
      [null, bound].map((workspaceId) => ({ kind: 'token', id: 'pat_x', scopes: some, workspaceId }) as const),
    )
    return [{ kind: 'local' }, ...tokens]
  }

  it('explains bots by their allowlist and their creator', async () => {
    const s = await fixture()
    const developer = s.one('developer').userId
    const botId = await seedBot(s.app, s.workspaceId, {
      access: 'SELECTED_USERS',
      created_by: developer,
    })
    const about = (role: string, permission: string) =>
      s.explain('administrator', { permission, botId, userId: s.one(role).userId })
    expect(await about('developer', 'bot.get')).toMatchObject({ allowed: false, decidedBy: 'allowlist' })
    expect(await about('administrator', 'bot.get')).toMatchObject({ allowed: true, decidedBy: 'role' })
    await expect(s.explain('viewer', { permission: 'bot.get', botId })).rejects.toMatchObject({
      type: 'ResourceNotFound',
    })
    await storesOf(s.app).main.write((tx) =>
      tx.insertInto('bot_access').values({ bot_id: botId, user_id: developer }).execute(),
    )
    expect(await about('developer', 'bot.delete')).toMatchObject({ allowed: true, decidedBy: 'creator' })
    const { who } = await about('manager', 'bot.delete')
    expect(who.members.map((one) => one.role).toSorted()).toEqual(['administrator', 'developer', 'owner'])
    const readers = (await about('viewer', 'bot.get')).who.members.map((one) => one.role)
    expect(readers.toSorted()).toEqual(['administrator', 'developer', 'owner'])
  })

  it('explains accounts by their administrators', async () => {
    const s = await fixture()
    expect(await s.explain('owner', { permission: 'account.update' })).toMatchObject({
      allowed: true,
      decidedBy: 'accountAdministrator',
      who: { members: [{ userId: s.owner.userId }], more: false },
    })
    expect(await s.explain('administrator', { permission: 'account.update' })).toMatchObject({ allowed: false })
  })

  it('names at most a hundred', async () => {
    const s = await fixture()
    for (let i = 0; i < 100; i++) {
      const person = await seedPerson(s.app, `many${i}@example.com`)
      await seedMember(s.app, s.workspaceId, { ...person, role: 'viewer' })
    }
    const { who } = await s.explain('viewer', { permission: 'bot.get' })
    expect([who.members.length, who.more]).toEqual([100, true])
  })
})
