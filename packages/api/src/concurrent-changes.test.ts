import { sessionRow } from '@steward/testkit'
import type { MainSchema, Stores, Tx } from '@steward/db'
import { eachDialect } from '@steward/db/testing'
import { expect, it } from 'vitest'
import { authenticateBearer } from './core/access/authenticate.ts'
import { day, iso, minute } from './core/clock.ts'
import type { Actor } from './core/context.ts'
import { attachStores, storesOf } from './core/app-context.ts'
import { callerFor, seedMember, seedPerson, seedToken, seedWorkspace, testApp } from './core/app.testing.ts'
import { appRouter } from './root.ts'

/*
 * What was true when a request was let in may have changed when its write begins. Here each request has read all it reads,
 * and stands before its write, while the world changes: what it finds inside must count.
 */

/** Stores whose writes of the main store wait at a barrier until they are let go; `arrived` resolves with the first. */
function barrier(stores: Stores) {
  const arrived = Promise.withResolvers<void>()
  const gate = Promise.withResolvers<void>()
  const { main } = stores
  const waiting: Stores = {
    ...stores,
    main: {
      engine: main.engine,
      reader: main.reader,
      library: main.library,
      snapshot: (fn) => main.snapshot(fn),
      ping: () => main.ping(),
      close: () => main.close(),
      write: async (fn) => {
        arrived.resolve()
        await gate.promise
        return main.write(fn)
      },
    },
  }
  return { stores: waiting, arrived: arrived.promise, letGo: () => gate.resolve() }
}

