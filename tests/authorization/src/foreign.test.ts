import { areas, type Permission } from '@steward/api/testing'
import { eachDialect } from '@steward/db/testing'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Answer, Endpoint } from './ask.testing.ts'
import {
  allRoutes,
  ask,
  endpointsOn,
  expectOutcome,
  expectSound,
  outcome,
  procedures,
  restCall,
  routes,
  send,
} from './ask.testing.ts'
import { forOperators, inputFor, procedurePaths, rightActor } from './inputs.testing.ts'
import type { Tenant } from './tenant.testing.ts'
import { idsOf, makeTenant, unknownId } from './tenant.testing.ts'
import type { Fixture } from './fixture.testing.ts'
import { makeFixture } from './fixture.testing.ts'

/** Where the design tells whether something foreign exists: the two sides of a transfer must find each other. */
const toldByDesign = new Set(['account.offerWorkspace neighbourAccount'])

const isScoped = (path: string): boolean =>
  ['account', 'workspace', 'bot'].includes(areas.permissions[path as Permission].scope)

/** The operator reaches every account and workspace, and so tells what is there. */
const isForMembers = (path: string): boolean => !forOperators.includes(path)

eachDialect('foreign ids', (open, engine) => {
  let fixture: Fixture
  let theirs: Tenant
  let own: Tenant

  beforeAll(async () => {
    fixture = await makeFixture(await open())
    theirs = await makeTenant(fixture)
    own = await makeTenant(fixture)
  })
  afterAll(() => fixture.api.close())

  /** Asks as the right person of the own tenant; a success has used the tenant up. */
  async function askOwn(endpoint: Endpoint, path: string, input: unknown): Promise<Answer> {
    const answer = await ask(fixture, endpoint, { path, input, token: own.people[rightActor(path)].token })
    if (answer.status === 200 && procedures.get(path)?.type === 'mutation') own = await makeTenant(fixture)
    return answer
  }

  it.each(procedurePaths.filter(isScoped))('%s: what is foreign is not found, as what is not there', async (path) => {
    for (const endpoint of endpointsOn(engine, path)) {
      const foreign = await inputFor(path, theirs, theirs.people.owner)
      const answer = await askOwn(endpoint, path, foreign)
      expectOutcome(answer, 'ResourceNotFound')
      const unknown = swap(
        foreign,
        [...idsOf(theirs).values()].map((id) => [id, unknownId(own, id)] as const),
      )
      expect(withoutIds(await askOwn(endpoint, path, unknown))).toEqual(withoutIds(answer))
    }
  })

  it.each(procedurePaths.filter(isForMembers))(
    '%s: each id in it may be foreign, and nothing tells it from an unknown one',
    async (path) => {
      for (const endpoint of endpointsOn(engine, path))
        for (const [name, foreignId] of idsOf(theirs)) {
          if (toldByDesign.has(`${path} ${name}`)) continue
          const answers: unknown[] = []
          for (const make of [() => foreignId, () => unknownId(own, foreignId)]) {
            const ownId = idsOf(own).get(name) ?? ''
            const input = await inputFor(path, own, own.people[rightActor(path)])
            const swapped = swap(input, [[ownId, make()]])
            if (JSON.stringify(swapped) === JSON.stringify(input)) continue
            const answer = await askOwn(endpoint, path, swapped)
            expectSound(answer)
            answers.push(withoutIds(answer))
          }
          expect(answers[0], `${path} with a foreign ${name}`).toEqual(answers[1])
        }
    },
  )

  it.each(procedurePaths.filter((path) => areas.permissions[path].scope === 'bot'))(
    '%s: a bot is not found through a workspace that it is not in',
    async (path) => {
      for (const endpoint of endpointsOn(engine, path)) {
        const input = await inputFor(path, own, own.people.owner)
        const answer = await askOwn(endpoint, path, { ...input, workspaceId: own.ids.second })
        expect(`${answer.status} ${outcome(answer)}`).toBe('404 ResourceNotFound')
      }
    },
  )

  it.each(procedurePaths)('%s: another method is not there', async (path) => {
    const input = await inputFor(path, own, own.people.owner)
    const call = restCall({ path, input })
    const template = routes.get(path)?.path
    const known = allRoutes.filter((route) => route.path === template).map((route) => route.method)
    for (const method of (['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const).filter((one) => !known.includes(one))) {
      const answer = await send(fixture, { ...call, method }, { token: own.people.owner.token })
      expect(`${answer.status} ${outcome(answer)}`, `${method} ${call.target}`).toBe('405 MethodNotFound')
      expect(String(answer.headers['allow']).split(', ')).toEqual(expect.arrayContaining(known))
    }
  })

  it.each(procedurePaths)('%s: tRPC reads with GET and changes with POST', async (path) => {
    const headers = { 'content-type': 'application/json' }
    const changes = procedures.get(path)?.type === 'mutation'
    const call = !changes
      ? { method: 'POST', target: `/trpc/${path}`, headers, body: '{}' }
      : { method: 'GET', target: `/trpc/${path}?input=%7B%7D`, headers: {}, body: null }
    const answer = await send(fixture, call, { token: own.people.owner.token })
    expect(`${answer.status} ${outcome(answer)}`).toBe('405 MethodNotFound')
  })
})

/** The input with some texts replaced, in keys too. */
function swap(input: unknown, pairs: readonly (readonly [from: string, to: string])[]): unknown {
  let text = JSON.stringify(input)
  for (const [from, to] of pairs) if (from !== '') text = text.replaceAll(from, to)
  return JSON.parse(text)
}

/** What an answer says, without what differs between any two calls. */
function withoutIds({ status, text, failure }: Answer): unknown {
  if (!failure) return { status, text: mask(text) }
  const { type, message, metadata } = failure
  return { status, type, message: mask(message), metadata: JSON.parse(mask(JSON.stringify(metadata))) as unknown }
}

function mask(text: string): string {
  return text
    .replaceAll(/\b[a-z]+_[0-9A-HJKMNP-TV-Z]{26}\b/g, '#')
    .replaceAll(/\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, '#')
    .replaceAll(/[0-9A-Za-z_-]{32,}/g, '#')
    .replaceAll(/\d+/g, '0')
}
