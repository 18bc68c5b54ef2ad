import { areas } from '../root.ts'
import { eachDialect } from '@steward/db/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { iso, minute } from '../core/clock.ts'
import { keyAllows } from '../core/access/rule.ts'
import type { KeyScope, Permission, Rule } from '../core/access/rule.ts'
import { mintToken } from '../core/secrets.ts'
import { seedToken } from '../core/app.testing.ts'
import type { Answer } from './ask.testing.ts'
import { ask, endpointsOn, expectOutcome, outcome, procedures } from './ask.testing.ts'
import { inputFor, procedurePaths, rightActor } from './inputs.testing.ts'
import type { Place } from './place.testing.ts'
import { makePlace, unknownId } from './place.testing.ts'
import type { Scene } from './scene.testing.ts'
import { makeScene } from './scene.testing.ts'

const ruleOf = (path: string): Rule => areas.permissions[path as Permission]
const isOpen = (path: string): boolean => ruleOf(path).scope === 'anyone'

/** Procedures that ask for another right on the way, and so for another scope. */
const secondRights: Record<string, KeyScope[]> = {
  'account.delete': ['workspace:write'],
  'account.offerWorkspace': ['workspace:write'],
}

/** Does something over the tRPC endpoint that must succeed. */
async function done(scene: Scene, path: string, call: { input: object; token: string }): Promise<unknown> {
  const answer = await ask(scene, 'trpc', { path, ...call })
  expectOutcome(answer, '200', path)
  return answer.data
}

interface Minted {
  pat: { id: string; value: string }
}

/** Values that were credentials once, or never: by why they are none. */
async function deadCredentials(scene: Scene): Promise<Record<string, string>> {
  const { app } = scene
  const place = await makePlace(scene)
  const { owner, viewer } = place.people
  const mint = async (note: string) =>
    ((await done(scene, 'me.createToken', { input: { note }, token: owner.token })) as Minted).pat
  const revoked = await mint('to be revoked')
  await done(scene, 'me.deleteToken', { input: { id: revoked.id }, token: owner.token })
  const rotated = await mint('to be rotated')
  await done(scene, 'me.rotateToken', { input: { id: rotated.id, graceSeconds: 0 }, token: owner.token })
  const outlived = await mint('to be rotated and outlived')
  await done(scene, 'me.rotateToken', { input: { id: outlived.id, graceSeconds: 60 }, token: owner.token })
  scene.clock.advance(minute)
  const expired = await seedToken(
    app,
    { ...owner, actor: { kind: 'anonymous' } },
    { expiresAt: iso(scene.clock.now()) },
  )
  await done(scene, 'me.delete', { input: { confirmEmail: viewer.email }, token: viewer.token })
  await done(scene, 'bot.delete', { input: { id: place.ids.bot }, token: owner.token })
  const unknown = mintToken(app.ids, 'bp_pat_')
  return {
    'not a token': 'hello',
    'a token with a broken checksum': `${unknown.slice(0, -1)}${unknown.endsWith('0') ? '1' : '0'}`,
    'the secret of an invitation': place.invitationSecret,
    'an unknown token': unknown,
    'an unknown key': mintToken(app.ids, 'bp_bak_'),
    'a revoked token': revoked.value,
    'a rotated token': rotated.value,
    'a rotated token after its grace': outlived.value,
    'an expired token': expired.value,
    'a token of a deleted person': viewer.token,
    'a key of a deleted bot': place.botKey,
  }
}

function expectUnauthorized(answer: Answer, why: string): void {
  expectOutcome(answer, 'Unauthorized', why)
  expect(answer.headers['www-authenticate']).toBe('Bearer')
  expect(answer.failure?.id).toMatch(/^err_\d{14}x[0-9A-F]{8}$/)
}

