import { eachDialect } from '@steward/db/testing'
import { expect, test } from 'vitest'
import { auditOf, join } from './fixture.testing.ts'
import { minute } from '../../core/clock.ts'
import { sha256 } from '../../core/secrets.ts'
import { seedPerson } from '../../core/app.testing.ts'
import { makeVersionFixture, newBot, rowOf } from '../version/version.testing.ts'

const refused = (type: string, metadata = {}) =>
  expect.objectContaining({ type, metadata: expect.objectContaining(metadata) })
const schema = { type: 'object', properties: { port: { type: 'integer' } } }

const definition = {
  configuration: { data: { port: 1 }, schema },
  user: { tags: { vip: { title: 'VIP' } } },
  states: { counter: { type: 'bot' as const, schema } },
  events: { ping: { schema, attributes: { a: 'b' } } },
  actions: { run: { input: { schema }, output: { schema } } },
  recurringEvents: { tick: { schedule: { cron: '* * * * *' }, type: 'ping', payload: { n: 1 } } },
  subscriptions: { events: { ping: {} } },
  medias: [{ url: 'https://example.com/a.png', name: 'a' }],
}

eachDialect('the bot as one document', (open) => {
  test('publishing what was read changes nothing but the history', async () => {
    const s = await makeVersionFixture(await open())
    const { bot } = await s.bot.create({ workspaceId: s.workspaceId, ...definition, code: 'go()' })
    const { id } = bot
    const json = await s.bot.getJson({ id })
    expect(json).toMatchObject({ ...definition, code: 'go()' })
    const before = await rowOf(s, id)
    s.clock.advance(minute)
    const answer = await s.bot.publishJson({ id, botJson: json })
    expect(answer).toEqual({ id, versionId: before.current_version_id, deployedAt: '2026-03-01T12:01:00.000Z' })
    expect(await rowOf(s, id)).toEqual({
      ...before,
      deployed_at: '2026-03-01T12:01:00.000Z',
      updated_at: '2026-03-01T12:01:00.000Z',
    })
    expect(await s.bot.getJson({ id })).toEqual(json)
    expect((await s.version.list({ id })).versions).toHaveLength(1)
    expect((await s.version.listDeployments({ id })).deployments.map((one) => one.kind)).toEqual(['publish', 'update'])
    const actions = (await auditOf(s.fixture)).map((record) => `${record.operation} ${record.action}`)
    expect(actions).toEqual([
      'bot.create CREATE_BOT',
      'bot.getJson DOWNLOAD_BOT_ARCHIVE',
      'bot.publishJson DEPLOY_BOT',
      'bot.getJson DOWNLOAD_BOT_ARCHIVE',
    ])
  })

  test('parts that are there replace, parts that are absent stay', async () => {
    const s = await makeVersionFixture(await open())
    const { bot } = await s.bot.create({ workspaceId: s.workspaceId, ...definition, code: 'go()' })
    const { id } = bot
    s.clock.advance(minute)
    const { versionId } = await s.bot.publishJson({ id, botJson: { events: { pong: { schema, ui: {} } } } })
    const json = await s.bot.getJson({ id })
    expect(json['events']).toEqual({ pong: { schema } })
    expect(json['states']).toEqual(definition.states)
    expect(json['code']).toBe('go()')
    await s.bot.publishJson({ id, botJson: { code: 'stop()' } })
    expect((await rowOf(s, id)).code_blob).toBe(sha256('stop()'))
    expect((await s.version.rollback({ id })).versionId).toBe(versionId)
    expect(await s.bot.getJson({ id })).toEqual(json)
  })

  test('null takes the code away, as the archive of a version without code says', async () => {
    const s = await makeVersionFixture(await open())
    const { bot } = await s.bot.create({ workspaceId: s.workspaceId, ...definition, code: 'go()' })
    await s.bot.publishJson({ id: bot.id, botJson: { code: null } })
    expect((await rowOf(s, bot.id)).code_blob).toBeNull()
    expect(await s.bot.getJson({ id: bot.id })).not.toHaveProperty('code')
    await s.version.rollback({ id: bot.id })
    expect(await s.bot.getJson({ id: bot.id })).toMatchObject({ ...definition, code: 'go()' })
  })

  test('a document moves into another bot', async () => {
    const s = await makeVersionFixture(await open())
    const { bot } = await s.bot.create({ workspaceId: s.workspaceId, ...definition, code: 'go()' })
    const json = await s.bot.getJson({ id: bot.id })
    const copy = await newBot(s, s.otherId)
    await s.bot.publishJson({ id: copy, botJson: json })
    expect(await s.bot.getJson({ id: copy })).toEqual(json)
    const draft = await newBot(s)
    await s.bot.update({ id: draft, events: { draft: { schema } } })
    await s.bot.publishJson({ id: draft, botJson: json })
    expect((await s.version.list({ id: draft })).versions.map((one) => one.name.slice(0, 6))).toEqual([
      'Publis',
      'Before',
    ])
  })

  test('malformed documents are refused and change nothing', async () => {
    const s = await makeVersionFixture(await open())
    const id = await newBot(s)
    const before = await rowOf(s, id)
    const cases: [object, string][] = [
      [{ nonsense: 1 }, 'InvalidPayload'],
      [{ events: [] }, 'InvalidPayload'],
      [{ events: { ping: {} } }, 'InvalidPayload'],
      [{ code: 5 }, 'InvalidPayload'],
      [{ states: { x: { type: 'planet', schema } } }, 'InvalidPayload'],
      [{ events: { 'Bad Name': { schema } } }, 'InvalidIdentifier'],
      [{ events: { ping: { schema: { type: 7 } } } }, 'InvalidJsonSchema'],
      [{ configuration: { data: { port: 'x' }, schema } }, 'InvalidDataFormat'],
      [{ events: Object.fromEntries(Array.from({ length: 21 }, (_, n) => [`e${n}a`, { schema }])) }, 'LimitExceeded'],
    ]
    for (const [botJson, type] of cases)
      await expect(s.bot.publishJson({ id, botJson: botJson as Record<string, unknown> })).rejects.toEqual(
        refused(type),
      )
    await expect(s.bot.publishJson({ id, botJson: { code: 5 } })).rejects.toEqual(
      refused('InvalidPayload', { issues: [{ path: 'code', message: expect.any(String) }] }),
    )
    expect(await rowOf(s, id)).toEqual(before)
    expect((await s.version.list({ id })).versions).toEqual([])
  })

  test('installs nothing', async () => {
    const s = await makeVersionFixture(await open())
    const id = await newBot(s)
    const json = await s.bot.getJson({ id })
    const { installedIntegration, installedPlugin } = await import('../bot/bot.testing.ts')
    for (const part of [
      { integrations: { chat: installedIntegration('intver_01ARZ3NDEKTSV4RRFFQ69G5FAV') } },
      { plugins: { hitl: installedPlugin('plugver_01ARZ3NDEKTSV4RRFFQ69G5FAV') } },
      {
        plugins: JSON.parse(
          `{"__proto_":${JSON.stringify(installedPlugin('plugver_01ARZ3NDEKTSV4RRFFQ69G5FAV'))}}`,
        ) as object,
      },
    ])
      await expect(s.bot.publishJson({ id, botJson: { ...json, ...part } })).rejects.toEqual(
        refused('ReferenceNotFound'),
      )
  })

  test('takes a developer of the bot', async () => {
    const s = await makeVersionFixture(await open())
    const id = await newBot(s)
    const viewer = s.as((await join(s.fixture, 'viewer')).actor).bot
    await expect(viewer.getJson({ id })).rejects.toEqual(refused('Forbidden'))
    await expect(viewer.publishJson({ id, botJson: {} })).rejects.toEqual(refused('Forbidden'))
    const stranger = s.as((await seedPerson(s.app, 'stranger@example.com')).actor).bot
    await expect(stranger.getJson({ id })).rejects.toEqual(refused('ResourceNotFound'))
    const developer = s.as((await join(s.fixture, 'developer')).actor, { idempotencyKey: 'p' }).bot
    const publish = () => developer.publishJson({ id, botJson: { code: 'x' } })
    const [a, b] = await Promise.all([publish(), publish()])
    expect(a).toEqual(b)
    expect((await s.version.listDeployments({ id })).deployments).toHaveLength(1)
  })
})
