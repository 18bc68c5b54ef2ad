import type { Stores } from '@steward/db'
import { eachDialect } from '@steward/db/testing'
import { expect, test, vi } from 'vitest'
import { seedBot } from '../../bots/bot/bot.testing.ts'
import { day } from '../../core/clock.ts'
import { anonymous, seedMember, seedPerson, seedWorkspace } from '../../core/app.testing.ts'
import { meApp, seedInvitation, seedOrganization } from '../me/me.testing.ts'

const password = 'correct horse battery'
const adaInput = { email: 'Ada@Example.com', name: ' Ada ', password }

const actorOf = (userId: string) => ({ kind: 'user', userId, credential: { kind: 'local' } }) as const

const counts = async (stores: Stores) => {
  const rows: Record<string, number> = {}
  for (const table of ['user', 'sign_in_method', 'account', 'account_administrator', 'workspace', 'member'] as const)
    rows[table] = (await stores.main.reader.selectFrom(table).selectAll().execute()).length
  return rows
}

eachDialect('sign-up', (open) => {
  test('makes person, password, account, administrator and home workspace in one write', async () => {
    const stores = await open()
    const { me } = meApp(stores)
    const made = await me(anonymous).signUp(adaInput)
    const db = stores.main.reader
    expect(await db.selectFrom('user').selectAll().execute()).toMatchObject([
      { id: made.userId, email: 'ada@example.com', display_name: 'Ada', email_verified: 0, operator: 0, claimed: 1 },
    ])
    expect(await db.selectFrom('account').selectAll().execute()).toMatchObject([
      { id: made.accountId, kind: 'individual', name: 'Ada', user_id: made.userId },
    ])
    expect(await db.selectFrom('workspace').selectAll().execute()).toMatchObject([
      { id: made.workspaceId, account_id: made.accountId, name: "Ada's workspace" },
    ])
    expect(await db.selectFrom('member').selectAll().execute()).toMatchObject([
      { workspace_id: made.workspaceId, user_id: made.userId, role: 'owner', email: 'ada@example.com' },
    ])
    const [method] = await db.selectFrom('sign_in_method').selectAll().execute()
    expect(method).toMatchObject({ provider_id: 'credential', provider_user_id: made.userId })
    expect(method?.password).not.toContain(password)
    const lanes = await db.selectFrom('audit_record').select(['lane_id', 'operation']).execute()
    expect(lanes.map((row) => row.lane_id).toSorted()).toEqual(
      [made.userId, made.accountId, made.workspaceId].toSorted(),
    )
    expect((await me(actorOf(made.userId)).get({})).account.displayName).toBe('Ada')
  })

  test('an email is taken once, also when two come at the same time', async () => {
    const stores = await open()
    const { me } = meApp(stores)
    const tries = await Promise.allSettled([1, 2, 3].map(() => me(anonymous).signUp(adaInput)))
    const refused = tries.filter((result) => result.status === 'rejected')
    expect(refused).toHaveLength(2)
    for (const { reason } of refused) expect(reason).toMatchObject({ type: 'AlreadyExists' })
    await expect(me(anonymous).signUp({ ...adaInput, email: 'ADA@example.com' })).rejects.toMatchObject({
      type: 'AlreadyExists',
    })
    expect(await counts(stores)).toEqual({
      user: 1,
      sign_in_method: 1,
      account: 1,
      account_administrator: 1,
      workspace: 1,
      member: 1,
    })
  })

  test('passwords have 12 to 128 characters, emails are emails, names are not empty', async () => {
    const stores = await open()
    const { me } = meApp(stores)
    for (const wrong of [
      { password: 'x'.repeat(11) },
      { password: 'x'.repeat(129) },
      { email: 'ada' },
      { email: `${'a'.repeat(250)}@example.com` },
      { name: '  ' },
      { name: 'A\0' },
    ])
      await expect(me(anonymous).signUp({ ...adaInput, ...wrong })).rejects.toMatchObject({ code: 'BAD_REQUEST' })
    expect((await counts(stores))['user']).toBe(0)
  })

  test('by invitation: into the workspace, once, in time, and only for the invited email', async () => {
    const stores = await open()
    const { app, clock, me } = meApp(stores, { signUp: 'invited' })
    const owner = await seedPerson(app, 'owner@example.com')
    const workspaceId = await seedWorkspace(app, owner)
    const refused = { type: 'Forbidden' }
    await expect(me(anonymous).signUp(adaInput)).rejects.toMatchObject(refused)
    const { secret, memberId } = await seedInvitation(app, workspaceId, { email: 'ada@example.com', life: day })
    const bob = { ...adaInput, email: 'bob@example.com', invitation: secret }
    await expect(me(anonymous).signUp(bob)).rejects.toMatchObject(refused)
    for (const invitation of ['stw_inv_x', `${secret.slice(0, -1)}!`, secret.replace('stw_inv_', 'stw_set_')])
      await expect(me(anonymous).signUp({ ...adaInput, invitation })).rejects.toMatchObject(refused)

    const made = await me(anonymous).signUp({ ...adaInput, invitation: secret })
    expect(made.joinedWorkspaceId).toBe(workspaceId)
    const member = await stores.main.reader
      .selectFrom('member')
      .selectAll()
      .where('id', '=', memberId)
      .executeTakeFirst()
    expect(member).toMatchObject({ user_id: made.userId, role: 'developer' })
    expect(await stores.main.reader.selectFrom('invitation').selectAll().execute()).toEqual([])
    const changed = await stores.main.reader
      .selectFrom('change')
      .select(['type', 'deleted'])
      .where('lane_id', '=', workspaceId)
      .orderBy('type')
      .execute()
    expect(changed).toEqual([
      { type: 'invitation', deleted: 1 },
      { type: 'member', deleted: 0 },
    ])
    await expect(me(anonymous).signUp({ ...bob, email: 'ada@example.com' })).rejects.toMatchObject(refused)

    const late = await seedInvitation(app, workspaceId, { email: 'cleo@example.com', life: day })
    clock.advance(day)
    const cleo = { ...adaInput, email: 'cleo@example.com', invitation: late.secret }
    await expect(me(anonymous).signUp(cleo)).rejects.toMatchObject(refused)
    expect((await counts(stores))['user']).toBe(2)
  })

  test('hashes no password without a good invitation, and one before it says that an address is taken', async () => {
    const { app, clock, me } = meApp(await open(), { signUp: 'invited' })
    const owner = await seedPerson(app, 'owner@example.com')
    const workspaceId = await seedWorkspace(app, owner)
    const guest = await seedPerson(app, 'guest@example.com')
    const hashing = vi.spyOn(app.signIn, 'hashPassword')
    const { secret } = await seedInvitation(app, workspaceId, { email: 'ada@example.com', life: day })
    const own = await seedInvitation(app, workspaceId, { email: guest.email, life: 2 * day })
    await expect(me(anonymous).signUp(adaInput)).rejects.toMatchObject({ type: 'Forbidden' })
    for (const email of ['bob@example.com', guest.email])
      await expect(me(anonymous).signUp({ ...adaInput, email, invitation: secret })).rejects.toMatchObject({
        type: 'Forbidden',
      })
    clock.advance(day)
    await expect(me(anonymous).signUp({ ...adaInput, invitation: secret })).rejects.toMatchObject({ type: 'Forbidden' })
    expect(hashing).not.toHaveBeenCalled()
    const taken = me(anonymous).signUp({ ...adaInput, email: guest.email, invitation: own.secret })
    await expect(taken).rejects.toMatchObject({ type: 'AlreadyExists' })
    expect(hashing).toHaveBeenCalledOnce()
  })
})

