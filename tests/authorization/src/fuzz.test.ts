import { eachDialect, runs } from '@steward/db/testing'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { errorStatus, printInput, verifyAll } from '@steward/api/testing'
import type { Answer } from './ask.testing.ts'
import { ask, endpoints, endpointsOn, procedures, routes } from './ask.testing.ts'
import { expectInvariants } from './invariants.testing.ts'
import { inputFor, procedurePaths, rightActor } from './inputs.testing.ts'
import { applyMutation, encodeHostile, hostileText, mutationsOf } from './mutations.testing.ts'
import type { Tenant } from './tenant.testing.ts'
import { makeTenant } from './tenant.testing.ts'
import type { Fixture } from './fixture.testing.ts'
import { makeFixture } from './fixture.testing.ts'

/** Inputs per procedure and engine; `STEWARD_FUZZ_RUNS=10000` draws others at every run. */
const more = process.env['STEWARD_FUZZ_RUNS']
const draws = more ? { numRuns: Number(more) } : { numRuns: runs(20, 0.4), seed: 20_260_301 }

/** After these nothing is left of what they were about. */
const usesUp = /delete|transfer|accept|decline|withdraw|revoke|claim|erase|deploy|remove|signOut/i

/** Words of the engines, of stacks and of paths. */
const inside =
  /sql|postgres|(?<!Reference)constraint|duplicate key|violates|relation "|node_modules|file:\/\/|packages\/|\.ts:\d|\n\s+at |errno|zoderror|typeerror|syntaxerror|kysely/gi

/** What an answer tells of the inside; not what it repeats of what was sent. */
function leaksOf(text: string, sent: string): string[] {
  const given = sent.toLowerCase()
  return [...text.matchAll(inside)].map(([word]) => word).filter((word) => !given.includes(word.toLowerCase()))
}

function expectContract(answer: Answer, sent: string): void {
  expect(answer.status, `${answer.text}\nafter ${sent}`).toBeLessThan(500)
  if (answer.status === 200) return
  const { failure } = answer
  expect(failure).toMatchObject({
    id: expect.stringMatching(/^err_\d{14}x[0-9A-F]{8}$/) as unknown,
    code: answer.status,
    message: expect.any(String) as unknown,
    metadata: expect.any(Object) as unknown,
  })
  expect(failure && errorStatus[failure.type]).toBe(answer.status)
  expect([sent, leaksOf(answer.text, sent)]).toEqual([sent, []])
}

function inputFieldsOf(path: string): object {
  const served = procedures.get(path)
  return (served && printInput(served.meta.input).properties) ?? {}
}

eachDialect('malformed input', (open, engine) => {
  let fixture: Fixture
  let tenant: Tenant

  beforeAll(async () => {
    fixture = await makeFixture(await open())
    tenant = await makeTenant(fixture)
  })
  afterAll(() => fixture.api.close())

  it.each(procedurePaths)('%s', { timeout: more ? 3_600_000 : 300_000 }, async (path) => {
    const served = procedures.get(path)
    if (!served) throw new Error(path)
    let by = tenant.people[rightActor(path)]
    let valid = await inputFor(path, tenant, by)
    const renew = async () => {
      tenant = await makeTenant(fixture)
      by = tenant.people[rightActor(path)]
      valid = await inputFor(path, tenant, by)
    }
    let asked = 0
    await fc.assert(
      fc.asyncProperty(mutationsOf(printInput(served.meta.input)), fc.nat(1), async (mutation, pick) => {
        const input = applyMutation(valid, mutation)
        const endpoint = endpoints[pick % endpoints.length] ?? 'trpc'
        const answer = await ask(fixture, endpoint, { path, input, encode: encodeHostile, token: by.token })
        asked += 1
        expectContract(answer, `${endpoint} ${encodeHostile(input)}`)
        if (answer.status === 200 && usesUp.test(path)) await renew()
      }),
      draws,
    )
    expect(asked).toBe(draws.numRuns)
    if (usesUp.test(path)) await renew()
  })

  it('page tokens that were made here and then changed', async () => {
    const lists = procedurePaths.filter((path) => Object.hasOwn(inputFieldsOf(path), 'nextToken'))
    let changed = 0
    for (const path of lists) {
      const by = tenant.people.owner
      const input = { ...(await inputFor(path, tenant, by)), ...(path === 'audit.export' ? {} : { pageSize: 1 }) }
      const first = await ask(fixture, 'trpc', { path, input, token: by.token })
      const nextToken = (first.data as { meta: { nextToken?: string } }).meta.nextToken
      if (nextToken === undefined) continue
      const parts = JSON.parse(Buffer.from(nextToken, 'base64url').toString()) as string[]
      for (const text of hostileText)
        for (const position of [0, 1]) {
          const forged = Buffer.from(JSON.stringify(parts.with(position, text))).toString('base64url')
          const question = { path, input: { ...input, nextToken: forged }, token: by.token }
          for (const endpoint of endpointsOn(engine, path))
            expectContract(await ask(fixture, endpoint, question), `${path} ${text}`)
          changed += 1
        }
    }
    expect(changed).toBeGreaterThanOrEqual(hostileText.length * 2 * 7)
  })

  it('bodies that are no input at all', async () => {
    const bodies = [
      '',
      '{',
      'null',
      '[]',
      '"text"',
      '7',
      '{"a":1}}',
      '\ufeff{}',
      '[{"__proto__":null}]',
      '{"a":1,"a":2}',
    ]
    let refused = 0
    for (const path of procedurePaths.filter((one) => procedures.get(one)?.type === 'mutation' && one !== 'me.delete'))
      for (const body of bodies)
        for (const endpoint of endpointsOn(engine, path)) {
          const encode = () => body
          const input = await inputFor(path, tenant, tenant.people.stranger)
          const answer = await ask(fixture, endpoint, { path, input, encode, token: tenant.people.stranger.token })
          expectContract(answer, `${path} ${body}`)
          refused += answer.failure ? 1 : 0
        }
    expect(refused).toBeGreaterThan(bodies.length * 10)
  })

  it('left nothing half done', async () => {
    const report = await verifyAll(fixture.app)
    expect(report.problems).toEqual([])
    expect(report.records).toBeGreaterThan(100)
    await expectInvariants(fixture.app)
    expect(fixture.lines.filter(({ level }) => level === 'error')).toEqual([])
    expect(routes.size).toBe(procedures.size)
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
  })
})
