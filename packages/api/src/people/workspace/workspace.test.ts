import { eachDialect } from '@steward/db/testing'
import { expect, it } from 'vitest'
import { recordsOf, fixture, withToken } from '../account/account.testing.ts'
import type { Actor } from '../../core/context.ts'
import { anonymous, seedWorkspace } from '../../core/app.testing.ts'

const refused = (type: string) => ({ type })

eachDialect('workspace: create', (open) => {
  it('makes the caller owner, in the individual account, with its own audit trail', async () => {
    const s = await fixture(await open())
    const made = await s.mine.workspace.create({ name: 'Second', billingVersion: 'v4' })
    expect(made).toEqual({
      id: expect.stringMatching(/^wkspace_[0-9A-Z]{26}$/),
      name: 'Second',
      ownerId: s.owner.userId,
      createdAt: '2026-03-01T12:00:00.000Z',
      updatedAt: '2026-03-01T12:00:00.000Z',
      botCount: 0,
      billingVersion: 'v4',
      plan: 'community',
      blocked: false,
      spendingLimit: 100,
      isPublic: false,
      activeTrialId: null,
      accountId: s.owner.accountId,
      about: '',
      profilePicture: '',
      contactEmail: '',
      website: '',
      socialAccounts: [],
    })
    expect(await s.mine.workspace.get({ id: made.id })).toEqual(made)
    const row = await s.db.selectFrom('workspace').select('account_id').where('id', '=', made.id).execute()
    expect(row).toEqual([{ account_id: s.owner.accountId }])
    const chain = await recordsOf(s.db, made.id)
    expect(chain).toMatchObject([{ action: 'CREATE_WORKSPACE', operation: 'workspace.create', resource_id: made.id }])
    expect(await recordsOf(s.db, s.owner.userId)).toEqual([])
  })

  it('refuses names that are empty or too long, and callers without a person', async () => {
    const s = await fixture(await open())
    await expect(s.mine.workspace.create({ name: '' })).rejects.toMatchObject({ code: 'BAD_REQUEST' })
    await expect(s.mine.workspace.create({ name: 'x'.repeat(65) })).rejects.toMatchObject({ code: 'BAD_REQUEST' })
    await expect(s.mine.workspace.create({ name: 'a\0b' })).rejects.toMatchObject({ code: 'BAD_REQUEST' })
    await expect(s.as(anonymous).workspace.create({ name: 'n' })).rejects.toMatchObject(refused('Unauthorized'))
    const key: Actor = { kind: 'bot', botId: 'b', workspaceId: s.workspaceId, keyId: 'k' }
    await expect(s.as(key).workspace.create({ name: 'n' })).rejects.toMatchObject(refused('Forbidden'))
  })

  it('takes an account only from its administrators', async () => {
    const s = await fixture(await open())
    const made = await s.mine.workspace.create({ name: 'n', accountId: s.owner.accountId })
    expect(made.ownerId).toBe(s.owner.userId)
    const foreign = s.mine.workspace.create({ name: 'n', accountId: s.stranger.accountId })
    await expect(foreign).rejects.toMatchObject(refused('ResourceNotFound'))
  })

  it('is refused to a token that is bound to one workspace', async () => {
    const s = await fixture(await open())
    const bound = await withToken(s.app, s.owner, { workspaceId: s.workspaceId })
    await expect(s.as(bound).workspace.create({ name: 'n' })).rejects.toMatchObject({
      type: 'Forbidden',
      message: 'A token bound to one workspace cannot change the person it belongs to.',
    })
  })

  it('has one effect when sent twice at once with one idempotency key', async () => {
    const s = await fixture(await open())
    const keyed = s.as(s.owner.actor, { idempotencyKey: 'once' }).workspace
    const [a, b] = await Promise.all([keyed.create({ name: 'Twice' }), keyed.create({ name: 'Twice' })])
    expect(a).toEqual(b)
    expect((await s.mine.workspace.list({})).workspaces.map((w) => w.name)).toEqual(['First', 'Twice'])
  })
})

eachDialect('workspace: list and get', (open) => {
  it('lists what the caller is a member of, page by page, oldest first', async () => {
    const s = await fixture(await open())
    for (const name of ['B', 'C', 'D']) {
      s.clock.advance(1)
      await s.mine.workspace.create({ name })
    }
    await seedWorkspace(s.app, s.stranger, 'Foreign')
    const one = await s.mine.workspace.list({ pageSize: 3 })
    expect(one.workspaces.map((w) => w.name)).toEqual(['First', 'B', 'C'])
    const two = await s.mine.workspace.list({ pageSize: 3, nextToken: one.meta.nextToken })
    expect(two).toMatchObject({ workspaces: [{ name: 'D' }], meta: {} })
    expect(two.meta).not.toHaveProperty('nextToken')
    const elsewhere = s.mine.workspace.list({ handle: 'x', nextToken: one.meta.nextToken })
    await expect(elsewhere).rejects.toMatchObject(refused('InvalidQuery'))
  })

  it('narrows by handle, and to the workspace a token is bound to', async () => {
    const s = await fixture(await open())
    const other = await s.mine.workspace.create({ name: 'Other' })
    await s.mine.workspace.update({ id: other.id, handle: 'acme' })
    expect((await s.mine.workspace.list({ handle: 'acme' })).workspaces.map((w) => w.id)).toEqual([other.id])
    expect(await s.mine.workspace.list({ handle: 'acm' })).toEqual({ workspaces: [], meta: {} })
    const bound = s.as(await withToken(s.app, s.owner, { workspaceId: s.workspaceId })).workspace
    expect((await bound.list({})).workspaces.map((w) => w.id)).toEqual([s.workspaceId])
    expect((await bound.list({ handle: 'acme' })).workspaces).toEqual([])
    await expect(bound.get({ id: other.id })).rejects.toMatchObject(refused('ResourceNotFound'))
  })

  it('shows a workspace to its members and to nobody else', async () => {
    const s = await fixture(await open())
    const viewer = (await s.joined('viewer')).workspace
    expect(await viewer.get({ id: s.workspaceId })).not.toHaveProperty('handle')
    const foreign = s.as(s.stranger.actor).workspace.get({ id: s.workspaceId })
    await expect(foreign).rejects.toMatchObject(refused('ResourceNotFound'))
    const narrow = s.as(await withToken(s.app, s.owner, { scopes: ['bot:read'] })).workspace
    await expect(narrow.get({ id: s.workspaceId })).rejects.toMatchObject(refused('Forbidden'))
  })
})
