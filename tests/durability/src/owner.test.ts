import { runs } from '@steward/db/testing'
import { setTimeout as sleep } from 'node:timers/promises'
import { createApi } from '@steward/api/server'
import { createClient } from '@steward/api/client'
import type { MainSchema, Reader } from '@steward/db'
import { describe, expect, onTestFinished, test } from 'vitest'
import { lookInto, startProcess, type Installation, type Look } from './installation.ts'
import { randomOf, type Random } from './random.ts'
import { anySeed, engines, install } from './trial.testing.ts'
import { openWire, type Mutation, type Outcome, type Wire } from './wire.ts'

const connections = 64
const people = 8
const bursts = runs(3, 0.5)
const attempts = 5

interface Person {
  email: string
  token: string
}

interface Race {
  workspaceId: string
  people: readonly Person[]
  random: Random
  look: Look
}

/** People who have signed up, with addresses that count as proved; made by this process on the server's database. */
function signUp(installation: Installation, count: number): Promise<Person[]> {
  const open = { ...installation, environment: { ...installation.environment, STEWARD_SIGN_UP: 'open' } }
  return lookInto(open, async ({ app, stores }) => {
    const api = createApi(app)
    const made: Person[] = []
    for (let number = 1; number <= count; number += 1) {
      const email = `person${number}@example.org`
      const anybody = api.caller({ kind: 'anonymous' })
      const { userId } = await anybody.me.signUp({ email, name: 'Person', password: 'correct horse battery' })
      const local = api.caller({ kind: 'user', userId, credential: { kind: 'local' } })
      made.push({ email, token: (await local.me.createToken({ note: 'race' })).pat.value })
    }
    await stores.main.write((tx) => tx.updateTable('user').set({ email_verified: 1 }).execute())
    await api.close()
    return made
  })
}

const membersOf = (db: Reader<MainSchema>, workspaceId: string) =>
  db.selectFrom('member').select(['id', 'email', 'role']).where('workspace_id', '=', workspaceId).execute()

/** Looks at the owners again and again, as a reader beside the server sees them. */
async function watchOwners({ look, workspaceId }: Race, isOver: () => boolean): Promise<number[]> {
  const seen: number[] = []
  // SQLite answers without a pause: the requests of this process need their turn.
  for (; !isOver(); await sleep(1))
    seen.push(
      await look.stores.main.snapshot(async (db) => {
        const { owner_member_id: named } = await db
          .selectFrom('workspace')
          .select('owner_member_id')
          .where('id', '=', workspaceId)
          .executeTakeFirstOrThrow()
        const owners = (await membersOf(db, workspaceId)).filter((row) => row.role === 'owner')
        return owners.length === 1 && owners[0]?.id === named ? 1 : owners.length * 100
      }),
    )
  return seen
}

/** Mostly transfers; also attempts to demote or remove whoever it may be. */
function move({ random, workspaceId }: Race, memberIds: readonly string[], key: string): Mutation {
  const id = random.pick(memberIds)
  const kind = random.below(8)
  if (kind === 0) return { path: 'member.update', input: { workspaceId, id, role: 'administrator' }, key }
  if (kind === 1) return { path: 'member.delete', input: { workspaceId, id }, key }
  return { path: 'member.transferOwnership', input: { workspaceId, memberId: id, confirmName: 'Race' }, key }
}

type Moved = Mutation & { outcome: Outcome }

async function burst(race: Race, wires: readonly Wire[], number: number): Promise<Moved[]> {
  const ids = (await membersOf(race.look.stores.main.reader, race.workspaceId)).map((row) => row.id)
  let over = false
  const watching = watchOwners(race, () => over)
  const moved = await Promise.all(
    wires.map(async (wire, connection) => {
      const mine: Moved[] = []
      for (let attempt = 0; attempt < attempts; attempt += 1) {
        const mutation = move(race, ids, `race-${number}-${connection}-${attempt}`)
        mine.push({ ...mutation, outcome: await wire.send(mutation) })
      }
      return mine
    }),
  )
  over = true
  const seen = await watching
  expect(seen.length).toBeGreaterThan(0)
  expect(seen.filter((count) => count !== 1)).toEqual([])
  return moved.flat()
}

