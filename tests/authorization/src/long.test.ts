import { eachDialect } from '@steward/db/testing'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { ask, endpoints, procedures } from './ask.testing.ts'
import { inputFor, procedurePaths, rightActor } from './inputs.testing.ts'
import type { Tenant } from './tenant.testing.ts'
import { makeTenant } from './tenant.testing.ts'
import type { Fixture } from './fixture.testing.ts'
import { makeFixture } from './fixture.testing.ts'

/** Longer than anything that is taken, and short enough for an address. */
const long = 'x'.repeat(6000)
/** Fields that name something: ids, and what stands where one would. */
const isId = (field: string): boolean => /^id$|Id$|Ids$|^from$|^to$/.test(field)

function withLong(field: string, value: unknown): unknown {
  if (Array.isArray(value)) return [long]
  if (value !== null && typeof value === 'object') return { [long]: Object.values(value)[0] ?? long }
  return field === 'pageSize' ? value : long
}

eachDialect('what is too long', (open) => {
  let fixture: Fixture
  let tenant: Tenant

  beforeAll(async () => {
    fixture = await makeFixture(await open())
    tenant = await makeTenant(fixture)
  })
  afterAll(() => fixture.api.close())

  it('is repeated by no refusal, and is no id', async () => {
    const told: { asked: string; length: number }[] = []
    const taken: string[] = []
    for (const path of procedurePaths.filter((one) => procedures.get(one)?.type !== 'subscription')) {
      const by = tenant.people[rightActor(path)]
      const valid = await inputFor(path, tenant, by)
      for (const endpoint of endpoints)
        for (const [field, value] of Object.entries(valid)) {
          const input = { ...valid, [field]: withLong(field, value) }
          const answer = await ask(fixture, endpoint, { path, input, token: by.token })
          const asked = `${endpoint} ${path} ${field}`
          if (answer.status !== 200 && answer.text.length > 2500) told.push({ asked, length: answer.text.length })
          // Who may is asked before a body is read: an id in the path is then one that nobody has.
          if (isId(field) && answer.status !== 400 && answer.status !== 404) taken.push(`${asked}: ${answer.status}`)
        }
    }
    expect(told).toEqual([])
    expect(taken).toEqual([])
  })
})