eachDialect('credentials', (open, engine) => {
  let scene: Scene
  let place: Place
  let dead: Record<string, string>

  beforeAll(async () => {
    scene = await makeScene(await open())
    dead = await deadCredentials(scene)
    place = await makePlace(scene)
  })
  afterAll(() => scene.api.close())

  async function askWith(path: string, endpoint: 'trpc' | 'rest', token: string | undefined): Promise<Answer> {
    const input = await inputFor(path, place, place.people[rightActor(path)])
    const answer = await ask(scene, endpoint, { path, input, token })
    if (answer.status === 200 && procedures.get(path)?.type === 'mutation') place = await makePlace(scene)
    return answer
  }

  describe('that are none', () => {
    it.each(procedurePaths)('%s: 401', async (path) => {
      for (const endpoint of endpointsOn(engine, path)) {
        expect(outcome(await askWith(path, endpoint, undefined))).toBe(isOpen(path) ? '200' : 'Unauthorized')
        for (const [why, token] of Object.entries(dead)) expectUnauthorized(await askWith(path, endpoint, token), why)
      }
    })

    it('tell strangers nothing of the input they sent', async () => {
      for (const path of procedurePaths.filter((one) => !isOpen(one)))
        for (const endpoint of endpointsOn(engine, path)) {
          const answer = await ask(scene, endpoint, { path, input: { id: 7, botId: [], workspaceId: 'x', key: 'k' } })
          expectOutcome(answer, 'Unauthorized', path)
          expect(answer.failure?.metadata).toEqual({})
        }
    })
  })

  it.each(procedurePaths)('%s: the key of a bot opens only what the table says', async (path) => {
    const { scope, botKeys } = ruleOf(path)
    for (const endpoint of endpointsOn(engine, path))
      expect(outcome(await askWith(path, endpoint, place.botKey))).toBe(
        scope === 'anyone' || botKeys ? '200' : 'Forbidden',
      )
  })

  it('the key of a bot knows its own bot alone', async () => {
    const other = await makePlace(scene)
    for (const botId of [other.ids.bot, unknownId(place, place.ids.bot)])
      for (const endpoint of endpointsOn(engine, 'bot.introspect')) {
        const answer = await ask(scene, endpoint, { path: 'bot.introspect', input: { botId }, token: place.botKey })
        expect(outcome(answer)).toBe('Forbidden')
      }
  })

  it.each(procedurePaths.filter((path) => !isOpen(path)))('%s: takes its scope, and no other will do', async (path) => {
    const person = () => ({ ...place.people[rightActor(path)], actor: { kind: 'anonymous' as const } })
    const others = areas.keyScopes.filter((one) => !keyAllows([one], ruleOf(path)))
    expect(others.length).toBeGreaterThan(0)
    for (const endpoint of endpointsOn(engine, path)) {
      const narrow = await seedToken(scene.app, person(), { scopes: others })
      const refused = await askWith(path, endpoint, narrow.value)
      expectOutcome(refused, 'Forbidden', 'without the scope')
      const enough = [ruleOf(path).key ?? '', ...(secondRights[path] ?? [])]
      const answer = await askWith(path, endpoint, (await seedToken(scene.app, person(), { scopes: enough })).value)
      // A token that may do everything is not renewed by one that may not.
      expectOutcome(answer, path === 'me.rotateToken' ? 'Forbidden' : '200', 'with the scope')
    }
  })

  it.each(procedurePaths.filter((path) => ['account', 'workspace', 'bot'].includes(ruleOf(path).scope)))(
    '%s: a token bound to another workspace finds nothing',
    async (path) => {
      const { owner } = place.people
      const bound = await seedToken(
        scene.app,
        { ...owner, actor: { kind: 'anonymous' } },
        { workspaceId: place.ids.second },
      )
      for (const endpoint of endpointsOn(engine, path)) {
        const answer = await askWith(path, endpoint, bound.value)
        expect(`${answer.status} ${outcome(answer)}`).toBe('404 ResourceNotFound')
      }
    },
  )
})