/** Who was removed in a burst comes back, so that the next has as many racers. */
async function invite({ look, workspaceId, people: all }: Race, url: string): Promise<void> {
  const members = await membersOf(look.stores.main.reader, workspaceId)
  const owner = members.find((row) => row.role === 'owner')
  const token = all.find(({ email }) => email === owner?.email)?.token ?? ''
  const client = createClient({ url, token })
  for (const { email } of all)
    if (!members.some((row) => row.email === email))
      await client.member.create.mutate({ workspaceId, email, role: 'administrator' })
}

/** The transfers in the order of the audit trail; each must start where the one before has ended. */
async function trailOf({ look, workspaceId }: Race): Promise<{ from: string; to: string }[]> {
  const rows = await look.stores.main.reader
    .selectFrom('audit_record as r')
    .innerJoin('audit_payload as p', 'p.record_id', 'r.id')
    .select('p.payload')
    .where('r.lane_id', '=', workspaceId)
    .where('r.operation', '=', 'member.transferOwnership')
    .orderBy('r.seq')
    .execute()
  return rows.map(({ payload }) => {
    const { before, after } = JSON.parse(payload) as Record<'before' | 'after', { ownerMemberId: string }>
    return { from: before.ownerMemberId, to: after.ownerMemberId }
  })
}

describe.each(engines)(`${connections} connections race for a workspace (%s)`, (engine) => {
  test('at every moment it has exactly one owner', { timeout: 120_000 }, async () => {
    const seed = anySeed()
    const installation = await install(engine)
    onTestFinished(() => installation.remove())
    const server = await startProcess(installation)
    onTestFinished(async () => {
      await server.kill('SIGTERM')
    })
    const [founder, ...others] = await signUp(installation, people)
    if (!founder) throw new Error('Nobody signed up.')
    const client = createClient({ url: server.url, token: founder.token })
    const { id: workspaceId } = await client.workspace.create.mutate({ name: 'Race' })
    const wires = Array.from({ length: connections }, (_, index) =>
      openWire(server.url, [founder, ...others][index % people]?.token ?? ''),
    )
    await lookInto(installation, async (look) => {
      const race: Race = { workspaceId, people: [founder, ...others], random: randomOf(seed, 'race'), look }
      const [first] = await membersOf(look.stores.main.reader, workspaceId)
      const moved: Moved[] = []
      for (let number = 0; number < bursts; number += 1) {
        await invite(race, server.url)
        moved.push(...(await burst(race, wires, number)))
      }
      const expected = ['Forbidden', 'RelationConflict', 'AlreadyExists', 'ResourceNotFound']
      const odd = moved.filter(
        ({ outcome }) => outcome.kind === 'unknown' || (outcome.kind === 'refused' && !expected.includes(outcome.type)),
      )
      expect(odd, `seed ${seed}`).toEqual([])
      const done = moved.flatMap(({ path, outcome }) =>
        path === 'member.transferOwnership' && outcome.kind === 'done'
          ? [outcome.answer as Record<'owner' | 'formerOwner', { id: string }>]
          : [],
      )
      const trail = await trailOf(race)
      // Acknowledged transfers and recorded ones are the same, and they form one unbroken line of owners.
      const told = done.map(({ owner, formerOwner }) => `${formerOwner.id} to ${owner.id}`)
      expect(trail.map(({ from, to }) => `${from} to ${to}`).toSorted()).toEqual(told.toSorted())
      expect(trail.map(({ from }) => from)).toEqual([first?.id, ...trail.slice(0, -1).map(({ to }) => to)])
      expect(trail.length).toBeGreaterThanOrEqual(bursts)
      const owners = (await membersOf(look.stores.main.reader, workspaceId)).filter((row) => row.role === 'owner')
      expect(owners.map((row) => row.id)).toEqual([trail.at(-1)?.to])
    })
    for (const wire of wires) wire.close()
    expect(server.err()).toBe('')
  })
})
