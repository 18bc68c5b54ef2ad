import { areas, keyAllows, type Permission, type Rule, seedToken, storesOf } from '@steward/api/testing'
import { eachDialect } from '@steward/db/testing'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { ask, expectOutcome, outcome, procedures } from './ask.testing.ts'
import { inputFor, procedurePaths, rightActor } from './inputs.testing.ts'
import type { Tenant } from './tenant.testing.ts'
import { makeTenant } from './tenant.testing.ts'
import type { Fixture } from './fixture.testing.ts'
import { makeFixture } from './fixture.testing.ts'

const ruleOf = (path: string): Rule => areas.permissions[path as Permission]
const keyed = procedurePaths.filter(
  (path) => procedures.get(path)?.type === 'mutation' && ruleOf(path).scope !== 'anyone' && path !== 'me.delete',
)

/** Those who can lose the right to make the call, other than by making it. */
const losable = keyed.filter((path) => ['workspace', 'bot', 'account'].includes(ruleOf(path).scope))
/** Nothing is left of what these were about: nobody can be more or less of it, and the answer is empty. */
const endsAll = new Set<string>(['workspace.delete', 'account.delete'])
const nothing = '{"result":{"data":{}}}'

/** A stranger takes the owner's tenant in all workspaces and accounts. */
async function supplant({ fixture, people: { owner, stranger } }: Tenant): Promise<void> {
  await storesOf(fixture.app).main.write(async (tx) => {
    await tx.updateTable('member').set({ user_id: stranger.userId }).where('user_id', '=', owner.userId).execute()
    await tx.deleteFrom('account_administrator').where('user_id', '=', owner.userId).execute()
  })
}

// A stored answer may hold a key or a link that is shown once: who may not make the call may not have its answer.
eachDialect('a stored answer', (open) => {
  let fixture: Fixture

  beforeAll(async () => {
    fixture = await makeFixture(await open())
  })
  afterAll(() => fixture.api.close())

  it.each(keyed)('%s: is not for a token that may not make the call', async (path) => {
    const tenant = await makeTenant(fixture)
    const by = tenant.people[rightActor(path)]
    const sent = { path, input: await inputFor(path, tenant, by), idempotencyKey: path }
    expect((await ask(fixture, 'trpc', { ...sent, token: by.token })).status).toBe(200)
    const scopes = areas.keyScopes.filter((one) => !keyAllows([one], ruleOf(path)))
    const narrow = await seedToken(fixture.app, { ...by, actor: { kind: 'anonymous' } }, { scopes })
    const refused = await ask(fixture, 'trpc', { ...sent, token: narrow.value })
    expect(`${refused.status} ${outcome(refused)}`).toBe('403 Forbidden')
  })

  it.each(losable)('%s: is not for who has lost the right to make the call', async (path) => {
    const tenant = await makeTenant(fixture)
    const by = tenant.people.owner
    const sent = { path, input: await inputFor(path, tenant, by), idempotencyKey: path, token: by.token }
    const first = await ask(fixture, 'trpc', sent)
    expect(first.status).toBe(200)
    expect((await ask(fixture, 'trpc', sent)).text).toBe(first.text)
    await supplant(tenant)
    const late = await ask(fixture, 'trpc', sent)
    if (endsAll.has(path)) expect([first.text, late.text]).toEqual([nothing, nothing])
    else expectOutcome(late, 'ResourceNotFound')
  })

  it.each(losable.filter((path) => ruleOf(path).scope !== 'account'))(
    '%s: outlives what the call was about',
    async (path) => {
      const tenant = await makeTenant(fixture)
      const { token } = tenant.people.owner
      const sent = { path, input: await inputFor(path, tenant, tenant.people.owner), idempotencyKey: path, token }
      const first = await ask(fixture, 'trpc', sent)
      const { bot, workspace } = tenant.ids
      const [table, id] = ruleOf(path).scope === 'bot' ? (['bot', bot] as const) : (['workspace', workspace] as const)
      await storesOf(fixture.app).main.write(async (tx) => {
        if (table === 'workspace') await tx.deleteFrom('bot').where('workspace_id', '=', id).execute()
        await tx.deleteFrom(table).where('id', '=', id).execute()
      })
      expect((await ask(fixture, 'trpc', sent)).text).toBe(first.text)
    },
  )

  it('with a key of a bot is not for who no longer sees the bot, or has a lesser role', async () => {
    const tenant = await makeTenant(fixture)
    const { token, memberId } = tenant.people.developer
    const path = 'bot.createKey'
    const sent = { path, input: await inputFor(path, tenant, tenant.people.developer), idempotencyKey: path, token }
    const { main } = storesOf(fixture.app)
    const openTo = (access: 'SELECTED_USERS' | 'ALL_WORKSPACE_USERS') =>
      main.write((tx) => tx.updateTable('bot').set({ access }).where('id', '=', tenant.ids.bot).execute())
    const first = await ask(fixture, 'trpc', sent)
    await openTo('SELECTED_USERS')
    expectOutcome(await ask(fixture, 'trpc', sent), 'ResourceNotFound')
    await openTo('ALL_WORKSPACE_USERS')
    expect((await ask(fixture, 'trpc', sent)).text).toBe(first.text)
    await main.write((tx) => tx.updateTable('member').set({ role: 'viewer' }).where('id', '=', memberId).execute())
    expectOutcome(await ask(fixture, 'trpc', sent), 'Forbidden')
  })
})
