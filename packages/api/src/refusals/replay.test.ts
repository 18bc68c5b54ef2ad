import { eachDialect } from '@steward/db/testing'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Permission, Rule } from '../core/permissions.ts'
import { keyAllows, keyScopes, permissions } from '../core/permissions.ts'
import { seedToken } from '../core/testing.ts'
import { ask, outcome, procedures } from './ask.testing.ts'
import { inputFor, procedurePaths, rightActor } from './inputs.testing.ts'
import { makePlace } from './place.testing.ts'
import type { Scene } from './scene.testing.ts'
import { makeScene } from './scene.testing.ts'

const ruleOf = (path: string): Rule => permissions[path as Permission]
const keyed = procedurePaths.filter(
  (path) => procedures.get(path)?.type === 'mutation' && ruleOf(path).scope !== 'anyone' && path !== 'me.delete',
)

// A stored answer may hold a key or a link that is shown once: who may not make the call may not have its answer.
eachDialect('a stored answer', (open) => {
  let scene: Scene

  beforeAll(async () => {
    scene = await makeScene(await open())
  })
  afterAll(() => scene.app.close())

  it.each(keyed)('%s: is not for a token that may not make the call', async (path) => {
    const place = await makePlace(scene)
    const by = place.people[rightActor(path)]
    const sent = { path, input: await inputFor(path, place, by), idempotencyKey: path }
    expect((await ask(scene, 'trpc', { ...sent, token: by.token })).status).toBe(200)
    const scopes = keyScopes.filter((one) => !keyAllows([one], path as Permission))
    const narrow = await seedToken(scene.house, { ...by, actor: { kind: 'anonymous' } }, { scopes })
    const refused = await ask(scene, 'trpc', { ...sent, token: narrow.value })
    expect(`${refused.status} ${outcome(refused)}`).toBe('403 Forbidden')
  })
})
