import { eachDialect } from '@steward/db/testing'
import { expect, it } from 'vitest'
import { storesOf } from '../../core/app-context.ts'
import { anonymous, seedPerson } from '../../core/app.testing.ts'
import { payloadOf, reasonsOf, recordsOf, fixture, seedVersionedBot, withToken } from './account.testing.ts'

const refused = (type: string) => ({ type })
const contacts = {
  legalName: 'Acme AG',
  taxId: 'CHE-123.456.789',
  contactEmail: 'hello@acme.example',
  billingEmail: 'bills@acme.example',
  billingAddress: { line1: 'Bahnhofstrasse 1', city: 'Zürich', postalCode: '8001', country: 'CH' },
}

eachDialect('account: create, list, get', (open) => {
  it('makes an organization together with its first workspace', async () => {
    const s = await fixture(await open())
    const { account, workspace } = await s.mine.account.create({ name: 'Acme', workspaceName: 'Main', ...contacts })
    const at = '2026-03-01T12:00:00.000Z'
    expect(account).toEqual({
      id: expect.stringMatching(/^accnt_[0-9A-Z]{26}$/),
      kind: 'organization',
      name: 'Acme',
      ...contacts,
      createdAt: at,
      updatedAt: at,
    })
    expect(workspace).toMatchObject({ name: 'Main', ownerId: s.owner.userId })
    expect(await s.mine.account.get({ accountId: account.id })).toEqual(account)
    expect(await s.mine.workspace.get({ id: workspace.id })).toEqual(workspace)
    const owned = await s.mine.account.listWorkspaces({ accountId: account.id })
    expect(owned).toEqual({ workspaces: [workspace], meta: {} })
    for (const lane of [account.id, workspace.id])
      expect(await recordsOf(s.db, lane)).toMatchObject([
        { action: 'CREATE_WORKSPACE', operation: 'account.create', resource_id: workspace.id },
      ])
  })

  it('lists the accounts the caller administers, page by page', async () => {
    const s = await fixture(await open())
    const ids = [s.owner.accountId]
    for (const name of ['A', 'B', 'C']) {
      s.clock.advance(1)
      ids.push((await s.mine.account.create({ name, workspaceName: name })).account.id)
    }
    const one = await s.mine.account.list({ pageSize: 3 })
    const two = await s.mine.account.list({ pageSize: 3, nextToken: one.meta.nextToken })
    expect([...one.accounts, ...two.accounts].map((account) => account.id)).toEqual(ids)
    expect(two.meta).toEqual({})
    expect(one.accounts[0]).toMatchObject({ kind: 'individual', legalName: null, billingAddress: null })
    expect((await s.as(s.stranger.actor).account.list({})).accounts).toMatchObject([{ id: s.stranger.accountId }])
  })

  it('pages the workspaces of an account, whoever their members are', async () => {
    const s = await fixture(await open())
    for (const name of ['B', 'C']) {
      s.clock.advance(1)
      await s.mine.workspace.create({ name })
    }
    const { accountId } = s.owner
    const one = await s.mine.account.listWorkspaces({ accountId, pageSize: 2 })
    const two = await s.mine.account.listWorkspaces({ accountId, pageSize: 2, nextToken: one.meta.nextToken })
    expect([...one.workspaces, ...two.workspaces].map((w) => w.name)).toEqual(['First', 'B', 'C'])
  })

  it('hides accounts from who does not administer them, a workspace administrator included', async () => {
    const s = await fixture(await open())
    const administrator = await s.joined('administrator')
    const { accountId } = s.owner
    for (const account of [administrator.account, s.as(s.stranger.actor).account]) {
      const calls = [
        account.get({ accountId }),
        account.update({ accountId, name: 'Mine' }),
        account.delete({ accountId }),
        account.listWorkspaces({ accountId }),
        account.listAdministrators({ accountId }),
        account.listTransfers({ accountId }),
        account.addAdministrator({ accountId, email: 'stranger@example.com' }),
      ]
      for (const call of await Promise.allSettled(calls))
        expect(call).toMatchObject({ status: 'rejected', reason: refused('ResourceNotFound') })
    }
    await expect(s.as(anonymous).account.list({})).rejects.toMatchObject(refused('Unauthorized'))
  })

  it('is closed to tokens that are bound to a workspace or lack the scope', async () => {
    const s = await fixture(await open())
    const bound = s.as(await withToken(s.app, s.owner, { workspaceId: s.workspaceId })).account
    expect(await bound.list({})).toEqual({ accounts: [], meta: {} })
    await expect(bound.create({ name: 'A', workspaceName: 'W' })).rejects.toMatchObject({
      type: 'Forbidden',
      message: 'A token bound to one workspace cannot change the person it belongs to.',
    })
    await expect(bound.get({ accountId: s.owner.accountId })).rejects.toMatchObject(refused('ResourceNotFound'))
    const reading = s.as(await withToken(s.app, s.owner, { scopes: ['account:read'] })).account
    expect((await reading.list({})).accounts).toHaveLength(1)
    await expect(reading.create({ name: 'A', workspaceName: 'W' })).rejects.toMatchObject(refused('Forbidden'))
  })

  it('has one effect when sent twice at once with one idempotency key', async () => {
    const s = await fixture(await open())
    const keyed = s.as(s.owner.actor, { idempotencyKey: 'once' }).account
    const input = { name: 'Acme', workspaceName: 'Main' }
    const [a, b] = await Promise.all([keyed.create(input), keyed.create(input)])
    expect(a).toEqual(b)
    expect((await s.mine.account.list({})).accounts).toHaveLength(2)
    expect((await s.mine.workspace.list({})).workspaces).toHaveLength(2)
  })
})

