import { areas } from '../root.ts'
import { eachDialect } from '@steward/db/testing'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { storesOf } from '../core/app-context.ts'
import type { Permission, Rule } from '../core/access/rule.ts'
import { keyAllows } from '../core/access/rule.ts'
import { seedToken } from '../core/app.testing.ts'
import { ask, expectOutcome, outcome, procedures } from './ask.testing.ts'
import { inputFor, procedurePaths, rightActor } from './inputs.testing.ts'
import type { Place } from './place.testing.ts'
import { makePlace } from './place.testing.ts'
import type { Scene } from './scene.testing.ts'
import { makeScene } from './scene.testing.ts'

const ruleOf = (path: string): Rule => areas.permissions[path as Permission]
const keyed = procedurePaths.filter(
  (path) => procedures.get(path)?.type === 'mutation' && ruleOf(path).scope !== 'anyone' && path !== 'me.delete',
)

/** Those who can lose the right to make the call, other than by making it. */
const losable = keyed.filter((path) => ['workspace', 'bot', 'account'].includes(ruleOf(path).scope))
/** Nothing is left of what these were about: nobody can be more or less of it, and the answer is empty. */
const endsAll = new Set<string>(['workspace.delete', 'account.delete'])
const nothing = '{"result":{"data":{}}}'

/** A stranger takes the owner's place in all workspaces and accounts. */
async function supplant({ scene, people: { owner, stranger } }: Place): Promise<void> {
  await storesOf(scene.app).main.write(async (tx) => {
    await tx.updateTable('member').set({ user_id: stranger.userId }).where('user_id', '=', owner.userId).execute()
    await tx.deleteFrom('account_administrator').where('user_id', '=', owner.userId).execute()
  })
}

// A stored answer may hold a key or a link that is shown once: who may not make the call may not have its answer.
eachDialect('a stored answer', (open) => {
  let scene: Scene

  beforeAll(async () => {
    scene = await makeScene(await open())
  })
  afterAll(() => scene.api.close())

  it.each(keyed)('%s: is not for a token that may not make the call', async (path) => {
    const place = await makePlace(scene)
    const by = place.people[rightActor(path)]
    const sent = { path, input: await inputFor(path, place, by), idempotencyKey: path }
    expect((await ask(scene, 'trpc', { ...sent, token: by.token })).status).toBe(200)
    const scopes = areas.keyScopes.filter((one) => !keyAllows([one], ruleOf(path)))
    const narrow = await seedToken(scene.app, { ...by, actor: { kind: 'anonymous' } }, { scopes })
    const refused = await ask(scene, 'trpc', { ...sent, token: narrow.value })
    expect(`${refused.status} ${outcome(refused)}`).toBe('403 Forbidden')
  })

  it.each(losable)('%s: is not for who has lost the right to make the call', async (path) => {
    const place = await makePlace(scene)
    const by = place.people.owner
    const sent = { path, input: await inputFor(path, place, by), idempotencyKey: path, token: by.token }
    const first = await ask(scene, 'trpc', sent)
    expect(first.status).toBe(200)
    expect((await ask(scene, 'trpc', sent)).text).toBe(first.text)
    await supplant(place)
    const late = await ask(scene, 'trpc', sent)
    if (endsAll.has(path)) expect([first.text, late.text]).toEqual([nothing, nothing])
    else expectOutcome(late, 'ResourceNotFound')
  })

  it.each(losable.filter((path) => ruleOf(path).scope !== 'account'))(
    '%s: outlives what the call was about',
    async (path) => {
      const place = await makePlace(scene)
      const { token } = place.people.owner
      const sent = { path, input: await inputFor(path, place, place.people.owner), idempotencyKey: path, token }
      const first = await ask(scene, 'trpc', sent)
      const { bot, workspace } = place.ids
      const [table, id] = ruleOf(path).scope === 'bot' ? (['bot', bot] as const) : (['workspace', workspace] as const)
      await storesOf(scene.app).main.write(async (tx) => {
        if (table === 'workspace') await tx.deleteFrom('bot').where('workspace_id', '=', id).execute()
        await tx.deleteFrom(table).where('id', '=', id).execute()
      })
      expect((await ask(scene, 'trpc', sent)).text).toBe(first.text)
    },
  )

  it('with a key of a bot is not for who no longer sees the bot, or has a lesser role', async () => {
    const place = await makePlace(scene)
    const { token, memberId } = place.people.developer
    const path = 'bot.createKey'
    const sent = { path, input: await inputFor(path, place, place.people.developer), idempotencyKey: path, token }
    const { main } = storesOf(scene.app)
    const openTo = (access: 'SELECTED_USERS' | 'ALL_WORKSPACE_USERS') =>
      main.write((tx) => tx.updateTable('bot').set({ access }).where('id', '=', place.ids.bot).execute())
    const first = await ask(scene, 'trpc', sent)
    await openTo('SELECTED_USERS')
    expectOutcome(await ask(scene, 'trpc', sent), 'ResourceNotFound')
    await openTo('ALL_WORKSPACE_USERS')
    expect((await ask(scene, 'trpc', sent)).text).toBe(first.text)
    await main.write((tx) => tx.updateTable('member').set({ role: 'viewer' }).where('id', '=', memberId).execute())
    expectOutcome(await ask(scene, 'trpc', sent), 'Forbidden')
  })
})
