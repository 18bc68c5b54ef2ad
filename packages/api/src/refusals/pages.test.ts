import { areas } from '../root.ts'
import { eachDialect } from '@steward/db/testing'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Permission } from '../core/access/rule.ts'
import { printInput } from '../transport/fields.ts'
import { ask, endpoints, expectOutcome, outcome, procedures } from './ask.testing.ts'
import { inputFor, procedurePaths } from './inputs.testing.ts'
import { publicWorkspace } from './made.testing.ts'
import type { Place } from './place.testing.ts'
import { makePlace } from './place.testing.ts'
import type { Scene } from './scene.testing.ts'
import { makeScene } from './scene.testing.ts'

const lists = procedurePaths.filter((path) => {
  const input = procedures.get(path)?.meta.input
  return input && Object.hasOwn(printInput(input).properties ?? {}, 'nextToken')
})

/** Their pages are too long, or filled too late, to get a token of here. Those of others they must refuse. */
const withoutToken = ['audit.export', 'audit.listCheckpoints']

const isScoped = (path: string): boolean =>
  ['account', 'workspace', 'bot'].includes(areas.permissions[path as Permission].scope)

const names = new Set(['accountId', 'workspaceId', 'id', 'format'])

/** What the list is of, without its filters: the tokens of two lists may differ by these alone. */
async function barely(path: string, place: Place): Promise<Record<string, unknown>> {
  const input = await inputFor(path, place, place.people.owner)
  return Object.fromEntries(Object.entries(input).filter(([name]) => names.has(name)))
}

/** The place with at least two of everything that is listed. */
async function fullPlace(scene: Scene): Promise<Place> {
  const place = await makePlace(scene)
  await publicWorkspace(place)
  for (const path of ['member.invite', 'bot.create', 'account.create'] as const) {
    const input = await inputFor(path, place, place.people.owner)
    expectOutcome(await ask(scene, 'trpc', { path, input, token: place.people.owner.token }), '200')
  }
  return place
}

async function tokensOf(scene: Scene, place: Place): Promise<Map<string, string>> {
  const tokens = new Map<string, string>()
  for (const path of lists) {
    const input = { ...(await barely(path, place)), ...(path === 'audit.export' ? {} : { pageSize: 1 }) }
    const { data } = await ask(scene, 'trpc', { path, input, token: place.people.owner.token })
    const { nextToken } = (data as { meta: { nextToken?: string } }).meta
    if (nextToken !== undefined) tokens.set(path, nextToken)
  }
  return tokens
}

eachDialect('page tokens', (open) => {
  let scene: Scene
  let own: Place
  let tokens: Map<string, string>
  let foreign: Map<string, string>

  beforeAll(async () => {
    scene = await makeScene(await open())
    own = await fullPlace(scene)
    const theirs = await fullPlace(scene)
    tokens = await tokensOf(scene, own)
    foreign = await tokensOf(scene, theirs)
  })
  afterAll(() => scene.api.close())

  it('are told by every list', () => {
    for (const told of [tokens, foreign]) expect(lists.filter((path) => !told.has(path))).toEqual(withoutToken)
  })

  it.each(lists)('%s takes its own only', async (path) => {
    const input = await barely(path, own)
    const sent = [...tokens].map(([of, token]) => ({ of, token, wanted: of === path ? '200' : 'InvalidQuery' }))
    const theirs = isScoped(path) ? foreign.get(path) : undefined
    if (theirs !== undefined) sent.push({ of: 'another place', token: theirs, wanted: 'InvalidQuery' })
    for (const { of, token, wanted } of sent)
      for (const endpoint of endpoints) {
        const question = { path, input: { ...input, nextToken: token }, token: own.people.owner.token }
        expect([of, outcome(await ask(scene, endpoint, question))]).toEqual([of, wanted])
      }
  })
})
