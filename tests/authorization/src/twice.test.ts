import { areas, type Permission, storesOf, verifyAll } from '@steward/api/testing'
import { type Engine, openStores } from '@steward/db'
import { freshDatabase } from '@steward/db/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Answer } from './ask.testing.ts'
import { ask, expectOutcome, expectSound, outcome, procedures } from './ask.testing.ts'
import { expectInvariants } from './invariants.testing.ts'
import { inputFor, procedurePaths, rightActor } from './inputs.testing.ts'
import type { Tenant } from './tenant.testing.ts'
import { makeTenant } from './tenant.testing.ts'
import type { Fixture } from './fixture.testing.ts'
import { makeFixture } from './fixture.testing.ts'

const mutations = procedurePaths.filter((path) => procedures.get(path)?.type === 'mutation')

/** Whoever is not signed in has no keys of their own; these are single by other means: an email, a code. */
const isKeyed = (path: string): boolean => areas.permissions[path as Permission].scope !== 'anyone'

/** Ends the credential it was sent with: a repeat that comes late has nobody to be answered to. */
const endsItself = (path: string): boolean => path === 'me.delete'

interface Sent {
  path: string
  input: unknown
  token: string
  idempotencyKey: string
}

describe.each<Engine>(['sqlite', 'postgres'])('the same mutation twice (%s)', (engine) => {
  let home: Awaited<ReturnType<typeof freshDatabase>>
  let fixture: Fixture
  const answered: [Sent, Answer][] = []

  async function enter(): Promise<void> {
    fixture = await makeFixture(await openStores(home.options))
  }
  async function leave(): Promise<void> {
    await fixture.api.close()
    await storesOf(fixture.app).close()
  }

  beforeAll(async () => {
    home = await freshDatabase(engine)
    await enter()
  })
  afterAll(async () => {
    await leave()
    await home.remove()
  })

  /** Audit records by lane. */
  async function records(): Promise<Map<string, number>> {
    const rows = await storesOf(fixture.app).main.reader.selectFrom('lane').select(['id', 'audit_seq']).execute()
    return new Map(rows.map((row) => [row.id, row.audit_seq]))
  }

  async function grown(before: ReadonlyMap<string, number>): Promise<number[]> {
    const now = await records()
    return [...now].map(([id, seq]) => seq - (before.get(id) ?? 0)).filter((more) => more !== 0)
  }

  /** In one process calls meet at the databases; sending several at once makes them meet there for sure. */
  const atOnce = (sent: Sent, times: number): Promise<Answer[]> =>
    Promise.all(Array.from({ length: times }, () => ask(fixture, 'trpc', sent)))

  async function prepare(path: string): Promise<{ tenant: Tenant; sent: Sent }> {
    const tenant = await makeTenant(fixture)
    const by = tenant.people[rightActor(path)]
    const input = await inputFor(path, tenant, by)
    return { tenant, sent: { path, input, token: by.token, idempotencyKey: `key-${path}` } }
  }

  it.each(mutations.filter(isKeyed))('%s with one key: one effect, one answer', async (path) => {
    const { tenant, sent } = await prepare(path)
    const before = await records()
    const answers = await atOnce(sent, 3)
    const lanes = await grown(before)
    const [winner] = answers.filter(({ status }) => status === 200)
    expect(answers.map(outcome)).toContain('200')
    if (!winner) return
    for (const answer of answers)
      if (endsItself(path)) expect(['200', 'Unauthorized']).toContain(outcome(answer))
      else expect(answer.text).toBe(winner.text)
    expect(lanes.length).toBeGreaterThan(0)
    expect([...new Set(lanes)]).toEqual([1])
    answered.push([sent, winner])
    if (endsItself(path)) return
    expect((await ask(fixture, 'trpc', sent)).text).toBe(winner.text)
    const other = await inputFor(path, await makeTenant(fixture), tenant.people[rightActor(path)])
    if (JSON.stringify(other) === JSON.stringify(sent.input)) return
    const refused = await ask(fixture, 'trpc', { ...sent, input: other })
    expectOutcome(refused, 'AlreadyExists')
  })

  it.each(mutations)('%s without a key: a second effect, or a refusal of the contract', async (path) => {
    const tenant = await makeTenant(fixture)
    const by = tenant.people[rightActor(path)]
    const input = await inputFor(path, tenant, by)
    const ask1 = () => ask(fixture, 'trpc', { path, input, token: by.token })
    const answers = await Promise.all([ask1(), ask1(), ask1()])
    expect(answers.map(outcome)).toContain('200')
    for (const answer of answers) {
      expectSound(answer)
      expect(answer.failure?.type ?? '').not.toBe('ResourceLockedConflict')
    }
    if (singular.has(path)) expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
  })

  it('answers the same after the stores were opened again, and does nothing', async () => {
    expect(answered.length).toBe(mutations.filter(isKeyed).length)
    await leave()
    await enter()
    const before = await records()
    for (const [sent, first] of answered) {
      const answer = await ask(fixture, 'trpc', sent)
      if (endsItself(sent.path)) expect(outcome(answer)).toBe('Unauthorized')
      else expect([sent.path, answer.text]).toEqual([sent.path, first.text])
    }
    expect(await grown(before)).toEqual([])
  })

  it('leaves chains and rows sound', async () => {
    expect((await verifyAll(fixture.app)).problems).toEqual([])
    await expectInvariants(fixture.app)
    expect(fixture.lines.filter(({ level }) => level === 'error')).toEqual([])
  })
})

/** What can be done only once: of several at once one succeeds. */
const singular = new Set<string>([
  'setup.claim',
  'me.signUp',
  'me.deleteToken',
  'me.deleteSession',
  'me.delete',
  'account.delete',
  'account.addAdministrator',
  'account.removeAdministrator',
  'account.offerWorkspace',
  'account.withdrawWorkspace',
  'account.acceptWorkspace',
  'account.declineWorkspace',
  'workspace.delete',
  'member.create',
  'member.delete',
  'member.invite',
  'member.revokeInvitation',
  'member.transferOwnership',
  'bot.delete',
  'bot.transfer',
  'bot.deleteKey',
  'version.deploy',
])
