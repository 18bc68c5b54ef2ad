import { eachDialect } from '@steward/db/testing'
import { expect, it } from 'vitest'
import { payloadOf, recordsOf, fixture } from '../account/account.testing.ts'
import { storesOf } from '../../core/app-context.ts'
import { toCents } from './workspace.service.ts'

const refused = (type: string) => ({ type })

eachDialect('workspace: update', (open) => {
  it('changes what is given and says so in the audit trail', async () => {
    const s = await fixture(await open())
    s.clock.advance(5)
    const profile = {
      name: 'Renamed',
      about: 'We build bots.',
      profilePicture: 'https://example.com/p.png',
      contactEmail: 'hello@example.com',
      website: 'https://example.com',
      socialAccounts: ['https://example.com/a', 'https://example.com/b'],
      isPublic: true,
      handle: 'acme-corp',
    }
    const updated = await s.mine.workspace.update({ id: s.workspaceId, ...profile })
    expect(updated).toMatchObject({ ...profile, spendingLimit: 100, updatedAt: '2026-03-01T12:00:00.005Z' })
    expect(await s.mine.workspace.get({ id: s.workspaceId })).toEqual(updated)
    const [record] = await recordsOf(s.db, s.workspaceId)
    expect(record).toMatchObject({ action: 'UPDATE_WORKSPACE', actor_id: s.owner.userId })
    const payload = await payloadOf(s.db, record?.id)
    expect(payload).toMatchObject({ before: { name: 'First', handle: null }, after: profile })
    expect(payload['after']).not.toHaveProperty('spendingLimit')
  })

  it('keeps money in whole cents and names the limit in the audit trail', async () => {
    const s = await fixture(await open())
    for (const spendingLimit of [5, 5.01, 19.99, 33.3, 999.99, 1000])
      expect(await s.mine.workspace.update({ id: s.workspaceId, spendingLimit })).toMatchObject({ spendingLimit })
    const [record] = await recordsOf(s.db, s.workspaceId)
    expect(record?.action).toBe('SET_SPENDING_LIMIT')
    expect(await payloadOf(s.db, record?.id)).toMatchObject({
      value: '5',
      before: { spendingLimit: 100 },
      after: { spendingLimit: 5 },
    })
    const finer = s.mine.workspace.update({ id: s.workspaceId, spendingLimit: 10.001 })
    await expect(finer).rejects.toMatchObject(refused('InvalidPayload'))
    for (const spendingLimit of [4.99, 1000.01])
      await expect(s.mine.workspace.update({ id: s.workspaceId, spendingLimit })).rejects.toMatchObject({
        code: 'BAD_REQUEST',
      })
    expect(await s.mine.workspace.get({ id: s.workspaceId })).toMatchObject({ spendingLimit: 1000 })
  })

  it('lets billing set the limit alone, and developers nothing', async () => {
    const s = await fixture(await open())
    const billing = (await s.joined('billing')).workspace
    expect(await billing.update({ id: s.workspaceId, spendingLimit: 20 })).toMatchObject({ spendingLimit: 20 })
    const both = billing.update({ id: s.workspaceId, spendingLimit: 30, name: 'Mine' })
    await expect(both).rejects.toMatchObject(refused('Forbidden'))
    for (const role of ['viewer', 'developer', 'manager'] as const) {
      const member = (await s.joined(role)).workspace
      await expect(member.update({ id: s.workspaceId, name: 'Mine' })).rejects.toMatchObject(refused('Forbidden'))
    }
    const foreign = s.as(s.stranger.actor).workspace.update({ id: s.workspaceId, name: 'Mine' })
    await expect(foreign).rejects.toMatchObject(refused('ResourceNotFound'))
    expect(await s.mine.workspace.get({ id: s.workspaceId })).toMatchObject({ name: 'First', spendingLimit: 20 })
    const administrator = (await s.joined('administrator')).workspace
    expect(await administrator.update({ id: s.workspaceId, name: 'Ours' })).toMatchObject({ name: 'Ours' })
  })

  it('asks for the right to the touched part again inside the write', async () => {
    const s = await fixture(await open())
    const person = await s.joined('administrator')
    // The demotion commits between the first look at the rights and the write, which waits for the lane.
    const waiting = Promise.withResolvers<void>()
    const held = Promise.withResolvers<void>()
    const demotion = storesOf(s.app).main.write(async (tx) => {
      await tx.updateTable('lane').set({ kind: 'workspace' }).where('id', '=', s.workspaceId).execute()
      held.resolve()
      await waiting.promise
      await tx.updateTable('member').set({ role: 'billing' }).where('user_id', '=', person.userId).execute()
    })
    await held.promise
    const late = person.workspace.update({ id: s.workspaceId, name: 'Late' })
    const outcome = Promise.allSettled([late])
    await new Promise((resolve) => setTimeout(resolve, 100))
    waiting.resolve()
    await demotion
    expect(await outcome).toMatchObject([{ status: 'rejected', reason: refused('Forbidden') }])
    expect(await s.mine.workspace.get({ id: s.workspaceId })).toMatchObject({ name: 'First' })
  })

  it('gives a handle to one of many who claim it at once', async () => {
    const s = await fixture(await open())
    const ids = [s.workspaceId]
    for (const name of ['b', 'c', 'd']) ids.push((await s.mine.workspace.create({ name })).id)
    const claims = await Promise.allSettled(ids.map((id) => s.mine.workspace.update({ id, handle: 'wanted' })))
    const won = claims.filter((claim) => claim.status === 'fulfilled')
    const lost = claims.filter((claim) => claim.status === 'rejected').map((claim) => claim.reason as unknown)
    expect(won).toHaveLength(1)
    expect(lost).toHaveLength(3)
    for (const reason of lost) expect(reason).toMatchObject(refused('AlreadyExists'))
    const again = won[0]?.status === 'fulfilled' ? won[0].value.id : ''
    expect(await s.mine.workspace.update({ id: again, handle: 'wanted' })).toMatchObject({ handle: 'wanted' })
  })

  it('refuses handles outside the rule', async () => {
    const s = await fixture(await open())
    for (const handle of ['ab', '-acme', 'acme-', 'Acme', 'ac me', 'a'.repeat(65), 'äcme'])
      await expect(s.mine.workspace.update({ id: s.workspaceId, handle })).rejects.toMatchObject({
        code: 'BAD_REQUEST',
      })
    expect(await s.mine.workspace.get({ id: s.workspaceId })).not.toHaveProperty('handle')
  })

  it('refuses reserved handles and oversized fields', async () => {
    const s = await fixture(await open())
    for (const handle of ['public', 'api', 'auth', 'admin'])
      await expect(s.mine.workspace.update({ id: s.workspaceId, handle })).rejects.toMatchObject(
        refused('InvalidPayload'),
      )
    const long = 'x'.repeat(3000)
    for (const field of ['about', 'website', 'contactEmail', 'profilePicture'])
      await expect(s.mine.workspace.update({ id: s.workspaceId, [field]: long })).rejects.toMatchObject({
        code: 'BAD_REQUEST',
      })
    const script = 'javascript:alert(document.domain)'
    for (const field of ['website', 'contactEmail', 'profilePicture'])
      await expect(s.mine.workspace.update({ id: s.workspaceId, [field]: script })).rejects.toMatchObject({
        code: 'BAD_REQUEST',
      })
    const links = Array.from({ length: 6 }, () => 'https://example.com')
    await expect(s.mine.workspace.update({ id: s.workspaceId, socialAccounts: links })).rejects.toMatchObject({
      code: 'BAD_REQUEST',
    })
  })
})

it.each([
  [5.01, 501],
  [8.29, 829],
  [1000, 100_000],
  [64.1, 6410],
])('%d dollars are %d cents', (dollars, cents) => {
  expect(toCents(dollars)).toBe(cents)
})
