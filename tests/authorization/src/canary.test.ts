import { eachDialect } from '@steward/db/testing'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { storesOf } from '@steward/api/testing'
import type { Answer } from './ask.testing.ts'
import { ask, endpointsOn, expectSound, procedures } from './ask.testing.ts'
import { forOperators, inputFor, procedurePaths, rightActor } from './inputs.testing.ts'
import type { Tenant } from './tenant.testing.ts'
import { idsOf, makeTenant } from './tenant.testing.ts'
import type { Fixture } from './fixture.testing.ts'
import { makeFixture } from './fixture.testing.ts'

/** Stands in every text of the other tenant: names, tags, secrets, code, notes, preferences, emails, audit. */
const canary = 'canary7f3a'

/** What the other tenant does itself before anybody looks. */
const busy = ['bot.create', 'bot.update', 'version.create', 'workspace.setPreference', 'member.invite', 'me.update']

/** The other side of an offer is told of it: the neighbour's account is the one thing that may move. */
const neighbours = new Set(['neighbourAccount', 'neighbourWorkspace', 'neighbourSecond'])

eachDialect('the texts of a tenant', (open, engine) => {
  let fixture: Fixture
  let theirs: Tenant
  let own: Tenant
  const events: string[] = []

  beforeAll(async () => {
    fixture = await makeFixture(await open())
    theirs = await makeTenant(fixture, canary)
    const { owner } = theirs.people
    for (const path of busy) {
      const input = await inputFor(path, theirs, owner)
      const answer = await ask(fixture, 'trpc', { path, input, token: owner.token })
      if (answer.status !== 200) throw new Error(answer.text)
    }
    own = await makeTenant(fixture)
    for (const [name, id] of idsOf(theirs))
      if (!neighbours.has(name)) fixture.app.events.subscribe(id, (event) => events.push(JSON.stringify(event)))
    fixture.lines.length = 0
  })
  afterAll(() => fixture.api.close())

  async function hears(path: string, input: unknown, token: string | undefined): Promise<Answer[]> {
    const answers: Answer[] = []
    for (const endpoint of endpointsOn(engine, path)) {
      const answer = await ask(fixture, endpoint, { path, input, token })
      answers.push(answer)
      expectSound(answer, path)
      expect(`${path}: ${answer.text}`).not.toContain(canary)
      expect(JSON.stringify(answer.headers)).not.toContain(canary)
      if (answer.status === 200 && procedures.get(path)?.type === 'mutation') own = await makeTenant(fixture)
    }
    return answers
  }

  it('are there to be found by the tenant', async () => {
    const { owner } = theirs.people
    for (const path of [
      'workspace.get',
      'bot.get',
      'member.list',
      'audit.export',
      'version.list',
      'me.get',
      'bot.list',
    ]) {
      const answer = await ask(fixture, 'trpc', {
        path,
        input: await inputFor(path, theirs, owner),
        token: owner.token,
      })
      expect(`${path}: ${answer.text}`).toContain(canary)
    }
  })

  it.each(procedurePaths)('%s: are heard by nobody else', async (path) => {
    const by = () => own.people[rightActor(path)]
    const heard = await hears(path, await inputFor(path, own, by()), by().token)
    expect(heard[0]?.status).toBe(200)
    const input = withIdsOf(await inputFor(path, own, by()), own, theirs)
    const operator = forOperators.includes(path) ? [] : [by().token]
    for (const token of [...operator, own.people.accountant.token, own.botKey, undefined])
      await hears(path, input, token)
    // The operator may do it to any tenant.
    if (forOperators.includes(path)) return
    for (const name of idsOf(own).keys()) {
      const plain = await inputFor(path, own, by())
      const mixed = withIdsOf(plain, own, theirs, name)
      if (JSON.stringify(mixed) !== JSON.stringify(plain)) await hears(path, mixed, by().token)
    }
  })

  it('are searched for in vain', async () => {
    const { owner } = own.people
    const { workspace: workspaceId } = own.ids
    const look = async (path: string, input: object) => hears(path, input, owner.token)
    const half = canary.slice(0, -1)
    for (const handle of [half]) {
      await look('workspace.list', { handle })
      await look('workspace.checkHandle', { handle })
    }
    for (const answer of await look('workspace.listPublic', { search: half }))
      expect(answer.data).toMatchObject({ workspaces: [] })
    for (const answer of await look('workspace.listPublic', { workspaceIds: [theirs.ids.workspace] }))
      expect(answer.data).toMatchObject({ workspaces: [] })
    for (const answer of await look('bot.list', { workspaceId, tags: { [half]: half } }))
      expect(answer.data).toMatchObject({ bots: [] })
    await look('audit.list', { id: workspaceId, userId: theirs.people.owner.userId })
  })

  it('are not in the log, and nothing of the tenant has moved', async () => {
    expect(fixture.lines.length).toBeGreaterThan(100)
    expect(fixture.lines.filter(({ text }) => text.includes(canary))).toEqual([])
    expect(events).toEqual([])
    const { reader } = storesOf(fixture.app).main
    const records = await reader
      .selectFrom('audit_record')
      .select('id')
      .where('lane_id', '=', theirs.ids.workspace)
      .execute()
    expect(records).toHaveLength(busy.filter((path) => path !== 'me.update').length)
  })
})

/** The input with ids of `from` replaced by the same ones of `to`: all, or the one called `only`. */
function withIdsOf(input: unknown, from: Tenant, to: Tenant, only?: string): unknown {
  const theirs = idsOf(to)
  let text = JSON.stringify(input)
  for (const [name, id] of idsOf(from))
    if (only === undefined || only === name) text = text.replaceAll(id, theirs.get(name) ?? id)
  return JSON.parse(text)
}
