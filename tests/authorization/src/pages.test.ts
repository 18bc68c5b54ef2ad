import { areas, type Permission, printInput } from '@steward/api/testing'
import { eachDialect } from '@steward/db/testing'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { ask, endpoints, expectOutcome, outcome, procedures } from './ask.testing.ts'
import { inputFor, procedurePaths } from './inputs.testing.ts'
import { publicWorkspace } from './made.testing.ts'
import type { Tenant } from './tenant.testing.ts'
import { makeTenant } from './tenant.testing.ts'
import type { Fixture } from './fixture.testing.ts'
import { makeFixture } from './fixture.testing.ts'

const lists = procedurePaths.filter((path) => {
  const input = procedures.get(path)?.meta.input
  return input && Object.hasOwn(printInput(input).properties ?? {}, 'nextToken')
})

/** Their pages are too long, or filled too late, to get a token of here. Those of others they must refuse. */
const withoutToken = ['quota.listAlerts', 'audit.export', 'audit.listCheckpoints']

const isScoped = (path: string): boolean =>
  ['account', 'workspace', 'bot'].includes(areas.permissions[path as Permission].scope)

const names = new Set(['accountId', 'workspaceId', 'id', 'format'])

/** What the list is of, without its filters: the tokens of two lists may differ by these alone. */
async function barely(path: string, tenant: Tenant): Promise<Record<string, unknown>> {
  const input = await inputFor(path, tenant, tenant.people.owner)
  return Object.fromEntries(Object.entries(input).filter(([name]) => names.has(name)))
}

/** The tenant with at least two of everything that is listed. */
async function fullPlace(fixture: Fixture): Promise<Tenant> {
  const tenant = await makeTenant(fixture)
  await publicWorkspace(tenant)
  for (const path of ['member.invite', 'bot.create', 'account.create'] as const) {
    const input = await inputFor(path, tenant, tenant.people.owner)
    expectOutcome(await ask(fixture, 'trpc', { path, input, token: tenant.people.owner.token }), '200')
  }
  return tenant
}

async function tokensOf(fixture: Fixture, tenant: Tenant): Promise<Map<string, string>> {
  const tokens = new Map<string, string>()
  for (const path of lists) {
    const input = { ...(await barely(path, tenant)), ...(path === 'audit.export' ? {} : { pageSize: 1 }) }
    const { data } = await ask(fixture, 'trpc', { path, input, token: tenant.people.owner.token })
    const { nextToken } = (data as { meta: { nextToken?: string } }).meta
    if (nextToken !== undefined) tokens.set(path, nextToken)
  }
  return tokens
}

eachDialect('page tokens', (open) => {
  let fixture: Fixture
  let own: Tenant
  let tokens: Map<string, string>
  let foreign: Map<string, string>

  beforeAll(async () => {
    fixture = await makeFixture(await open())
    own = await fullPlace(fixture)
    const theirs = await fullPlace(fixture)
    tokens = await tokensOf(fixture, own)
    foreign = await tokensOf(fixture, theirs)
  })
  afterAll(() => fixture.api.close())

  it('are told by every list', () => {
    for (const told of [tokens, foreign]) expect(lists.filter((path) => !told.has(path))).toEqual(withoutToken)
  })

  it.each(lists)('%s takes its own only', async (path) => {
    const input = await barely(path, own)
    const sent = [...tokens].map(([of, token]) => ({ of, token, wanted: of === path ? '200' : 'InvalidQuery' }))
    const theirs = isScoped(path) ? foreign.get(path) : undefined
    if (theirs !== undefined) sent.push({ of: 'another tenant', token: theirs, wanted: 'InvalidQuery' })
    for (const { of, token, wanted } of sent)
      for (const endpoint of endpoints) {
        const question = { path, input: { ...input, nextToken: token }, token: own.people.owner.token }
        expect([of, outcome(await ask(fixture, endpoint, question))]).toEqual([of, wanted])
      }
  })
})
