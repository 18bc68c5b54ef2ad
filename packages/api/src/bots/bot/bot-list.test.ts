import type { BotTable } from '@steward/db'
import { eachDialect } from '@steward/db/testing'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { storesOf } from '../../core/app-context.ts'
import { seedWorkspace } from '../../core/app.testing.ts'
import { botListing } from './bot-list.queries.ts'
import { insertBot } from '../content/bot.queries.ts'
import type { ListBotsInput } from '../content/bot.schema.ts'
import type { Fixture } from './fixture.testing.ts'
import { join, makeFixture, tables } from './fixture.testing.ts'

const refused = (type: string) => expect.objectContaining({ type })

// Few values, so that many are equal; letters of both cases and beyond a–z.
const time = fc.constantFrom('2026-01-01T00:00:00.000Z', '2026-01-02T00:00:00.000Z', '2026-01-03T00:00:00.000Z')
const anyBot = fc.record({
  name: fc.oneof(fc.constantFrom('a', 'A', 'ab', 'AB', 'b', 'Ä', 'ä', 'a_b', 'a%', 'z😀'), fc.string({ minLength: 1 })),
  type: fc.constantFrom('studio', 'adk', 'desk'),
  created_at: time,
  updated_at: time,
  deployed_at: fc.option(time),
})
const anyListing = fc.record(
  {
    pageSize: fc.integer({ min: 1, max: 5 }),
    sortField: fc.constantFrom('createdAt', 'updatedAt', 'name'),
    sortDirection: fc.constantFrom('asc', 'desc'),
    search: fc.constantFrom('a', 'B', 'ä', '_', '%', 'ab'),
    type: fc.constantFrom('adk', 'desk'),
    deployed: fc.boolean(),
  },
  { requiredKeys: ['pageSize'], noNullPrototype: true },
)

const lower = (text: string): string => text.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase())

/** The same answer without a database. */
function expectedIds(rows: BotTable[], listing: Omit<Partial<ListBotsInput>, 'pageSize'>): string[] {
  const { sortField = 'createdAt', sortDirection = 'desc', search, type, deployed } = listing
  const key = (row: BotTable): Buffer =>
    Buffer.from(
      { createdAt: row.created_at, updatedAt: row.updated_at, name: lower(row.name) }[sortField] + `\0${row.id}`,
    )
  const fitting = rows.filter(
    (row) =>
      (search === undefined || lower(row.name).includes(lower(search))) &&
      (type === undefined || row.type === type) &&
      (deployed === undefined || (row.deployed_at !== null) === deployed),
  )
  const ordered = fitting.toSorted((a, b) => Buffer.compare(key(a), key(b)))
  return (sortDirection === 'asc' ? ordered : ordered.toReversed()).map(({ id }) => id)
}

/** A bot's row as it is stored, to make others of; it is in no list itself. */
async function emptyRow(s: Fixture, workspaceId: string): Promise<BotTable> {
  const { bot } = await s.as(s.owner.actor).create({ workspaceId, dev: true, url: 'http://localhost:1' })
  const row = await tables(s).selectFrom('bot').selectAll().where('id', '=', bot.id).executeTakeFirstOrThrow()
  return { ...row, dev: 0 }
}