eachDialect('account: update', (open) => {
  it('changes what is given, empties on null, and audits the touched fields alone', async () => {
    const s = await fixture(await open())
    const { accountId } = s.owner
    s.clock.advance(7)
    const updated = await s.mine.account.update({ accountId, ...contacts })
    expect(updated).toMatchObject({ name: 'owner@example.com', ...contacts, updatedAt: '2026-03-01T12:00:00.007Z' })
    const emptied = await s.mine.account.update({ accountId, legalName: null, billingAddress: null })
    expect(emptied).toMatchObject({ legalName: null, billingAddress: null, taxId: contacts.taxId })
    expect(await s.mine.account.get({ accountId })).toEqual(emptied)
    const [, record] = await recordsOf(s.db, accountId)
    expect(record).toMatchObject({ action: 'UNKNOWN', operation: 'account.update' })
    expect(await payloadOf(s.db, record?.id)).toMatchObject({
      before: { legalName: contacts.legalName, billingAddress: contacts.billingAddress },
      after: { legalName: null, billingAddress: null },
    })
  })

  it('refuses malformed contacts and leaves everything as it was', async () => {
    const s = await fixture(await open())
    const { accountId } = s.owner
    const before = await s.mine.account.get({ accountId })
    const address = contacts.billingAddress
    const malformed = [
      { name: '' },
      { contactEmail: 'nobody' },
      { billingEmail: 'a@b' },
      { taxId: 'x'.repeat(51) },
      { billingAddress: { ...address, country: 'XX' } },
      { billingAddress: { ...address, country: 'ch' } },
      { billingAddress: { ...address, line1: '' } },
      { billingAddress: { ...address, city: 'a\0' } },
    ]
    for (const fields of malformed)
      await expect(s.mine.account.update({ accountId, ...fields })).rejects.toMatchObject({ code: 'BAD_REQUEST' })
    expect(await s.mine.account.get({ accountId })).toEqual(before)
  })
})

