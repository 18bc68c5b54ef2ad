import type { Stores } from '@steward/db'
import { eachDialect } from '@steward/db/testing'
import { expect, it } from 'vitest'
import { verifyAll } from '../../audit/verify.service.ts'
import { day } from '../../core/clock.ts'
import { storesOf } from '../../core/app-context.ts'
import { seedMember, seedPerson } from '../../core/app.testing.ts'
import { atOnce, payloadOf, reasonsOf, recordsOf, fixture } from '../account/account.testing.ts'

const refused = (type: string) => ({ type })

/** The owner's account has two workspaces; the stranger is to get the second. */
async function moving(stores: Stores) {
  const s = await fixture(stores)
  const movable = await s.mine.workspace.create({ name: 'Movable' })
  const from = s.owner.accountId
  const to = s.stranger.accountId
  const theirs = s.as(s.stranger.actor)
  const offer = () => s.mine.account.offerWorkspace({ accountId: from, workspaceId: movable.id, toAccountId: to })
  const accountOf = async (id: string) =>
    (await s.db.selectFrom('workspace').select('account_id').where('id', '=', id).executeTakeFirstOrThrow()).account_id
  return { ...s, movable, from, to, theirs, offer, accountOf }
}

eachDialect('moving a workspace', (open) => {
  it('takes an offer and an acceptance, each in the trails of all three', async () => {
    const s = await moving(await open())
    const offered = await s.offer()
    expect(offered).toEqual({
      id: expect.stringMatching(/^transfer_[0-9A-Z]{26}$/),
      direction: 'outgoing',
      workspaceId: s.movable.id,
      workspaceName: 'Movable',
      fromAccountId: s.from,
      fromAccountName: 'owner@example.com',
      toAccountId: s.to,
      createdAt: '2026-03-01T12:00:00.000Z',
      expiresAt: '2026-03-08T12:00:00.000Z',
    })
    expect(await s.accountOf(s.movable.id)).toBe(s.from)
    expect((await s.mine.account.listTransfers({ accountId: s.from })).transfers).toEqual([offered])
    const incoming = await s.theirs.account.listTransfers({ accountId: s.to, direction: 'incoming' })
    expect(incoming).toEqual({ transfers: [{ ...offered, direction: 'incoming' }], meta: {} })
    const accepted = await s.theirs.account.acceptWorkspace({ accountId: s.to, transferId: offered.id })
    expect(accepted).toMatchObject({ id: s.movable.id, ownerId: s.owner.userId })
    expect(await s.accountOf(s.movable.id)).toBe(s.to)
    expect((await s.mine.account.listTransfers({ accountId: s.from })).transfers).toEqual([])
    const operations = ['account.offerWorkspace', 'account.acceptWorkspace']
    expect((await recordsOf(s.db, s.from)).map((r) => r.operation)).toEqual(operations)
    const target = await recordsOf(s.db, s.to)
    expect(target.map((r) => r.operation)).toEqual(operations)
    expect((await recordsOf(s.db, s.movable.id)).map((r) => r.action)).toEqual([
      'CREATE_WORKSPACE',
      'UPDATE_WORKSPACE',
      'UPDATE_WORKSPACE',
    ])
    expect(await payloadOf(s.db, target[1]?.id)).toMatchObject({
      before: { accountId: s.from },
      after: { accountId: s.to },
    })
  })

  it('tells readers of each lane what came and what went', async () => {
    const s = await moving(await open())
    const { id } = await s.offer()
    await s.theirs.account.acceptWorkspace({ accountId: s.to, transferId: id })
    const changes = async (lane: string) =>
      s.db.selectFrom('change').select(['type', 'deleted']).where('lane_id', '=', lane).orderBy('type').execute()
    expect(await changes(s.from)).toEqual([
      { type: 'transfer', deleted: 1 },
      { type: 'workspace', deleted: 1 },
    ])
    expect(await changes(s.to)).toEqual([
      { type: 'transfer', deleted: 1 },
      { type: 'workspace', deleted: 0 },
    ])
  })

  it('refuses an offer by who does not own the workspace or administer the account', async () => {
    const s = await moving(await open())
    const input = { accountId: s.from, workspaceId: s.movable.id, toAccountId: s.to }
    await expect(s.theirs.account.offerWorkspace(input)).rejects.toMatchObject(refused('ResourceNotFound'))
    await seedMember(s.app, s.movable.id, { ...s.stranger, role: 'administrator' })
    const own = { ...input, accountId: s.to, toAccountId: s.from }
    await expect(s.theirs.account.offerWorkspace(own)).rejects.toMatchObject(refused('Forbidden'))
    const { account } = await s.mine.account.create({ name: 'Acme', workspaceName: 'Main' })
    const wrongSide = s.mine.account.offerWorkspace({ ...input, accountId: account.id })
    await expect(wrongSide).rejects.toMatchObject(refused('RelationConflict'))
    const itself = s.mine.account.offerWorkspace({ ...input, toAccountId: s.from })
    await expect(itself).rejects.toMatchObject(refused('InvalidPayload'))
    expect(await s.db.selectFrom('workspace_transfer').select('id').execute()).toEqual([])
  })

  it('tells of the other account only whether it exists, and that only to who may move the workspace', async () => {
    const s = await moving(await open())
    const input = { accountId: s.from, workspaceId: s.movable.id }
    const nowhere = s.mine.account.offerWorkspace({ ...input, toAccountId: 'accnt_00000000000000000000000000' })
    await expect(nowhere).rejects.toMatchObject(refused('ReferenceNotFound'))
    const lane = await s.db.selectFrom('lane').select('id').where('id', 'like', 'accnt_0000000000%').execute()
    expect(lane).toEqual([])
    expect(Object.values(await s.offer()).filter((value) => value.includes('stranger'))).toEqual([])
    const last = { accountId: s.to, workspaceId: s.movable.id, toAccountId: s.from }
    await expect(s.theirs.account.offerWorkspace(last)).rejects.toMatchObject(refused('ResourceNotFound'))
  })

  it('refuses the last workspace of an account and a second offer', async () => {
    const s = await moving(await open())
    const { account, workspace } = await s.mine.account.create({ name: 'Acme', workspaceName: 'Only' })
    const last = { accountId: account.id, workspaceId: workspace.id, toAccountId: s.to }
    await expect(s.mine.account.offerWorkspace(last)).rejects.toMatchObject(refused('ReferenceConstraint'))
    await s.offer()
    await expect(s.offer()).rejects.toMatchObject(refused('AlreadyExists'))
  })

  it('expires after seven days, and may then be made again', async () => {
    const s = await moving(await open())
    const { id } = await s.offer()
    s.clock.advance(7 * day)
    expect((await s.theirs.account.listTransfers({ accountId: s.to })).transfers).toEqual([])
    const late = s.theirs.account.acceptWorkspace({ accountId: s.to, transferId: id })
    await expect(late).rejects.toMatchObject(refused('ResourceGone'))
    expect(await s.accountOf(s.movable.id)).toBe(s.from)
    const again = await s.offer()
    expect(again.id).not.toBe(id)
    s.clock.advance(7 * day - 1)
    await s.theirs.account.acceptWorkspace({ accountId: s.to, transferId: again.id })
    expect(await s.accountOf(s.movable.id)).toBe(s.to)
  })

  it('can be withdrawn by the one side and declined by the other, not the other way round', async () => {
    const s = await moving(await open())
    const one = await s.offer()
    const crossed = [
      s.theirs.account.withdrawWorkspace({ accountId: s.to, transferId: one.id }),
      s.mine.account.declineWorkspace({ accountId: s.from, transferId: one.id }),
      s.mine.account.acceptWorkspace({ accountId: s.from, transferId: one.id }),
    ]
    for (const result of await Promise.allSettled(crossed))
      expect(result).toMatchObject({ status: 'rejected', reason: refused('ResourceNotFound') })
    expect(await s.mine.account.withdrawWorkspace({ accountId: s.from, transferId: one.id })).toEqual({})
    const gone = s.theirs.account.acceptWorkspace({ accountId: s.to, transferId: one.id })
    await expect(gone).rejects.toMatchObject(refused('ResourceNotFound'))
    const two = await s.offer()
    expect(await s.theirs.account.declineWorkspace({ accountId: s.to, transferId: two.id })).toEqual({})
    expect((await s.mine.account.listTransfers({ accountId: s.from })).transfers).toEqual([])
    for (const lane of [s.from, s.to])
      expect((await recordsOf(s.db, lane)).map((r) => r.operation)).toEqual([
        'account.offerWorkspace',
        'account.withdrawWorkspace',
        'account.offerWorkspace',
        'account.declineWorkspace',
      ])
  })

  it('tells the other side which account declined, not who', async () => {
    const s = await moving(await open())
    const { id } = await s.offer()
    await s.theirs.account.declineWorkspace({ accountId: s.to, transferId: id })
    for (const lane of [s.from, s.movable.id]) {
      const last = (await recordsOf(s.db, lane)).at(-1)
      expect(last).toMatchObject({ operation: 'account.declineWorkspace', actor_kind: 'account', actor_id: s.to })
      expect(await payloadOf(s.db, last?.id)).toMatchObject({ ip: null, userAgent: null, credential: null })
    }
    const own = (await recordsOf(s.db, s.to)).at(-1)
    expect(own).toMatchObject({ actor_kind: 'user', actor_id: s.stranger.userId })
    expect(await payloadOf(s.db, own?.id)).toMatchObject({ userAgent: 'vitest', credential: { kind: 'local' } })
    expect((await verifyAll(s.app)).problems).toEqual([])
  })

  it('is invisible to a third party', async () => {
    const s = await moving(await open())
    const { id } = await s.offer()
    const third = await seedPerson(s.app, 'third@example.com')
    const { account } = s.as(third.actor)
    expect((await account.listTransfers({ accountId: third.accountId })).transfers).toEqual([])
    for (const verb of ['acceptWorkspace', 'declineWorkspace', 'withdrawWorkspace'] as const) {
      const call = account[verb]({ accountId: third.accountId, transferId: id })
      await expect(call).rejects.toMatchObject(refused('ResourceNotFound'))
    }
  })

  it('no longer stands once who made it could not make it again', async () => {
    const s = await moving(await open())
    const { id } = await s.offer()
    await storesOf(s.app).main.write((tx) =>
      tx.deleteFrom('account_administrator').where('account_id', '=', s.from).execute(),
    )
    const accept = s.theirs.account.acceptWorkspace({ accountId: s.to, transferId: id })
    await expect(accept).rejects.toMatchObject(refused('ResourceGone'))
  })

  it('looks again at the moment of acceptance: the workspace may have become the last one', async () => {
    const s = await moving(await open())
    const { id } = await s.offer()
    await s.mine.workspace.delete({ id: s.workspaceId })
    const accept = s.theirs.account.acceptWorkspace({ accountId: s.to, transferId: id })
    await expect(accept).rejects.toMatchObject(refused('ReferenceConstraint'))
    expect(await s.accountOf(s.movable.id)).toBe(s.from)
  })

  it('goes with the workspace when that is deleted', async () => {
    const s = await moving(await open())
    const { id } = await s.offer()
    await s.mine.workspace.delete({ id: s.movable.id })
    const accept = s.theirs.account.acceptWorkspace({ accountId: s.to, transferId: id })
    await expect(accept).rejects.toMatchObject(refused('ResourceNotFound'))
  })

  it('happens once when accepted twice at once', async () => {
    const s = await moving(await open())
    const { id } = await s.offer()
    const accept = () => s.theirs.account.acceptWorkspace({ accountId: s.to, transferId: id })
    const results = await atOnce(s.app, [s.to], [accept, accept])
    expect(results.map((result) => result.status).toSorted()).toEqual(['fulfilled', 'rejected'])
    const [lost] = reasonsOf(results)
    expect(lost).toMatchObject(refused('ResourceNotFound'))
    expect((await recordsOf(s.db, s.to)).filter((r) => r.operation === 'account.acceptWorkspace')).toHaveLength(1)
  })

  it('has one effect and one answer when accepted twice at once with one idempotency key', async () => {
    const s = await moving(await open())
    const { id } = await s.offer()
    const keyed = s.as(s.stranger.actor, { idempotencyKey: 'take' }).account
    const input = { accountId: s.to, transferId: id }
    const [a, b] = await Promise.all([keyed.acceptWorkspace(input), keyed.acceptWorkspace(input)])
    expect(a).toEqual(b)
    expect((await recordsOf(s.db, s.to)).filter((r) => r.operation === 'account.acceptWorkspace')).toHaveLength(1)
  })

  it('leaves the source one workspace when two other accounts take both of its two at once', async () => {
    const s = await moving(await open())
    const third = await seedPerson(s.app, 'third@example.com')
    const toThird = { accountId: s.from, workspaceId: s.workspaceId, toAccountId: third.accountId }
    const [first, second] = [await s.offer(), await s.mine.account.offerWorkspace(toThird)]
    const results = await atOnce<unknown>(
      s.app,
      [s.to, third.accountId],
      [
        () => s.theirs.account.acceptWorkspace({ accountId: s.to, transferId: first.id }),
        () => s.as(third.actor).account.acceptWorkspace({ accountId: third.accountId, transferId: second.id }),
      ],
    )
    const lost = reasonsOf(results)
    expect(lost).toMatchObject([refused('ReferenceConstraint')])
    expect((await s.mine.account.listWorkspaces({ accountId: s.from })).workspaces).toHaveLength(1)
  })

  it('leaves the source one workspace when one is accepted while the other is deleted', async () => {
    const s = await moving(await open())
    const { id } = await s.offer()
    const results = await atOnce<unknown>(
      s.app,
      [s.to, s.workspaceId],
      [
        () => s.theirs.account.acceptWorkspace({ accountId: s.to, transferId: id }),
        () => s.mine.workspace.delete({ id: s.workspaceId }),
      ],
    )
    const lost = reasonsOf(results)
    expect(lost).toMatchObject([refused('ReferenceConstraint')])
    expect((await s.mine.account.listWorkspaces({ accountId: s.from })).workspaces).toHaveLength(1)
  })

  it('crosses another transfer between the same accounts without a deadlock', async () => {
    const s = await moving(await open())
    const theirSecond = await s.theirs.workspace.create({ name: 'A' })
    await s.theirs.workspace.create({ name: 'B' })
    const out = await s.offer()
    const back = await s.theirs.account.offerWorkspace({
      accountId: s.to,
      workspaceId: theirSecond.id,
      toAccountId: s.from,
    })
    await Promise.all([
      s.theirs.account.acceptWorkspace({ accountId: s.to, transferId: out.id }),
      s.mine.account.acceptWorkspace({ accountId: s.from, transferId: back.id }),
    ])
    expect(await s.accountOf(s.movable.id)).toBe(s.to)
    expect(await s.accountOf(theirSecond.id)).toBe(s.from)
  })

  it('pages the open transfers, incoming and outgoing', async () => {
    const s = await moving(await open())
    const ids = [(await s.offer()).id]
    for (const name of ['B', 'C']) {
      s.clock.advance(1)
      const { id: workspaceId } = await s.mine.workspace.create({ name })
      const input = { accountId: s.from, workspaceId, toAccountId: s.to }
      ids.push((await s.mine.account.offerWorkspace(input)).id)
    }
    const one = await s.theirs.account.listTransfers({ accountId: s.to, pageSize: 2 })
    const two = await s.theirs.account.listTransfers({ accountId: s.to, pageSize: 2, nextToken: one.meta.nextToken })
    expect([...one.transfers, ...two.transfers].map((transfer) => transfer.id)).toEqual(ids)
    expect(await s.theirs.account.listTransfers({ accountId: s.to, direction: 'outgoing' })).toEqual({
      transfers: [],
      meta: {},
    })
  })
})