eachDialect('bot.list', (open, engine) => {
  /** Bots made one second apart; those with an odd number are touched again, the lowest last. */
  async function many(s: Fixture, count: number): Promise<string[]> {
    const owner = s.as(s.owner.actor)
    const ids: string[] = []
    for (let i = 0; i < count; i++) {
      const { bot } = await owner.create({
        workspaceId: s.workspaceId,
        name: `bot ${i}`,
        tags: { parity: i % 2 ? 'odd' : 'even', third: String(i % 3) },
      })
      ids.push(bot.id)
      if (i % 4 !== 0) s.clock.advance(1000)
    }
    for (const id of ids.filter((_, i) => i % 2 === 1).toReversed()) {
      s.clock.advance(1000)
      await owner.update({ id, description: 'touched' })
    }
    return ids
  }

  async function everyPage(s: Fixture, input: object): Promise<{ id: string; createdAt: string; updatedAt: string }[]> {
    const found = []
    let nextToken: string | undefined
    do {
      const page = await s
        .as(s.owner.actor)
        .list({ workspaceId: s.workspaceId, pageSize: 4, ...input, ...(nextToken ? { nextToken } : {}) })
      expect(page.bots.length).toBeLessThanOrEqual((input as { pageSize?: number }).pageSize ?? 4)
      found.push(...page.bots)
      nextToken = page.meta.nextToken
    } while (nextToken)
    return found
  }

  it('pages through all in every order, each bot once', async () => {
    const s = await makeFixture(await open())
    const ids = await many(s, 13)
    for (const sortField of ['createdAt', 'updatedAt'] as const)
      for (const sortDirection of ['asc', 'desc'] as const) {
        const found = await everyPage(s, { sortField, sortDirection })
        expect(found.map(({ id }) => id).toSorted()).toEqual(ids.toSorted())
        const keys = found.map((bot) => `${bot[sortField]} ${bot.id}`)
        const sorted = keys.toSorted()
        expect(keys).toEqual(sortDirection === 'asc' ? sorted : sorted.toReversed())
      }
    expect((await everyPage(s, {})).map(({ id }) => id)).toEqual(
      (await everyPage(s, { sortField: 'createdAt', sortDirection: 'desc' })).map(({ id }) => id),
    )
  })

  it('filters by tags (all pairs), and by installed things there are none', async () => {
    const s = await makeFixture(await open())
    const ids = await many(s, 9)
    const found = async (tags: Record<string, string>) => (await everyPage(s, { tags })).map(({ id }) => id).toSorted()
    const over = Object.fromEntries(Array.from({ length: 101 }, (_, at) => [`k${at}`, 'v']))
    await expect(found(over)).rejects.toThrow('at most 100')
    expect(await found({ parity: 'odd' })).toEqual(ids.filter((_, i) => i % 2 === 1).toSorted())
    expect(await found({ parity: 'odd', third: '0' })).toEqual([ids[3]])
    expect(await found({ parity: 'none' })).toEqual([])
    expect(await found({ constructor: 'x' })).toEqual([])
    await expect(found(JSON.parse('{"__proto__":"x"}') as { [key: string]: string })).rejects.toMatchObject({
      code: 'BAD_REQUEST',
    })
    for (const filter of [{ integrationNames: ['chat'] }, { pluginNames: ['hitl'] }])
      expect(await everyPage(s, filter)).toEqual([])
    expect(await everyPage(s, { integrationNames: [], pluginNames: [] })).toHaveLength(9)
  })

  it('shows summaries only, and refuses a token of another list', async () => {
    const s = await makeFixture(await open())
    await many(s, 3)
    const owner = s.as(s.owner.actor)
    const page = await owner.list({ workspaceId: s.workspaceId, pageSize: 1 })
    expect(Object.keys(page.bots[0] ?? {}).toSorted()).toEqual(['createdAt', 'id', 'name', 'tags', 'type', 'updatedAt'])
    const nextToken = page.meta.nextToken ?? ''
    const changes = [{ dev: true }, { sortDirection: 'asc' }, { sortField: 'name' }, { search: 'bot' }, { type: 'adk' }]
    const sister = await seedWorkspace(s.app, s.owner)
    const others = [{ deployed: false }, { nextToken: 'x' }, { workspaceId: sister }]
    for (const change of [...(changes as object[]), ...others])
      await expect(owner.list({ workspaceId: s.workspaceId, nextToken, ...change })).rejects.toThrow(
        refused('InvalidQuery'),
      )
  })

  it('finds a part of the name in any case, or a whole id', async () => {
    const s = await makeFixture(await open())
    const owner = s.as(s.owner.actor)
    const ids: Record<string, string> = {}
    for (const name of ['Order status', 'reorder', '100%_sure', String.raw`back\slash`, 'plain'])
      ids[name] = (await owner.create({ workspaceId: s.workspaceId, name })).bot.id
    const found = async (search: string): Promise<string[]> =>
      (await owner.list({ workspaceId: s.workspaceId, search, sortField: 'name', sortDirection: 'asc' })).bots.map(
        ({ name }) => name,
      )
    expect(await found('ORDER')).toEqual(['Order status', 'reorder'])
    for (const sign of ['%', '_', '%_']) expect(await found(sign)).toEqual(['100%_sure'])
    expect(await found('\\')).toEqual([String.raw`back\slash`])
    expect(await found('')).toHaveLength(5)
    expect(await found(ids['plain'] ?? '')).toEqual(['plain'])
    expect(await found((ids['plain'] ?? '').slice(0, -1))).toEqual([])
    const { bot } = await owner.create({ workspaceId: s.otherId, name: 'order elsewhere' })
    expect(await found(bot.id)).toEqual([])
    expect(await found('order')).toHaveLength(2)
  })

  it('filters by type and by what was deployed', async () => {
    const s = await makeFixture(await open())
    const owner = s.as(s.owner.actor)
    const make = async (name: string, more: object) => owner.create({ workspaceId: s.workspaceId, name, ...more })
    await make('one', { type: 'adk' })
    await make('two', { type: 'adk', code: 'x' })
    await make('three', { type: 'desk', code: 'x' })
    const found = async (input: object): Promise<string[]> =>
      (await owner.list({ workspaceId: s.workspaceId, ...input })).bots.map(({ name }) => name).toSorted()
    expect(await found({ type: 'adk' })).toEqual(['one', 'two'])
    expect(await found({ deployed: true })).toEqual(['three', 'two'])
    expect(await found({ deployed: false })).toEqual(['one'])
    expect(await found({ type: 'adk', deployed: true })).toEqual(['two'])
    expect(await found({ type: 'studio' })).toEqual([])
  })

  it('meets every bot that fits once and in order, whatever is asked', async () => {
    const s = await makeFixture(await open())
    let made = 0
    await fc.assert(
      fc.asyncProperty(fc.array(anyBot, { maxLength: 12 }), anyListing, async (bots, { pageSize, ...listing }) => {
        const workspaceId = await seedWorkspace(s.app, s.owner, `Workspace ${(made += 1)}`)
        const template = await emptyRow(s, workspaceId)
        const rows = bots.map((bot) => ({ ...template, ...bot, id: s.app.ids.make('bot') }))
        await storesOf(s.app).main.write(async (tx) => {
          for (const row of rows) await insertBot(tx, row)
        })
        const found = await everyPage(s, { workspaceId, pageSize, ...listing })
        expect(found.map(({ id }) => id)).toEqual(expectedIds(rows, listing))
      }),
      { numRuns: 40 },
    )
  })

  it('refuses what is no type, no order, or longer than a name can be', async () => {
    const s = await makeFixture(await open())
    const owner = s.as(s.owner.actor)
    const bad = [
      { type: 'robot' },
      { sortField: 'type' },
      { deployed: 'yes' },
      { search: 'x'.repeat(201) },
      { search: '\0' },
    ]
    for (const input of bad)
      await expect(owner.list({ workspaceId: s.workspaceId, ...(input as object) })).rejects.toMatchObject({
        code: 'BAD_REQUEST',
      })
  })

  it('hides bots for selected people from others below administrator', async () => {
    const s = await makeFixture(await open())
    const [hidden = '', open1 = ''] = await many(s, 2)
    const [listed, unlisted, administrator] = [
      await join(s, 'viewer'),
      await join(s, 'manager'),
      await join(s, 'administrator'),
    ]
    await storesOf(s.app).main.write(async (tx) => {
      await tx.updateTable('bot').set({ access: 'SELECTED_USERS' }).where('id', '=', hidden).execute()
      await tx.insertInto('bot_access').values({ bot_id: hidden, user_id: listed.userId }).execute()
    })
    const seen = async (person: typeof listed) =>
      (await s.as(person.actor).list({ workspaceId: s.workspaceId })).bots.map(({ id }) => id).toSorted()
    expect(await seen(listed)).toEqual([hidden, open1].toSorted())
    expect(await seen(administrator)).toEqual([hidden, open1].toSorted())
    expect(await seen(unlisted)).toEqual([open1])
    await expect(s.as(unlisted.actor).get({ id: hidden })).rejects.toThrow(refused('ResourceNotFound'))
  })

  it.runIf(engine === 'sqlite')('reads a page along the index, without sorting', async () => {
    const s = await makeFixture(await open())
    for (const sort of ['createdAt', 'updatedAt', 'name'] as const)
      for (const descending of [true, false])
        for (const after of [null, ['2026-01-01T00:00:00.000Z', 'bot_1']] as const) {
          const filters = { search: 'x', type: 'adk', deployed: true } as const
          const listing = { dev: false, tags: [], visibleTo: 'someone', ...filters, sort, descending, after, limit: 21 }
          const steps = await botListing(tables(s), s.workspaceId, listing).explain<{ opcode: string; p4: unknown }>()
          expect(steps.length).toBeGreaterThan(5)
          const codes = steps.map(({ opcode }) => opcode)
          expect(codes).not.toContain('SorterOpen')
          // What the filters need stands in the index: a bot's own row is read only when they let it through.
          expect(codes).toContain('DeferredSeek')
          expect(codes.filter((code) => code === 'Function')).toHaveLength(1)
          expect(steps.map(({ p4 }) => p4)).not.toContain('lower(1)')
        }
  })
})