eachDialect('account: delete', (open) => {
  async function withOrganization() {
    const s = await fixture(await open())
    const { account, workspace } = await s.mine.account.create({ name: 'Acme', workspaceName: 'Main' })
    return { ...s, accountId: account.id, onlyId: workspace.id }
  }

  it('closes an organization with its one empty workspace and keeps both trails', async () => {
    const s = await withOrganization()
    const { accountId } = s
    expect(await s.mine.account.delete({ accountId })).toEqual({})
    await expect(s.mine.account.get({ accountId })).rejects.toMatchObject(refused('ResourceNotFound'))
    await expect(s.mine.workspace.get({ id: s.onlyId })).rejects.toMatchObject(refused('ResourceNotFound'))
    for (const lane of [accountId, s.onlyId])
      expect((await recordsOf(s.db, lane)).map((record) => record.action)).toEqual([
        'CREATE_WORKSPACE',
        'CLOSE_WORKSPACE',
      ])
    // In the workspace's own trail it is the workspace that was closed.
    const closed = async (lane: string) => (await recordsOf(s.db, lane)).at(-1)
    expect(await closed(accountId)).toMatchObject({ resource_type: 'account', resource_id: accountId })
    expect(await closed(s.onlyId)).toMatchObject({ resource_type: 'workspace', resource_id: s.onlyId })
    const changes = await s.db.selectFrom('change').selectAll().where('lane_id', 'in', [accountId, s.onlyId]).execute()
    expect(changes.length).toBeGreaterThan(3)
    for (const change of changes) expect(change.deleted).toBe(1)
  })

  it('refuses individuals, several workspaces, and bots', async () => {
    const s = await withOrganization()
    const { accountId } = s
    const individual = s.mine.account.delete({ accountId: s.owner.accountId })
    await expect(individual).rejects.toMatchObject(refused('ReferenceConstraint'))
    const second = await s.mine.workspace.create({ name: 'Second', accountId })
    await expect(s.mine.account.delete({ accountId })).rejects.toMatchObject(refused('ReferenceConstraint'))
    await s.mine.workspace.delete({ id: second.id })
    await seedVersionedBot(s.app, s.onlyId, 'hash')
    await expect(s.mine.account.delete({ accountId })).rejects.toMatchObject(refused('ReferenceConstraint'))
    expect(await s.mine.account.get({ accountId })).toMatchObject({ name: 'Acme' })
  })

  it('takes the owner of the workspace, not only an administrator of the account', async () => {
    const s = await withOrganization()
    const { accountId } = s
    await s.mine.account.addAdministrator({ accountId, email: s.stranger.email })
    const theirs = s.as(s.stranger.actor).account
    const words = expect.stringContaining('Only the owner of the last workspace')
    await expect(theirs.delete({ accountId })).rejects.toMatchObject({ type: 'Forbidden', message: words })
    const narrow = s.as(await withToken(s.app, s.owner, { scopes: ['account:write'] })).account
    const lacks = { type: 'Forbidden', message: 'This token lacks the scope "workspace:write".' }
    await expect(narrow.delete({ accountId })).rejects.toMatchObject(lacks)
    expect(await theirs.get({ accountId })).toMatchObject({ name: 'Acme' })
  })

  it('never leaves a workspace without an account when one is created at the same moment', async () => {
    const s = await withOrganization()
    const { accountId } = s
    const [deleted, created] = await Promise.allSettled([
      s.mine.account.delete({ accountId }),
      s.mine.workspace.create({ name: 'Second', accountId }),
    ])
    expect([deleted.status, created.status].toSorted()).toEqual(['fulfilled', 'rejected'])
    const [reason] = reasonsOf([deleted, created])
    expect(reason).toMatchObject(refused(deleted.status === 'rejected' ? 'ReferenceConstraint' : 'ResourceNotFound'))
  })
})

