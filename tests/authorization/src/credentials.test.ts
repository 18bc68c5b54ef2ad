import {
  areas,
  iso,
  keyAllows,
  type KeyScope,
  mintToken,
  minute,
  type Permission,
  type Rule,
  seedToken,
} from '@steward/api/testing'
import { eachDialect } from '@steward/db/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Answer } from './ask.testing.ts'
import { ask, endpointsOn, expectOutcome, outcome, procedures } from './ask.testing.ts'
import { inputFor, procedurePaths, rightActor } from './inputs.testing.ts'
import type { Tenant } from './tenant.testing.ts'
import { makeTenant, unknownId } from './tenant.testing.ts'
import type { Fixture } from './fixture.testing.ts'
import { makeFixture } from './fixture.testing.ts'

const ruleOf = (path: string): Rule => areas.permissions[path as Permission]
const isOpen = (path: string): boolean => ruleOf(path).scope === 'anyone'

/** Procedures that ask for another right on the way, and so for another scope. */
const secondRights: Record<string, KeyScope[]> = {
  'account.delete': ['workspace:write'],
  'account.offerWorkspace': ['workspace:write'],
}

/** Does something over the tRPC endpoint that must succeed. */
async function done(fixture: Fixture, path: string, call: { input: object; token: string }): Promise<unknown> {
  const answer = await ask(fixture, 'trpc', { path, ...call })
  expectOutcome(answer, '200', path)
  return answer.data
}

interface Minted {
  pat: { id: string; value: string }
}

/** Values that were credentials once, or never: by why they are none. */
async function deadCredentials(fixture: Fixture): Promise<Record<string, string>> {
  const { app } = fixture
  const tenant = await makeTenant(fixture)
  const { owner, viewer } = tenant.people
  const mint = async (note: string) =>
    ((await done(fixture, 'me.createToken', { input: { note }, token: owner.token })) as Minted).pat
  const revoked = await mint('to be revoked')
  await done(fixture, 'me.deleteToken', { input: { id: revoked.id }, token: owner.token })
  const rotated = await mint('to be rotated')
  await done(fixture, 'me.rotateToken', { input: { id: rotated.id, graceSeconds: 0 }, token: owner.token })
  const outlived = await mint('to be rotated and outlived')
  await done(fixture, 'me.rotateToken', { input: { id: outlived.id, graceSeconds: 60 }, token: owner.token })
  fixture.clock.advance(minute)
  const expired = await seedToken(
    app,
    { ...owner, actor: { kind: 'anonymous' } },
    { expiresAt: iso(fixture.clock.now()) },
  )
  await done(fixture, 'me.delete', { input: { confirmEmail: viewer.email }, token: viewer.token })
  await done(fixture, 'bot.delete', { input: { id: tenant.ids.bot }, token: owner.token })
  const unknown = mintToken(app.ids, 'bp_pat_')
  return {
    'not a token': 'hello',
    'a token with a broken checksum': `${unknown.slice(0, -1)}${unknown.endsWith('0') ? '1' : '0'}`,
    'the secret of an invitation': tenant.invitationSecret,
    'an unknown token': unknown,
    'an unknown key': mintToken(app.ids, 'bp_bak_'),
    'a revoked token': revoked.value,
    'a rotated token': rotated.value,
    'a rotated token after its grace': outlived.value,
    'an expired token': expired.value,
    'a token of a deleted person': viewer.token,
    'a key of a deleted bot': tenant.botKey,
  }
}

function expectUnauthorized(answer: Answer, why: string): void {
  expectOutcome(answer, 'Unauthorized', why)
  expect(answer.headers['www-authenticate']).toBe('Bearer')
  expect(answer.failure?.id).toMatch(/^err_\d{14}x[0-9A-F]{8}$/)
}

eachDialect('credentials', (open, engine) => {
  let fixture: Fixture
  let tenant: Tenant
  let dead: Record<string, string>

  beforeAll(async () => {
    fixture = await makeFixture(await open())
    dead = await deadCredentials(fixture)
    tenant = await makeTenant(fixture)
  })
  afterAll(() => fixture.api.close())

  async function askWith(path: string, endpoint: 'trpc' | 'rest', token: string | undefined): Promise<Answer> {
    const input = await inputFor(path, tenant, tenant.people[rightActor(path)])
    const answer = await ask(fixture, endpoint, { path, input, token })
    if (answer.status === 200 && procedures.get(path)?.type === 'mutation') tenant = await makeTenant(fixture)
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
          const answer = await ask(fixture, endpoint, { path, input: { id: 7, botId: [], workspaceId: 'x', key: 'k' } })
          expectOutcome(answer, 'Unauthorized', path)
          expect(answer.failure?.metadata).toEqual({})
        }
    })
  })

  it.each(procedurePaths)('%s: the key of a bot opens only what the table says', async (path) => {
    const { scope, botKeys } = ruleOf(path)
    for (const endpoint of endpointsOn(engine, path))
      expect(outcome(await askWith(path, endpoint, tenant.botKey))).toBe(
        scope === 'anyone' || botKeys ? '200' : 'Forbidden',
      )
  })

  it('the key of a bot knows its own bot alone', async () => {
    const other = await makeTenant(fixture)
    for (const botId of [other.ids.bot, unknownId(tenant, tenant.ids.bot)])
      for (const endpoint of endpointsOn(engine, 'bot.introspect')) {
        const answer = await ask(fixture, endpoint, { path: 'bot.introspect', input: { botId }, token: tenant.botKey })
        expect(outcome(answer)).toBe('Forbidden')
      }
  })

  it.each(procedurePaths.filter((path) => !isOpen(path)))('%s: takes its scope, and no other will do', async (path) => {
    const person = () => ({ ...tenant.people[rightActor(path)], actor: { kind: 'anonymous' as const } })
    const others = areas.keyScopes.filter((one) => !keyAllows([one], ruleOf(path)))
    expect(others.length).toBeGreaterThan(0)
    for (const endpoint of endpointsOn(engine, path)) {
      const narrow = await seedToken(fixture.app, person(), { scopes: others })
      const refused = await askWith(path, endpoint, narrow.value)
      expectOutcome(refused, 'Forbidden', 'without the scope')
      const enough = [ruleOf(path).key ?? '', ...(secondRights[path] ?? [])]
      const answer = await askWith(path, endpoint, (await seedToken(fixture.app, person(), { scopes: enough })).value)
      // A token that may do everything is not renewed by one that may not.
      expectOutcome(answer, path === 'me.rotateToken' ? 'Forbidden' : '200', 'with the scope')
    }
  })

  it.each(procedurePaths.filter((path) => ['account', 'workspace', 'bot'].includes(ruleOf(path).scope)))(
    '%s: a token bound to another workspace finds nothing',
    async (path) => {
      const { owner } = tenant.people
      const bound = await seedToken(
        fixture.app,
        { ...owner, actor: { kind: 'anonymous' } },
        { workspaceId: tenant.ids.second },
      )
      for (const endpoint of endpointsOn(engine, path)) {
        const answer = await askWith(path, endpoint, bound.value)
        expect(`${answer.status} ${outcome(answer)}`).toBe('404 ResourceNotFound')
      }
    },
  )
})