eachDialect('what changes while a request is on its way', (open) => {
  async function fixture() {
    const stores = await open()
    const { app, clock } = testApp(stores)
    const owner = await seedPerson(app, 'owner@example.com')
    const workspaceId = await seedWorkspace(app, owner)
    const other = await seedPerson(app, 'other@example.com')
    const call = callerFor(appRouter, app)
    const edit = (fn: (tx: Tx<MainSchema>) => Promise<unknown>) =>
      storesOf(app).main.write(async (tx) => void (await fn(tx)))
    type Caller = ReturnType<typeof call>
    /** Starts the request, changes the world once it stands before its write, and lets it go on. */
    async function meanwhile<T>(actor: Actor, request: (caller: Caller) => Promise<T>, change: () => Promise<unknown>) {
      const held = barrier(stores)
      const late = callerFor(appRouter, attachStores({ ...app }, held.stores))(actor)
      const answer = request(late)
      answer.catch(() => {})
      // A request that is refused before its write would wait here for ever.
      await Promise.race([held.arrived, answer])
      await change()
      held.letGo()
      return answer
    }
    const db = storesOf(app).main.reader
    const records = async () => (await db.selectFrom('audit_record').select('id').execute()).length
    return { app, clock, owner, other, workspaceId, mine: call(owner.actor), as: call, edit, meanwhile, db, records }
  }
  type Fixture = Awaited<ReturnType<typeof fixture>>
  const refused = (type: string) => ({ type })
  const rename = (s: Fixture) => (caller: Fixture['mine']) =>
    caller.workspace.update({ id: s.workspaceId, name: 'Late' })

  it('an erasure also takes what was recorded since it searched', async () => {
    const s = await fixture()
    await rename(s)(s.mine)
    const erase = (caller: Fixture['mine']) => caller.audit.erase({ id: s.workspaceId, userId: s.owner.userId })
    expect(await s.meanwhile(s.owner.actor, erase, () => rename(s)(s.mine))).toEqual({ erased: 2, more: false })
  })

  it('a request that nothing stops goes on', async () => {
    const s = await fixture()
    expect(await s.meanwhile(s.owner.actor, rename(s), async () => {})).toMatchObject({ name: 'Late' })
  })

  it('a token is revoked, or runs out', async () => {
    const s = await fixture()
    const before = await s.records()
    const token = async () => {
      const { id, value } = await seedToken(s.app, s.owner, { expiresAt: iso(s.clock.now() + minute) })
      return { id, actor: await authenticateBearer(s.app, value) }
    }
    const revoked = await token()
    const revoke = () => s.edit((tx) => tx.deleteFrom('personal_access_token').where('id', '=', revoked.id).execute())
    await expect(s.meanwhile(revoked.actor, rename(s), revoke)).rejects.toMatchObject(refused('Unauthorized'))
    const expired = await token()
    const wait = async () => s.clock.advance(minute)
    await expect(s.meanwhile(expired.actor, rename(s), wait)).rejects.toMatchObject(refused('Unauthorized'))
    expect(await s.records()).toBe(before)
  })

  it('the grace of a token’s former value ends, by time or by another rotation', async () => {
    const s = await fixture()
    const inGrace = async () => {
      const { pat } = await s.mine.me.createToken({ note: 'n' })
      await s.mine.me.rotateToken({ id: pat.id, graceSeconds: 60 })
      return { id: pat.id, actor: await authenticateBearer(s.app, pat.value) }
    }
    const one = await inGrace()
    expect(await s.meanwhile(one.actor, rename(s), async () => s.clock.advance(minute - 1))).toMatchObject({
      name: 'Late',
    })
    const late = s.meanwhile(one.actor, rename(s), async () => s.clock.advance(1))
    await expect(late).rejects.toMatchObject(refused('Unauthorized'))
    const two = await inGrace()
    const again = () => s.mine.me.rotateToken({ id: two.id, graceSeconds: 60 })
    await expect(s.meanwhile(two.actor, rename(s), again)).rejects.toMatchObject(refused('Unauthorized'))
    const three = await inGrace()
    const ended = () => s.mine.me.rotateToken({ id: three.id, graceSeconds: 0 })
    await expect(s.meanwhile(three.actor, rename(s), ended)).rejects.toMatchObject(refused('Unauthorized'))
  })

  it('a session is ended, or runs out', async () => {
    const s = await fixture()
    const sessionOf = async (id: string): Promise<Actor> => {
      const row = sessionRow({ id, user_id: s.owner.userId, expires_at: iso(s.clock.now() + minute) })
      await s.edit((tx) => tx.insertInto('session').values(row).execute())
      return { kind: 'user', userId: s.owner.userId, credential: { kind: 'session', id } }
    }
    const end = () => s.edit((tx) => tx.deleteFrom('session').where('id', '=', 'ended').execute())
    const ended = s.meanwhile(await sessionOf('ended'), rename(s), end)
    await expect(ended).rejects.toMatchObject(refused('Unauthorized'))
    const late = s.meanwhile(await sessionOf('late'), rename(s), async () => s.clock.advance(minute))
    await expect(late).rejects.toMatchObject(refused('Unauthorized'))
  })

  it('a member is given a lower role, or leaves', async () => {
    const s = await fixture()
    const id = await seedMember(s.app, s.workspaceId, { ...s.other, role: 'administrator' })
    const key = { workspaceId: s.workspaceId, id }
    const invite = (caller: Fixture['mine']) =>
      caller.member.invite({ workspaceId: s.workspaceId, email: 'new@example.com', role: 'viewer' })
    const lower = () => s.mine.member.update({ ...key, role: 'viewer' })
    await expect(s.meanwhile(s.other.actor, invite, lower)).rejects.toMatchObject(refused('Forbidden'))
    await s.mine.member.update({ ...key, role: 'administrator' })
    const remove = () => s.mine.member.delete(key)
    await expect(s.meanwhile(s.other.actor, invite, remove)).rejects.toMatchObject(refused('ResourceNotFound'))
    expect((await s.mine.member.listInvitations({ workspaceId: s.workspaceId })).invitations).toEqual([])
  })

  /** An invitation of the other person with the secret of its link. */
  async function invited(s: Fixture) {
    const made = await s.mine.member.invite({ workspaceId: s.workspaceId, email: s.other.email, role: 'viewer' })
    const accept = (caller: Fixture['mine']) =>
      caller.member.acceptInvitation({ secret: /stw_inv_\w+/.exec(made.link)?.[0] ?? '' })
    const key = { workspaceId: s.workspaceId, id: made.invitation.id }
    return { key, accept, link: made.link }
  }
  const isMember = (s: Fixture) =>
    s.db.selectFrom('member').select('id').where('user_id', '=', s.other.userId).execute()

  it('an invitation is renewed, taken back or runs out: its former link joins nobody', async () => {
    const s = await fixture()
    const { key, accept } = await invited(s)
    const renew = () => s.mine.member.renewInvitation(key)
    await expect(s.meanwhile(s.other.actor, accept, renew)).rejects.toMatchObject(refused('ResourceNotFound'))
    await s.mine.member.revokeInvitation(key)
    const second = await invited(s)
    const revoke = () => s.mine.member.revokeInvitation(second.key)
    await expect(s.meanwhile(s.other.actor, second.accept, revoke)).rejects.toMatchObject(refused('ResourceNotFound'))
    const third = await invited(s)
    const wait = async () => s.clock.advance(30 * day)
    await expect(s.meanwhile(s.other.actor, third.accept, wait)).rejects.toMatchObject(refused('ResourceGone'))
    expect(await isMember(s)).toEqual([])
  })

  it('an invitation’s person gets another address', async () => {
    const s = await fixture()
    const { accept } = await invited(s)
    const move = () =>
      s.edit((tx) => tx.updateTable('user').set({ email: 'x@example.com' }).where('id', '=', s.other.userId).execute())
    await expect(s.meanwhile(s.other.actor, accept, move)).rejects.toMatchObject(refused('Forbidden'))
    expect(await isMember(s)).toEqual([])
  })

  /** The owner's second workspace, offered to the other person's account. */
  async function offered(s: Fixture) {
    const movable = await s.mine.workspace.create({ name: 'Movable' })
    const toAccountId = s.other.accountId
    const from = { accountId: s.owner.accountId }
    const offer = () => s.mine.account.offerWorkspace({ ...from, workspaceId: movable.id, toAccountId })
    const { id: transferId } = await offer()
    const accept = (caller: Fixture['mine']) => caller.account.acceptWorkspace({ accountId: toAccountId, transferId })
    return { movable, transferId, accept, offer, from }
  }
  const accountOf = async (s: Fixture, id: string) =>
    (await s.db.selectFrom('workspace').select('account_id').where('id', '=', id).executeTakeFirstOrThrow()).account_id

  it('an offer is withdrawn and made anew, or runs out: the former one moves nothing', async () => {
    const s = await fixture()
    const { accept, from, transferId, offer, movable } = await offered(s)
    const anew = async () => {
      await s.mine.account.withdrawWorkspace({ ...from, transferId })
      await offer()
    }
    await expect(s.meanwhile(s.other.actor, accept, anew)).rejects.toMatchObject(refused('ResourceNotFound'))
    const late = await offered(s)
    const wait = async () => s.clock.advance(7 * day)
    await expect(s.meanwhile(s.other.actor, late.accept, wait)).rejects.toMatchObject(refused('ResourceGone'))
    for (const { id } of [movable, late.movable]) expect(await accountOf(s, id)).toBe(s.owner.accountId)
  })

  it('who made an offer passes the workspace on', async () => {
    const s = await fixture()
    const { accept, movable } = await offered(s)
    const heir = await seedPerson(s.app, 'heir@example.com')
    const memberId = await seedMember(s.app, movable.id, { ...heir, role: 'administrator' })
    const pass = () => s.mine.member.transferOwnership({ workspaceId: movable.id, memberId, confirmName: 'Movable' })
    await expect(s.meanwhile(s.other.actor, accept, pass)).rejects.toMatchObject(refused('ResourceGone'))
    expect(await accountOf(s, movable.id)).toBe(s.owner.accountId)
  })

  it('the right in the target of a transfer is lost', async () => {
    const s = await fixture()
    const targetWorkspaceId = await seedWorkspace(s.app, s.other, 'Target')
    const guest = await seedMember(s.app, targetWorkspaceId, { ...s.owner, role: 'developer' })
    const { bot } = await s.mine.bot.create({ workspaceId: s.workspaceId, name: 'b' })
    const lower = () => s.as(s.other.actor).member.update({ workspaceId: targetWorkspaceId, id: guest, role: 'viewer' })
    const transfer = (caller: Fixture['mine']) => caller.bot.transfer({ id: bot.id, targetWorkspaceId })
    await expect(s.meanwhile(s.owner.actor, transfer, lower)).rejects.toMatchObject(refused('Forbidden'))
    expect((await s.mine.bot.get({ id: bot.id })).bot.id).toBe(bot.id)
  })

  it('a second administrator of an account is removed', async () => {
    const s = await fixture()
    const { account } = await s.mine.account.create({ name: 'Acme', workspaceName: 'Main' })
    await s.mine.account.addAdministrator({ accountId: account.id, email: s.other.email })
    const update = (caller: Fixture['mine']) => caller.account.update({ accountId: account.id, name: 'Late' })
    const remove = () => s.mine.account.removeAdministrator({ accountId: account.id, userId: s.other.userId })
    await expect(s.meanwhile(s.other.actor, update, remove)).rejects.toMatchObject(refused('ResourceNotFound'))
    expect((await s.mine.account.get({ accountId: account.id })).name).toBe('Acme')
  })
})