eachDialect('account: administrators', (open) => {
  it('are not made of an address that nobody proved', async () => {
    const s = await withOrganization()
    await storesOf(s.app).main.write((tx) =>
      tx.updateTable('user').set({ email_verified: 0 }).where('id', '=', s.stranger.userId).execute(),
    )
    const added = s.mine.account.addAdministrator({ accountId: s.accountId, email: s.stranger.email })
    await expect(added).rejects.toMatchObject(refused('ReferenceNotFound'))
  })

  async function withOrganization() {
    const s = await fixture(await open())
    const { account } = await s.mine.account.create({ name: 'Acme', workspaceName: 'Main' })
    return { ...s, accountId: account.id }
  }

  it('adds by email, whatever its case, lists in order, and removes', async () => {
    const s = await withOrganization()
    const { accountId } = s
    s.clock.advance(1)
    const added = await s.mine.account.addAdministrator({ accountId, email: 'Stranger@Example.com' })
    expect(added).toEqual({
      userId: s.stranger.userId,
      email: 'stranger@example.com',
      displayName: 'stranger',
      createdAt: '2026-03-01T12:00:00.001Z',
    })
    const one = await s.mine.account.listAdministrators({ accountId, pageSize: 1 })
    const two = await s.mine.account.listAdministrators({ accountId, pageSize: 1, nextToken: one.meta.nextToken })
    expect(one.administrators.map((person) => person.userId)).toEqual([s.owner.userId])
    expect(two).toEqual({ administrators: [added], meta: {} })
    const again = s.mine.account.addAdministrator({ accountId, email: s.stranger.email })
    await expect(again).rejects.toMatchObject(refused('AlreadyExists'))
    const theirs = s.as(s.stranger.actor).account
    expect(await theirs.removeAdministrator({ accountId, userId: s.owner.userId })).toEqual({})
    await expect(s.mine.account.get({ accountId })).rejects.toMatchObject(refused('ResourceNotFound'))
    expect((await recordsOf(s.db, accountId)).map((record) => record.operation)).toEqual([
      'account.create',
      'account.addAdministrator',
      'account.removeAdministrator',
    ])
  })

  it('refuses strangers to the app, strangers to the account, and malformed addresses', async () => {
    const s = await withOrganization()
    const { accountId } = s
    const unknown = s.mine.account.addAdministrator({ accountId, email: 'nobody@example.com' })
    await expect(unknown).rejects.toMatchObject(refused('ReferenceNotFound'))
    const notOne = s.mine.account.removeAdministrator({ accountId, userId: s.stranger.userId })
    await expect(notOne).rejects.toMatchObject(refused('ResourceNotFound'))
    const malformed = s.mine.account.addAdministrator({ accountId, email: 'nobody' })
    await expect(malformed).rejects.toMatchObject({ code: 'BAD_REQUEST' })
  })

  it('leaves an individual account to its person', async () => {
    const s = await withOrganization()
    const { accountId, userId } = s.owner
    const add = s.mine.account.addAdministrator({ accountId, email: s.stranger.email })
    await expect(add).rejects.toMatchObject(refused('ReferenceConstraint'))
    const remove = s.mine.account.removeAdministrator({ accountId, userId })
    await expect(remove).rejects.toMatchObject(refused('ReferenceConstraint'))
  })

  it('keeps one administrator when all are removed at once', async () => {
    const s = await withOrganization()
    const { accountId } = s
    const people = [s.owner, s.stranger]
    for (const name of ['c', 'd']) people.push(await seedPerson(s.app, `${name}@example.com`))
    for (const person of people.slice(1)) await s.mine.account.addAdministrator({ accountId, email: person.email })
    const removals = people.map((person) =>
      s.as(person.actor).account.removeAdministrator({ accountId, userId: person.userId }),
    )
    const results = await Promise.allSettled(removals)
    expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(3)
    const [lost] = reasonsOf(results)
    expect(lost).toMatchObject(refused('ReferenceConstraint'))
    const left = s.db.selectFrom('account_administrator').select('user_id').where('account_id', '=', accountId)
    expect(await left.execute()).toHaveLength(1)
  })
})
