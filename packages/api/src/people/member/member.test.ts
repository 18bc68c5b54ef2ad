import type { TestClock } from '@steward/testkit'
import { eachDialect } from '@steward/db/testing'
import { expect, it } from 'vitest'
import { seedBot } from '../../bots/bot/bot.testing.ts'
import type { AppContext } from '../../core/app-context.ts'
import { storesOf } from '../../core/app-context.ts'
import type { Role } from '../../core/access/rule.ts'
import type { SeededPerson } from '../../core/app.testing.ts'
import {
  anonymous,
  callerFor,
  seedMember,
  seedPerson,
  seedToken,
  seedWorkspace,
  testApp,
} from '../../core/app.testing.ts'
import { router } from '../../core/procedure/trpc.ts'
import { memberRouter } from '../member.router.ts'

const routes = router({ member: memberRouter })

interface Fixture {
  app: AppContext
  clock: TestClock
  owner: SeededPerson
  workspaceId: string
  as: (
    who: SeededPerson,
    request?: { idempotencyKey: string },
  ) => ReturnType<ReturnType<typeof callerFor<typeof routes>>>
  person: (name: string, role?: Role) => Promise<SeededPerson & { memberId: string }>
}

eachDialect('member', (open) => {
  async function fixture(overrides: Parameters<typeof testApp>[1] = {}): Promise<Fixture> {
    const { app, clock } = testApp(await open(), overrides)
    const owner = await seedPerson(app, 'owner@example.com')
    const workspaceId = await seedWorkspace(app, owner)
    const caller = callerFor(routes, app)
    return {
      app,
      clock,
      owner,
      workspaceId,
      as: (who, request) => caller(who.actor, request),
      async person(name, role) {
        const person = await seedPerson(app, `${name}@example.com`)
        const memberId = role ? await seedMember(app, workspaceId, { ...person, role }) : ''
        return { ...person, memberId }
      },
    }
  }
  const db = (s: Fixture) => storesOf(s.app).main.reader
  const records = (s: Fixture) =>
    db(s)
      .selectFrom('audit_record as r')
      .innerJoin('audit_payload as p', 'p.record_id', 'r.id')
      .select(['r.action', 'r.operation', 'r.lane_id', 'p.payload'])
      .orderBy('r.seq')
      .execute()

  it('adds a known person at once and an unknown one as pending', async () => {
    const s = await fixture()
    const known = await s.person('known')
    const { workspaceId } = s
    const added = await s.as(s.owner).member.create({ workspaceId, email: 'Known@Example.com', role: 'developer' })
    expect(added).toMatchObject({ userId: known.userId, email: 'known@example.com', role: 'developer' })
    const pending = await s.as(s.owner).member.create({ workspaceId, email: 'new@example.com', role: 'viewer' })
    expect(pending).not.toHaveProperty('userId')
    expect(await s.as(s.owner).member.listInvitations({ workspaceId })).toMatchObject({
      invitations: [{ email: 'new@example.com', role: 'viewer', memberId: pending.id, expired: false }],
    })
    expect(await s.as(known).member.me({ workspaceId })).toEqual(added)
    const trail = await records(s)
    expect(trail.map((row) => [row.action, row.operation])).toEqual([
      ['ADD_WORKSPACE_MEMBER', 'member.create'],
      ['ADD_WORKSPACE_MEMBER', 'member.create'],
    ])
    expect(trail[0]?.payload).toContain(known.userId)
  })

  it.each(['open', 'invited'] as const)(
    'gives an address that was not proved no role (sign-up: %s)',
    async (signUp) => {
      const s = await fixture({ settings: { publicUrl: 'http://127.0.0.1:7420', signUp } })
      const squatter = await s.person('boss')
      await storesOf(s.app).main.write((tx) =>
        tx.updateTable('user').set({ email_verified: 0 }).where('id', '=', squatter.userId).execute(),
      )
      const { workspaceId } = s
      const added = await s.as(s.owner).member.create({ workspaceId, email: squatter.email, role: 'administrator' })
      expect(added).not.toHaveProperty('userId')
      await expect(s.as(squatter).member.list({ workspaceId })).rejects.toMatchObject({ type: 'ResourceNotFound' })
    },
  )

  it('takes who came into another workspace of the account without an invitation', async () => {
    const s = await fixture()
    const known = await s.person('known', 'viewer')
    await storesOf(s.app).main.write((tx) =>
      tx.updateTable('user').set({ email_verified: 0 }).where('id', '=', known.userId).execute(),
    )
    const sister = await seedWorkspace(s.app, s.owner, 'Sister')
    const added = await s.as(s.owner).member.create({ workspaceId: sister, email: known.email, role: 'viewer' })
    expect(added).toMatchObject({ userId: known.userId })
  })

  it('refuses duplicates by address, in whatever case, and by person', async () => {
    const s = await fixture()
    const { workspaceId } = s
    const member = await s.person('member', 'viewer')
    const create = (email: string) => s.as(s.owner).member.create({ workspaceId, email, role: 'viewer' })
    await create('pending@example.com')
    await expect(create('PENDING@example.com')).rejects.toMatchObject({ type: 'AlreadyExists' })
    await expect(create(member.email)).rejects.toMatchObject({ type: 'AlreadyExists' })
    await storesOf(s.app).main.write((tx) =>
      tx.updateTable('user').set({ email: 'renamed@example.com' }).where('id', '=', member.userId).execute(),
    )
    await expect(create('renamed@example.com')).rejects.toMatchObject({ type: 'AlreadyExists' })
    expect(await records(s)).toHaveLength(1)
  })

  it('refuses addresses that no mail can carry', async () => {
    const s = await fixture()
    const create = (email: string) => s.as(s.owner).member.create({ workspaceId: s.workspaceId, email, role: 'viewer' })
    await expect(create(`${'a'.repeat(300)}@example.com`)).rejects.toThrow()
    await expect(create('no address')).rejects.toMatchObject({ code: 'BAD_REQUEST' })
  })

  it('lets only administrators add, and nobody give owner or a role above their own', async () => {
    const s = await fixture()
    const { workspaceId } = s
    const administrator = await s.person('administrator', 'administrator')
    for (const role of ['viewer', 'billing', 'developer', 'manager'] as const) {
      const one = await s.person(role, role)
      await expect(
        s.as(one).member.create({ workspaceId, email: 'x@example.com', role: 'viewer' }),
      ).rejects.toMatchObject({ type: 'Forbidden' })
    }
    for (const who of [s.owner, administrator])
      await expect(
        s.as(who).member.create({ workspaceId, email: 'x@example.com', role: 'owner' }),
      ).rejects.toMatchObject({ type: 'Forbidden' })
    const added = await s
      .as(administrator)
      .member.create({ workspaceId, email: 'second@example.com', role: 'administrator' })
    expect(added.role).toBe('administrator')
  })

  it('hides the workspace from strangers and refuses callers without a credential', async () => {
    const s = await fixture()
    const { workspaceId } = s
    const stranger = await s.person('stranger')
    const { member } = s.as(stranger)
    const calls = [
      () => member.list({ workspaceId }),
      () => member.me({ workspaceId }),
      () => member.create({ workspaceId, email: 'x@example.com', role: 'viewer' }),
      () => member.delete({ workspaceId, id: 'member_x' }),
      () => member.explain({ workspaceId, permission: 'bot.get' }),
    ]
    for (const call of calls) await expect(call()).rejects.toMatchObject({ type: 'ResourceNotFound' })
    const nobody = callerFor(routes, s.app)(anonymous)
    await expect(nobody.member.list({ workspaceId })).rejects.toMatchObject({ type: 'Unauthorized' })
  })

  it('does not reach members of another workspace', async () => {
    const s = await fixture()
    const other = await seedPerson(s.app, 'other@example.com')
    const foreign = await seedWorkspace(s.app, other, 'Other')
    const theirs = await seedMember(s.app, foreign, { ...(await s.person('theirs')), role: 'viewer' })
    const { workspaceId } = s
    await expect(s.as(s.owner).member.update({ workspaceId, id: theirs, role: 'manager' })).rejects.toMatchObject({
      type: 'ResourceNotFound',
    })
    await expect(s.as(s.owner).member.delete({ workspaceId, id: theirs })).rejects.toMatchObject({
      type: 'ResourceNotFound',
    })
    expect((await s.as(other).member.list({ workspaceId: foreign })).members).toHaveLength(2)
  })

  it('pages through members, oldest first, each once', async () => {
    const s = await fixture()
    const { workspaceId } = s
    for (let i = 0; i < 7; i++) {
      if (i % 2) s.clock.advance(1)
      await s.as(s.owner).member.create({ workspaceId, email: `m${i}@example.com`, role: 'viewer' })
    }
    const seen: string[] = []
    for (let nextToken: string | undefined; ;) {
      const page = await s.as(s.owner).member.list({ workspaceId, pageSize: 3, ...(nextToken && { nextToken }) })
      seen.push(...page.members.map((one) => one.email))
      nextToken = page.meta.nextToken
      if (!nextToken) break
    }
    expect(seen).toEqual(['owner@example.com', ...Array.from({ length: 7 }, (_, i) => `m${i}@example.com`)])
  })

  it('changes roles within the rules', async () => {
    const s = await fixture()
    const { workspaceId } = s
    const administrator = await s.person('administrator', 'administrator')
    const viewer = await s.person('viewer', 'viewer')
    const owner = await s.as(s.owner).member.me({ workspaceId })
    const update = (who: SeededPerson, id: string, role?: Role) =>
      s.as(who).member.update({ workspaceId, id, ...(role && { role }) })
    expect(await update(administrator, viewer.memberId, 'billing')).toMatchObject({ role: 'billing' })
    expect(await update(administrator, viewer.memberId)).toMatchObject({ role: 'billing' })
    const refused: [SeededPerson, string, Role][] = [
      [administrator, administrator.memberId, 'viewer'],
      [s.owner, owner.id, 'administrator'],
      [administrator, owner.id, 'viewer'],
      [s.owner, viewer.memberId, 'owner'],
      [viewer, administrator.memberId, 'viewer'],
    ]
    for (const [who, id, role] of refused)
      await expect(update(who, id, role)).rejects.toMatchObject({ type: 'Forbidden' })
    expect(await s.as(viewer).member.me({ workspaceId })).toMatchObject({ role: 'billing' })
  })

  it('lets everybody leave but the owner, and administrators remove others', async () => {
    const s = await fixture()
    const { workspaceId } = s
    const administrator = await s.person('administrator', 'administrator')
    const leaver = await s.person('leaver', 'viewer')
    const stayer = await s.person('stayer', 'manager')
    const owner = await s.as(s.owner).member.me({ workspaceId })
    const remove = (who: SeededPerson, id: string) => s.as(who).member.delete({ workspaceId, id })
    await expect(remove(leaver, stayer.memberId)).rejects.toMatchObject({ type: 'Forbidden' })
    await expect(remove(stayer, leaver.memberId)).rejects.toMatchObject({ type: 'Forbidden' })
    await expect(remove(s.owner, owner.id)).rejects.toMatchObject({ type: 'Forbidden' })
    await expect(remove(administrator, owner.id)).rejects.toMatchObject({ type: 'Forbidden' })
    expect(await remove(leaver, leaver.memberId)).toEqual({})
    expect(await remove(administrator, stayer.memberId)).toEqual({})
    await expect(s.as(leaver).member.me({ workspaceId })).rejects.toMatchObject({ type: 'ResourceNotFound' })
    await expect(remove(administrator, stayer.memberId)).rejects.toMatchObject({ type: 'ResourceNotFound' })
    expect((await s.as(s.owner).member.list({ workspaceId })).members).toHaveLength(2)
  })

  it('takes what a leaver had in this workspace only, and leaves the rest', async () => {
    const s = await fixture()
    const { workspaceId, app } = s
    const leaver = await s.person('leaver', 'developer')
    const elsewhere = await seedWorkspace(app, leaver, 'Elsewhere')
    const bound = await seedToken(app, leaver, { workspaceId })
    const boundElsewhere = await seedToken(app, leaver, { workspaceId: elsewhere })
    const free = await seedToken(app, leaver)
    const here = await seedBot(app, workspaceId, { access: 'SELECTED_USERS' })
    const there = await seedBot(app, elsewhere, { access: 'SELECTED_USERS' })
    await storesOf(app).main.write(async (tx) => {
      for (const bot_id of [here, there])
        await tx.insertInto('bot_access').values({ bot_id, user_id: leaver.userId }).execute()
    })
    await s.as(s.owner).member.delete({ workspaceId, id: leaver.memberId })
    const tokens = await db(s).selectFrom('personal_access_token').select('id').orderBy('id').execute()
    expect(tokens.map((row) => row.id)).toEqual([boundElsewhere.id, free.id].toSorted())
    expect(await db(s).selectFrom('bot_access').select('bot_id').execute()).toEqual([{ bot_id: there }])
    const change = await db(s).selectFrom('change').selectAll().where('entity_id', '=', bound.id).execute()
    expect(change).toMatchObject([{ lane_id: leaver.userId, type: 'token', deleted: 1 }])
  })

  it('asks the quota with each change of the number of members', async () => {
    const asked: unknown[] = []
    const s = await fixture({
      quota: async (_app, _tx, gauges) => {
        asked.push(...gauges)
      },
    })
    const { workspaceId } = s
    const { id } = await s.as(s.owner).member.create({ workspaceId, email: 'x@example.com', role: 'viewer' })
    await s.as(s.owner).member.delete({ workspaceId, id })
    expect(asked).toEqual([
      { type: 'workspace_member_count', in: { workspaceId }, delta: 1 },
      { type: 'workspace_member_count', in: { workspaceId }, delta: -1 },
    ])
  })

  it('adds once when the same call comes twice at once with an idempotency key', async () => {
    const s = await fixture()
    const input = { workspaceId: s.workspaceId, email: 'twice@example.com', role: 'viewer' } as const
    const caller = s.as(s.owner, { idempotencyKey: 'once' })
    const [one, two] = await Promise.all([caller.member.create(input), caller.member.create(input)])
    expect(one).toEqual(two)
    expect(await records(s)).toHaveLength(1)
    await expect(caller.member.create({ ...input, role: 'manager' })).rejects.toMatchObject({ type: 'AlreadyExists' })
  })
})
