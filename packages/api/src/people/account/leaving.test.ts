import type { Stores } from '@steward/db'
import { eachDialect } from '@steward/db/testing'
import { expect, it } from 'vitest'
import type { SeededPerson } from '../../core/app.testing.ts'
import { callerFor, seedPerson } from '../../core/app.testing.ts'
import { router } from '../../core/procedure/trpc.ts'
import { meRouter } from '../me.router.ts'
import { accountRouter } from '../account.router.ts'
import { atOnce, reasonsOf, recordsOf, fixture } from './account.testing.ts'

const routes = router({ account: accountRouter, me: meRouter })
const kept = { type: 'ReferenceConstraint' }

/** An organization of the owner; the stranger was made an administrator unasked. */
async function withUnasked(stores: Stores) {
  const s = await fixture(stores)
  const { account } = await s.mine.account.create({ name: 'Acme', workspaceName: 'Main' })
  const call = callerFor(routes, s.app)
  const as = ({ actor }: SeededPerson) => call(actor)
  const accountId = account.id
  const add = async (person: SeededPerson) => {
    s.clock.advance(1)
    await as(s.owner).account.addAdministrator({ accountId, email: person.email })
    s.clock.advance(1)
  }
  const leave = (person: SeededPerson) => as(person).account.removeAdministrator({ accountId, userId: person.userId })
  const edit = (person: SeededPerson) => as(person).account.update({ accountId, name: `by ${person.email}` })
  await add(s.stranger)
  return { ...s, as, accountId, add, leave, edit }
}

eachDialect('account: an administrator who was not asked', (open) => {
  it('sees it, may leave, and leaves a record', async () => {
    const s = await withUnasked(await open())
    expect((await s.as(s.stranger).account.list({})).accounts.map(({ id }) => id)).toContain(s.accountId)
    expect(await s.leave(s.stranger)).toEqual({})
    expect((await s.as(s.stranger).account.list({})).accounts.map(({ id }) => id)).not.toContain(s.accountId)
    const last = (await recordsOf(s.db, s.accountId)).at(-1)
    expect(last).toMatchObject({ operation: 'account.removeAdministrator', actor_id: s.stranger.userId })
  })

  it('may be deleted', async () => {
    const s = await withUnasked(await open())
    expect(await s.as(s.stranger).me.delete({})).toEqual({})
  })

  it('is not left alone with the account before having done anything in it', async () => {
    const s = await withUnasked(await open())
    await expect(s.leave(s.owner)).rejects.toMatchObject(kept)
    await s.edit(s.stranger)
    expect(await s.leave(s.owner)).toEqual({})
    await expect(s.leave(s.stranger)).rejects.toMatchObject(kept)
  })

  it('is not left alone by who has themselves deleted either', async () => {
    const s = await withUnasked(await open())
    const second = await seedPerson(s.app, 'second@example.com')
    await s.add(second)
    await s.edit(second)
    await s.leave(s.owner)
    const deleted = s.as(second).me.delete({})
    await expect(deleted).rejects.toMatchObject({ ...kept, metadata: { accountIds: [s.accountId] } })
    await s.leave(s.stranger)
  })

  it('has not taken it on by having left before', async () => {
    const s = await withUnasked(await open())
    await s.leave(s.stranger)
    await s.add(s.stranger)
    await expect(s.leave(s.owner)).rejects.toMatchObject(kept)
  })

  it('takes it on by removing the others', async () => {
    const s = await withUnasked(await open())
    const { accountId, owner } = s
    expect(await s.as(s.stranger).account.removeAdministrator({ accountId, userId: owner.userId })).toEqual({})
    await expect(s.leave(s.stranger)).rejects.toMatchObject(kept)
  })

  it('is not left alone when all others leave at once', async () => {
    const s = await withUnasked(await open())
    const second = await seedPerson(s.app, 'second@example.com')
    await s.add(second)
    await s.edit(second)
    const results = await atOnce(s.app, [s.accountId], [() => s.leave(s.owner), () => s.leave(second)])
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect(reasonsOf(results)).toMatchObject([kept])
    expect(await s.leave(s.stranger)).toEqual({})
  })
})
