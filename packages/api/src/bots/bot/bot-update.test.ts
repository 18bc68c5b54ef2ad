import { eachDialect } from '@steward/db/testing'
import { expect, it } from 'vitest'
import { storesOf } from '../../core/app-context.ts'
import { turnsDuring } from '../../core/loop.testing.ts'
import { sha256 } from '../../core/secrets.ts'
import { documentText, emptyDocument } from '../content/bot.document.ts'
import { maskedSecret } from '../content/bot.queries.ts'
import { checkInput } from '../content/bot.rules.ts'
import { secretPurpose } from './bot.secrets.ts'
import { installedIntegration, installedPlugin } from './bot.testing.ts'
import type { Fixture } from './fixture.testing.ts'
import { auditOf, join, makeFixture, tables } from './fixture.testing.ts'

const refused = (type: string) => expect.objectContaining({ type })
const run = { input: { schema: {} }, output: { schema: {} } }
const schema = { type: 'object', properties: { port: { type: 'integer' } }, required: ['port'] }

eachDialect('bot.update', (open) => {
  async function withBot(fields: object = {}): Promise<{ s: Fixture; id: string; owner: ReturnType<Fixture['as']> }> {
    const s = await makeFixture(await open())
    const owner = s.as(s.owner.actor)
    const { bot } = await owner.create({ workspaceId: s.workspaceId, name: 'Bot', ...fields })
    s.clock.advance(1000)
    return { s, id: bot.id, owner }
  }
  const rowOf = (s: Fixture) => tables(s).selectFrom('bot').selectAll().executeTakeFirstOrThrow()

  it('patches what is sent, keeps the rest and answers the whole bot', async () => {
    const { s, id, owner } = await withBot({
      tags: { team: 'blue', old: '1', gone: '2' },
      events: { born: { schema: {}, attributes: { a: '1', b: '2' } }, left: { schema: {} } },
      user: { tags: { vip: {}, low: {} } },
      url: 'https://one.test',
      description: 'first',
    })
    const { bot } = await owner.update({
      id,
      name: 'Renamed',
      url: null,
      maxExecutionTime: 30,
      tags: { team: 'red', old: null, gone: '', none: null },
      events: { born: { schema: { type: 'object' }, attributes: { a: null, c: '3' } }, left: null, none: null },
      user: { tags: { low: null, high: { title: 'High' } } },
    })
    expect(bot).toMatchObject({
      id,
      name: 'Renamed',
      description: 'first',
      maxExecutionTime: 30,
      signingSecret: maskedSecret,
    })
    expect(bot.tags).toEqual({ team: 'red' })
    expect(bot.events).toEqual({ born: { schema: { type: 'object' }, attributes: { b: '2', c: '3' } } })
    expect(bot.user.tags).toEqual({ vip: {}, high: { title: 'High' } })
    expect([bot.createdAt, bot.updatedAt]).toEqual(['2026-03-01T12:00:00.000Z', '2026-03-01T12:00:01.000Z'])
    expect((await owner.get({ id })).bot).toEqual(bot)
    expect((await rowOf(s)).url).toBeNull()
    expect((await owner.list({ workspaceId: s.workspaceId, tags: { team: 'red' } })).bots).toHaveLength(1)
    expect((await owner.list({ workspaceId: s.workspaceId, tags: { team: 'blue' } })).bots).toHaveLength(0)
  })

  it('sets and deletes secrets, never showing a value', async () => {
    const { s, id, owner } = await withBot({ secrets: { KEEP: 'keep-1', DROP: 'drop-1', TURN: 'turn-1' } })
    const { bot } = await owner.update({ id, secrets: { DROP: null, NONE: null, TURN: 'turn-2', ADD: 'add-1' } })
    expect(bot.secrets).toEqual(['ADD', 'KEEP', 'TURN'])
    expect((await owner.get({ id })).bot.secrets).toEqual(bot.secrets)
    const held = await tables(s).selectFrom('bot_secret').selectAll().execute()
    const values = held.map((row) => s.app.keys.unseal(row.sealed, secretPurpose(id, row.name)))
    expect(values.toSorted()).toEqual(['add-1', 'keep-1', 'turn-2'])
    expect(JSON.stringify([bot, await auditOf(s)])).not.toMatch(/(keep|drop|turn|add)-\d/)
    await expect(owner.update({ id, secrets: { lower: 'x' } })).rejects.toThrow(refused('InvalidIdentifier'))
    await owner.update({ id, secrets: { lower: null } })
  })

  it('takes code as a deployment: time, content, version, audit; 10 MB of it', async () => {
    const { s, id, owner } = await withBot()
    const code = 'y'.repeat(10 * 1024 * 1024)
    const { bot } = await owner.update({ id, code, actions: { run } })
    expect(bot.deployedAt).toBe('2026-03-01T12:00:01.000Z')
    const row = await rowOf(s)
    expect(row.code_blob).toBe(sha256(code))
    expect((await s.app.blobs.get(sha256(code)))?.length).toBe(code.length)
    s.clock.advance(1000)
    const next = await owner.update({ id, code: 'other' })
    expect(next.bot.deployedAt).toBe('2026-03-01T12:00:02.000Z')
    const versions = await tables(s).selectFrom('version').select(['id', 'code_blob', 'document']).execute()
    expect((await rowOf(s)).current_version_id).toBe(versions.find((v) => v.code_blob === sha256('other'))?.id)
    expect(versions.find((v) => v.code_blob === sha256(code))?.document).toContain('"run"')
    const deployments = await tables(s).selectFrom('deployment').select('kind').execute()
    expect(deployments).toEqual([{ kind: 'update' }, { kind: 'update' }])
    const named = await owner.update({ id, name: 'No deployment' })
    expect(named.bot.deployedAt).toBe(next.bot.deployedAt)
    expect((await auditOf(s)).map(({ action }) => action)).toEqual([
      'CREATE_BOT',
      'DEPLOY_BOT',
      'DEPLOY_BOT',
      'UPDATE_BOT',
    ])
    expect(JSON.stringify(await auditOf(s)).length).toBeLessThan(20_000)
  })

  it('holds configuration data against its schema when data is sent', async () => {
    const { id, owner } = await withBot({ configuration: { data: { any: 1 } } })
    await owner.update({ id, configuration: { schema } })
    await expect(owner.update({ id, configuration: { data: { port: 'x' } } })).rejects.toThrow(
      refused('InvalidDataFormat'),
    )
    const { bot } = await owner.update({ id, configuration: { data: { port: 80 } } })
    expect(bot.configuration).toEqual({ data: { port: 80 }, schema })
  })

  it('holds it against every keyword, whatever stands beside', async () => {
    const { id, owner } = await withBot()
    const rows: [schema: object, fits: object, not: object, at: unknown[]][] = [
      [{ required: ['a'] }, { a: 1 }, { b: 1 }, ['a']],
      [{ 'x-zui': {}, unheardOf: 1, properties: { a: { type: 'string' } } }, { a: '' }, { a: 1 }, ['a']],
      [{ properties: { a: { not: { type: 'string' } } } }, { a: 1 }, { a: '' }, ['a']],
      [{ dependentRequired: { a: ['b'] } }, { b: 1 }, { a: 1 }, ['b']],
      [{ $ref: '#/definitions/a', definitions: { a: { required: ['a'] } } }, { a: 1 }, {}, ['a']],
      [{ patternProperties: { '^n': { type: 'number' } } }, { n1: 1 }, { 'n.1': '' }, ['n.1']],
      [{ properties: { a: { pattern: '^(a+)+$' } } }, { a: 'aa' }, { a: `${'a'.repeat(9000)}!` }, ['a']],
      [{ properties: { a: { items: { format: 'email' } } } }, { a: ['a@b.de'] }, { a: ['a@b.de', 'x'] }, ['a', 1]],
      [{ properties: { a: { type: 'string', nullable: true } } }, { a: null }, { a: 1 }, ['a']],
    ]
    for (const [wanted, fits, not, at] of rows) {
      await owner.update({ id, configuration: { schema: wanted as never, data: fits as never } })
      const refusal = await owner.update({ id, configuration: { data: not as never } }).catch((error: unknown) => error)
      expect(refusal).toMatchObject({ type: 'InvalidDataFormat', metadata: { path: 'configuration.data', at } })
    }
  })

  it('checks what is hostile in bounds, and says when that is not enough', async () => {
    const { id, owner } = await withBot()
    const names = Array.from({ length: 3000 }, (_, at) => `p${at}`)
    const properties = Object.fromEntries(names.map((name) => [name, {}]))
    const items = Array.from({ length: 6000 }, () => ({}))
    const send = (wanted: object, data: object) =>
      owner.update({ id, configuration: { schema: wanted as never, data: data as never } })
    await expect(send({ properties: { a: { items: { required: names, properties } } } }, { a: items })).rejects.toThrow(
      refused('InvalidDataFormat'),
    )
    await expect(send({ additionalProperties: { $ref: '#/additionalProperties' } }, { a: 1 })).rejects.toThrow(
      refused('LimitExceeded'),
    )
    await expect(send({ properties: { a: { pattern: '(a)\\1' } } }, {})).rejects.toThrow(refused('InvalidJsonSchema'))
    await expect(send({ $ref: 'https://example.com/other.json' }, {})).rejects.toThrow(refused('InvalidJsonSchema'))
  })

  it('lets others have their turn while it checks many schemas', async () => {
    const { id, owner } = await withBot()
    const wide = {
      properties: Object.fromEntries(Array.from({ length: 2000 }, (_, at) => [`p${at}`, { type: 'string' }])),
    }
    const actions = (count: number) =>
      Object.fromEntries(
        Array.from({ length: count }, (_, at) => [`act${at}`, { input: { schema: wide }, output: { schema: {} } }]),
      )
    const few = await turnsDuring(() => checkInput({ id, actions: actions(1) }))
    const many = await turnsDuring(() => checkInput({ id, actions: actions(18) }))
    expect(many - few).toBeGreaterThan(14)
    await owner.update({ id, actions: actions(2) })
    // More than a document can hold is refused unseen.
    const broken = { born: { schema: { type: 'text' } } }
    await expect(checkInput({ id, events: broken, actions: actions(40) })).rejects.toThrow(refused('LimitExceeded'))
  })

  it('counts the limits on the result, and writes nothing over them', async () => {
    const events = (from: number, to: number) =>
      Object.fromEntries(Array.from({ length: to - from }, (_, i) => [`event${from + i}`, { schema: {} }]))
    const { s, id, owner } = await withBot({ events: events(0, 20) })
    await expect(owner.update({ id, events: events(20, 21) })).rejects.toThrow(refused('LimitExceeded'))
    await expect(owner.update({ id, medias: [{ url: 'u'.repeat(1024 * 1024), name: 'n' }] })).rejects.toThrow(
      refused('LimitExceeded'),
    )
    const merged = Object.fromEntries(Array.from({ length: 1981 }, (_, i) => [`p#event${i}`, { schema: {} }]))
    await expect(owner.update({ id, events: merged })).rejects.toThrow(refused('LimitExceeded'))
    // Within what one call may send, and over it with what is there.
    const attributes = (from: number) => Object.fromEntries(Array.from({ length: 60 }, (_, i) => [`a${from + i}`, 'x']))
    await owner.update({ id, events: { event0: { schema: {}, attributes: attributes(0) } } })
    await expect(owner.update({ id, events: { event0: { schema: {}, attributes: attributes(60) } } })).rejects.toThrow(
      refused('LimitExceeded'),
    )
    expect(await auditOf(s)).toHaveLength(2)
    const swapped = await owner.update({ id, events: { event0: null, ...events(20, 21) } })
    expect(Object.keys(swapped.bot.events)).toHaveLength(20)
  })

  it('lets installed things survive, change and go; nothing comes new', async () => {
    const { s, id, owner } = await withBot()
    const document = {
      ...emptyDocument(),
      actions: { 'hitl#run': run },
      plugins: { hitl: installedPlugin(`plugver_${'1'.repeat(26)}`) },
      integrations: {
        chat: installedIntegration(`intver_${'1'.repeat(26)}`),
        'a/b#c': installedIntegration(`intver_${'2'.repeat(26)}`),
      },
    }
    await storesOf(s.app).main.write((tx) =>
      tx
        .updateTable('bot')
        .set({ document: documentText(document) })
        .execute(),
    )
    const byAlias = await owner.update({ id, multipleIntegrations: true, actions: { mine: run, 'hitl#run': null } })
    expect(Object.keys(byAlias.bot.actions)).toEqual(['hitl#run', 'mine'])
    expect(Object.keys(byAlias.bot.integrations)).toEqual(['chat', 'a/b#c'])
    expect(Object.keys((await owner.get({ id })).bot.integrations).toSorted()).toEqual(
      Object.values(document.integrations).map((instance) => instance.id),
    )
    const gone = await owner.update({
      id,
      multipleIntegrations: true,
      plugins: { hitl: null },
      integrations: { chat: null, none: null },
    })
    expect(Object.keys(gone.bot.actions)).toEqual(['mine'])
    expect(Object.keys(gone.bot.integrations)).toEqual(['a/b#c'])
    for (const fields of [
      { integrations: { chat: { integrationId: 'intver_9' } } },
      { plugins: { hitl: { id: 'plugver_9' } } },
    ])
      await expect(owner.update({ id, ...fields })).rejects.toThrow(refused('ReferenceNotFound'))
  })

  it('leaves blocking and keeping alive to managers', async () => {
    const { s, id } = await withBot()
    const [developer, manager] = [await join(s, 'developer'), await join(s, 'manager')]
    for (const fields of [{ blocked: true }, { alwaysAlive: true }, { name: 'x', alwaysAlive: false }])
      await expect(s.as(developer.actor).update({ id, ...fields })).rejects.toThrow(refused('Forbidden'))
    expect((await s.as(developer.actor).update({ id, name: 'Mine' })).bot.name).toBe('Mine')
    expect((await s.as(manager.actor).update({ id, blocked: true, alwaysAlive: true })).bot.alwaysAlive).toBe(true)
    expect(await rowOf(s)).toMatchObject({ blocked: 1, always_alive: 1, name: 'Mine' })
  })

  it('never lets a time go back', async () => {
    const { s, id, owner } = await withBot()
    s.clock.advance(-60_000)
    const { bot } = await owner.update({ id, code: 'z' })
    expect(bot.updatedAt).toBe(bot.createdAt)
    expect(bot.deployedAt).toBe(bot.createdAt)
  })

  it('merges what ten people send at once', async () => {
    const { s, id, owner } = await withBot()
    await Promise.all(Array.from({ length: 10 }, (_, i) => owner.update({ id, tags: { [`t${i}`]: String(i) } })))
    expect(Object.keys((await owner.get({ id })).bot.tags)).toHaveLength(10)
    expect(await tables(s).selectFrom('bot_tag').selectAll().execute()).toHaveLength(10)
  })

  it('answers one idempotency key with one effect', async () => {
    const { s, id } = await withBot()
    const twice = s.as(s.owner.actor, { idempotencyKey: 'deploy-1' })
    const answers = await Promise.all([twice.update({ id, code: 'a' }), twice.update({ id, code: 'a' })])
    expect(answers[1]).toEqual(answers[0])
    expect(await tables(s).selectFrom('deployment').selectAll().execute()).toHaveLength(1)
  })
})