eachDialect('deleting oneself', (open) => {
  test('removes everything that is one’s own and leaves the places one was in', async () => {
    const stores = await open()
    const { app, me, bearer } = meApp(stores)
    const bob = await seedPerson(app, 'bob@example.com')
    const theirs = await seedWorkspace(app, bob)
    const before = await counts(stores)
    const made = await me(anonymous).signUp(adaInput)
    const ada = { ...actorOf(made.userId) }
    await seedMember(app, theirs, {
      userId: made.userId,
      accountId: made.accountId,
      email: 'ada@example.com',
      actor: ada,
      role: 'viewer',
    })
    const shared = await seedOrganization(app, [made.userId, bob.userId])
    await me(ada).setPreference({ key: 'theme', value: 1 })
    const { pat } = await me(ada).createToken({ note: 'x', boundWorkspaceId: made.workspaceId })

    await expect((await bearer(pat.value)).delete({})).rejects.toMatchObject({ type: 'Forbidden' })
    const { pat: whole } = await me(ada).createToken({ note: 'whole' })
    const byToken = await bearer(whole.value)
    for (const wrong of [{}, { confirmEmail: '' }, { confirmEmail: 'bob@example.com' }])
      await expect(byToken.delete(wrong)).rejects.toMatchObject({ type: 'Forbidden' })
    expect(await byToken.delete({ confirmEmail: 'ADA@example.com' })).toEqual({})
    expect(await counts(stores)).toEqual({
      ...before,
      account: (before['account'] ?? 0) + 1,
      account_administrator: (before['account_administrator'] ?? 0) + 1,
    })
    for (const table of ['personal_access_token', 'preference', 'session'] as const)
      expect(await stores.main.reader.selectFrom(table).selectAll().execute()).toEqual([])
    await expect(bearer(whole.value)).rejects.toMatchObject({ type: 'Unauthorized' })
    await expect(me(ada).get({})).rejects.toMatchObject({ type: 'Unauthorized' })
    const farewell = await stores.main.reader
      .selectFrom('audit_record')
      .select('lane_id')
      .where('operation', '=', 'me.delete')
      .execute()
    expect(farewell.map((row) => row.lane_id).toSorted()).toEqual(
      [made.userId, made.accountId, made.workspaceId, theirs, shared].toSorted(),
    )
    await me(anonymous).signUp(adaInput)
  })

  test('is refused while one owns workspaces or is the last administrator of an organization', async () => {
    const stores = await open()
    const { app, me } = meApp(stores)
    const refused = { type: 'ReferenceConstraint' }
    const all = await counts(stores)
    const withBot = await me(anonymous).signUp({ ...adaInput, email: 'a@example.com' })
    await seedBot(app, withBot.workspaceId)
    await expect(me(actorOf(withBot.userId)).delete({})).rejects.toMatchObject(refused)

    const withMember = await me(anonymous).signUp({ ...adaInput, email: 'b@example.com' })
    const bob = await seedPerson(app, 'bob@example.com')
    await seedMember(app, withMember.workspaceId, { ...bob, role: 'viewer' })
    await expect(me(actorOf(withMember.userId)).delete({})).rejects.toMatchObject(refused)

    const withTwo = await me(anonymous).signUp({ ...adaInput, email: 'c@example.com' })
    await seedWorkspace(app, {
      userId: withTwo.userId,
      accountId: withTwo.accountId,
      email: 'c@example.com',
      actor: actorOf(withTwo.userId),
    })
    await expect(me(actorOf(withTwo.userId)).delete({})).rejects.toMatchObject(refused)

    const last = await me(anonymous).signUp({ ...adaInput, email: 'd@example.com' })
    await seedOrganization(app, [last.userId])
    await expect(me(actorOf(last.userId)).delete({})).rejects.toMatchObject(refused)
    expect((await counts(stores))['user']).toBe((all['user'] ?? 0) + 5)
  })

  test('twice at once deletes once', async () => {
    const stores = await open()
    const { me } = meApp(stores)
    const { userId } = await me(anonymous).signUp(adaInput)
    const tries = await Promise.allSettled([1, 2].map(() => me(actorOf(userId)).delete({})))
    expect(tries.map((result) => result.status).toSorted()).toEqual(['fulfilled', 'rejected'])
    const lost = tries.find((result) => result.status === 'rejected')
    expect(lost).toMatchObject({ reason: { type: 'Unauthorized' } })
  })
})
