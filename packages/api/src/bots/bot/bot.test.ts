import { eachDialect } from '@steward/db/testing'
import { expect, it } from 'vitest'
import { ApiError } from '../../core/errors.ts'
import { sha256 } from '../../core/secrets.ts'
import { maskedSecret } from '../content/bot.queries.ts'
import { secretPurpose, signingPurpose } from './bot.secrets.ts'
import { auditOf, changeOf, countOf, makeFixture, tables } from './fixture.testing.ts'

const schema = { type: 'object', properties: { port: { type: 'integer' } }, required: ['port'] }
const refused = (type: string) => expect.objectContaining({ type })

eachDialect('bot.create and bot.get', (open) => {
  it('shows a bot with the names of its secrets to members, and is not there for anybody else', async () => {
    const s = await makeFixture(await open())
    const { bot } = await s.as(s.owner.actor).create({ workspaceId: s.workspaceId, secrets: { B: '2', A: '1' } })
    const seen = await s.as(s.owner.actor).get({ id: bot.id })
    expect(seen.bot).toEqual({ ...bot, signingSecret: maskedSecret, secrets: ['A', 'B'] })
    const stranger = { kind: 'user', userId: 'nobody', credential: { kind: 'local' } } as const
    await expect(s.as(stranger).get({ id: bot.id })).rejects.toThrow(refused('ResourceNotFound'))
    const system = { kind: 'system', name: 'test' } as const
    expect(await s.as(system).get({ id: bot.id })).toEqual(seen)
  })

  it('makes a bot out of nothing, shows its signing secret once', async () => {
    const s = await makeFixture(await open())
    const { bot } = await s.as(s.owner.actor).create({ workspaceId: s.workspaceId })
    expect(bot).toMatchObject({
      integrations: {},
      plugins: {},
      events: {},
      actions: {},
      states: {},
      recurringEvents: {},
      user: { tags: {} },
      conversation: { tags: {} },
      message: { tags: {} },
      subscriptions: { events: null },
      configuration: { data: {}, schema: {} },
      tags: {},
      secrets: [],
      medias: [],
      dev: false,
      alwaysAlive: false,
      status: 'active',
      type: 'studio',
      createdBy: s.owner.userId,
      createdAt: '2026-03-01T12:00:00.000Z',
      updatedAt: '2026-03-01T12:00:00.000Z',
    })
    expect(bot.id).toMatch(/^bot_[0-9A-HJKMNP-TV-Z]{26}$/)
    expect(bot.name).toMatch(/^[a-z]+-[a-z]+-[0-9a-f]{4}$/)
    expect(bot.signingSecret).toMatch(/^[A-Za-z0-9_-]{43}$/)
    expect(bot).not.toHaveProperty('deployedAt')
    expect((await s.as(s.owner.actor).get({ id: bot.id })).bot).toEqual({ ...bot, signingSecret: maskedSecret })
    const held = await tables(s).selectFrom('bot_signing_secret').select('sealed').executeTakeFirstOrThrow()
    expect(s.app.keys.unseal(held.sealed, signingPurpose(bot.id))).toBe(bot.signingSecret)
    expect(await countOf(s)).toBe(1)
    expect(await changeOf(s, s.workspaceId, bot.id)).toEqual({ type: 'bot', deleted: 0 })
    const [record, ...more] = await auditOf(s)
    expect(more).toEqual([])
    expect(record).toMatchObject({ action: 'CREATE_BOT', operation: 'bot.create', resource_id: bot.id })
    expect(JSON.stringify(record)).not.toContain(bot.signingSecret)
  })

  it('listens to everything unless it says what to', async () => {
    const s = await makeFixture(await open())
    const listening = async (given: object) =>
      (await s.as(s.owner.actor).create({ workspaceId: s.workspaceId, ...given })).bot.subscriptions
    expect(await listening({})).toEqual({ events: null })
    expect(await listening({ subscriptions: { events: null } })).toEqual({ events: null })
    expect(await listening({ subscriptions: { events: {} } })).toEqual({ events: {} })
    expect(await listening({ subscriptions: { events: { ping: {} } } })).toEqual({ events: { ping: {} } })
  })

  it('takes everything at once; secrets are sealed and known by name only', async () => {
    const s = await makeFixture(await open())
    const { bot } = await s.as(s.owner.actor).create({
      workspaceId: s.workspaceId,
      name: 'Helper',
      description: 'Helps',
      type: 'adk',
      url: 'https://bot.test',
      maxExecutionTime: 60,
      tags: { team: 'blue', empty: '' },
      medias: [{ url: 'https://m.test/a.png', name: 'a' }],
      secrets: { B_KEY: 'value-b', A_KEY: 'value-a' },
      events: { born: { schema: {}, attributes: { a: '1' } }, 'hitl#done': { schema: {} } },
      actions: { run: { input: { schema }, output: { schema: {} } } },
      states: { seen: { type: 'user', schema: {}, expiry: 5000 } },
      recurringEvents: { tick: { schedule: { cron: '* * * * *' }, type: 'born', payload: { a: 1 } } },
      user: { tags: { vip: { title: 'VIP' } } },
      subscriptions: { events: { born: {} } },
      configuration: { data: { port: 80 }, schema },
    })
    expect(bot).toMatchObject({
      name: 'Helper',
      description: 'Helps',
      type: 'adk',
      maxExecutionTime: 60,
      tags: { team: 'blue' },
      secrets: ['A_KEY', 'B_KEY'],
      user: { tags: { vip: { title: 'VIP' } } },
      configuration: { data: { port: 80 }, schema },
      recurringEvents: { tick: { failedAttempts: 0, lastFailureReason: null } },
      subscriptions: { events: { born: {} } },
    })
    const read = (await s.as(s.owner.actor).get({ id: bot.id, workspaceId: s.workspaceId })).bot
    expect(read).toEqual({ ...bot, signingSecret: maskedSecret })
    expect(JSON.stringify([bot, read, await auditOf(s)])).not.toMatch(/value-[ab]|bot\.test/)
    const held = await tables(s).selectFrom('bot_secret').selectAll().orderBy('name').execute()
    expect(held.map((row) => s.app.keys.unseal(row.sealed, secretPurpose(bot.id, row.name)))).toEqual([
      'value-a',
      'value-b',
    ])
    expect(JSON.stringify(held)).not.toContain('value-')
    const tags = await tables(s).selectFrom('bot_tag').selectAll().execute()
    expect(tags).toEqual([{ bot_id: bot.id, workspace_id: s.workspaceId, key: 'team', value: 'blue' }])
  })

  it('keeps 10 MB of code by its content, deployed and saved as a version', async () => {
    const s = await makeFixture(await open())
    const code = `//${'é'.repeat(1000)}\n${'x'.repeat(10 * 1024 * 1024)}`
    const { bot } = await s.as(s.owner.actor).create({ workspaceId: s.workspaceId, code })
    const row = await tables(s).selectFrom('bot').select(['code_blob', 'current_version_id']).executeTakeFirstOrThrow()
    expect(row.code_blob).toBe(sha256(code))
    expect(Buffer.from((await s.app.blobs.get(sha256(code))) ?? []).toString('utf8') === code).toBe(true)
    const version = await tables(s).selectFrom('version').select(['id', 'code_blob']).executeTakeFirstOrThrow()
    expect(version).toEqual({ id: row.current_version_id, code_blob: row.code_blob })
    expect(bot.deployedAt).toBe(bot.createdAt)
    expect(bot).not.toHaveProperty('code')
  })

  it('does not count dev bots and lists them apart', async () => {
    const s = await makeFixture(await open())
    const owner = s.as(s.owner.actor)
    const { bot } = await owner.create({ workspaceId: s.workspaceId, dev: true, url: 'http://localhost:1' })
    expect(bot).toMatchObject({ dev: true })
    expect(bot.id).toMatch(/^devbot_/)
    expect(await countOf(s)).toBe(0)
    expect((await owner.list({ workspaceId: s.workspaceId, dev: true })).bots.map(({ id }) => id)).toEqual([bot.id])
    for (const dev of [undefined, false])
      expect((await owner.list({ workspaceId: s.workspaceId, ...(dev === undefined ? {} : { dev }) })).bots).toEqual([])
  })

  const definitions = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, i) => [`event${i}`, { schema: {} }]))
  const refusals = [
    ['InvalidIdentifier', { events: { Born: { schema: {} } } }],
    ['InvalidIdentifier', { events: { a: { schema: {} } } }],
    ['InvalidIdentifier', { actions: { 'do it': { input: { schema: {} }, output: { schema: {} } } } }],
    ['InvalidIdentifier', { states: { ['s'.repeat(101)]: { type: 'bot' as const, schema: {} } } }],
    ['InvalidIdentifier', { secrets: { apiKey: 'x' } }],
    ['InvalidJsonSchema', { events: { born: { schema: { type: 'text' } } } }],
    ['InvalidJsonSchema', { configuration: { schema: { properties: [] } } } as never],
    ['InvalidDataFormat', { configuration: { data: { port: 'x' }, schema } }],
    ['InvalidPayload', { maxExecutionTime: 1.5 }],
    ['InvalidPayload', { maxExecutionTime: 2 ** 40 }],
    ['LimitExceeded', { events: definitions(21) }],
    ['LimitExceeded', { configuration: { data: { text: 'x'.repeat(21_000) } } }],
    ['LimitExceeded', { events: { born: { schema: { title: 'x'.repeat(110_000) } } } }],
    ['LimitExceeded', { tags: { ['k'.repeat(101)]: 'x' } }],
  ] as const

  it('refuses what breaks a rule, and writes nothing', async () => {
    const s = await makeFixture(await open())
    for (const [type, fields] of refusals)
      await expect(s.as(s.owner.actor).create({ workspaceId: s.workspaceId, ...fields })).rejects.toThrow(refused(type))
    expect(await countOf(s)).toBe(0)
    expect(await auditOf(s)).toEqual([])
  })

  it('takes 20 events of its own and merged ones besides', async () => {
    const s = await makeFixture(await open())
    const events = { ...definitions(20), 'plugin/x.y#more': { schema: {} } }
    const { bot } = await s.as(s.owner.actor).create({ workspaceId: s.workspaceId, events })
    expect(Object.keys(bot.events)).toHaveLength(21)
  })

  it('writes nothing when the quota refuses', async () => {
    const s = await makeFixture(await open(), {
      quota: async (_app, _tx, gauges) => {
        if (gauges.some(({ type, delta }) => type === 'bot_count' && delta > 0))
          throw new ApiError('QuotaExceeded', 'Full.')
      },
    })
    const owner = s.as(s.owner.actor)
    await expect(owner.create({ workspaceId: s.workspaceId })).rejects.toThrow(refused('QuotaExceeded'))
    expect((await owner.list({ workspaceId: s.workspaceId })).bots).toEqual([])
    expect(await countOf(s)).toBe(0)
    await owner.create({ workspaceId: s.workspaceId, dev: true })
  })

  it('answers one idempotency key with one bot, signing secret included', async () => {
    const s = await makeFixture(await open())
    const owner = s.as(s.owner.actor, { idempotencyKey: 'once' })
    const input = { workspaceId: s.workspaceId, name: 'One' }
    const [first, second] = await Promise.all([owner.create(input), owner.create(input)])
    expect(second).toEqual(first)
    expect(await owner.create(input)).toEqual(first)
    expect(await countOf(s)).toBe(1)
    expect(await auditOf(s)).toHaveLength(1)
    await expect(owner.create({ ...input, name: 'Two' })).rejects.toThrow(refused('AlreadyExists'))
  })

  it('keeps the counter right under 20 creations at once', async () => {
    const s = await makeFixture(await open())
    const owner = s.as(s.owner.actor)
    await Promise.all(Array.from({ length: 20 }, () => owner.create({ workspaceId: s.workspaceId })))
    expect(await countOf(s)).toBe(20)
  })
})
