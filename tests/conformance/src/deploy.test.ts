import { createHash } from 'node:crypto'
import type { Client } from '@botpress/client'
import { expect, test } from 'vitest'
import { newWorkspace, onBothEngines } from './server.testing.ts'

const schema = (...names: string[]) => ({
  type: 'object',
  properties: Object.fromEntries(names.map((name) => [name, { type: 'string', 'x-zui': { title: name } }])),
  required: names,
})

/** What one deployment of a whole bot sends: everything at once (reference 7.1). */
const definition = {
  configuration: { schema: schema('greeting'), data: { greeting: 'hello' } },
  user: { tags: { vip: { title: 'VIP', description: 'Pays' } } },
  conversation: { tags: { topic: {} } },
  message: { tags: { lang: {} } },
  states: { cart: { type: 'user', schema: schema('items'), expiry: 60_000 } },
  events: { ordered: { schema: schema('order'), title: 'Ordered', attributes: { source: 'web' } } },
  actions: {
    greet: { input: { schema: schema('name') }, output: { schema: schema('text') }, attributes: { kind: 'polite' } },
  },
  recurringEvents: { nightly: { schedule: { cron: '0 3 * * *' }, type: 'ordered', payload: { order: 'none' } } },
  subscriptions: { events: { ordered: {} } },
  medias: [{ url: 'https://example.org/logo.png', name: 'logo' }],
} satisfies Partial<Parameters<Client['updateBot']>[0]>

const installedPlugin = {
  enabled: true,
  name: 'desk',
  version: '1.0.0',
  configuration: {},
  id: 'plugver_01ARZ3NDEKTSV4RRFFQ69G5FAV',
  createdAt: '2026-01-01T00:00:00.000Z',
  updatedAt: '2026-01-01T00:00:00.000Z',
  title: 'Desk',
  description: '',
  iconUrl: '',
  readmeUrl: '',
  public: false,
  visibility: 'private',
  lifecycleStatus: 'published',
}

/** About 10 MB of code in which no part is like another, with quotes, line ends and letters beyond ASCII in it. */
function largeBundle(bytes = 10_000_000): string {
  const lines: string[] = []
  for (let have = 0, number = 0; have < bytes; number++) {
    const digest = createHash('sha256').update(`line ${number}`).digest('base64')
    const line = `exports["f${number}"] = () => '${digest} – "Grüße" \\n 你好 🎉'\r\n`
    lines.push(line)
    have += Buffer.byteLength(line)
  }
  return lines.join('')
}

const codeOf = async (client: Client, id: string): Promise<unknown> => (await client.getBotJson({ id }))['code']

onBothEngines('deploying with the official client', (testServer) => {
  test('a whole bot in one call, and again with nulls for what is gone', async () => {
    const { client } = await newWorkspace(testServer())
    const { bot } = await client.createBot({})
    const first = await client.updateBot({
      id: bot.id,
      ...definition,
      code: 'exports.v = 1',
      secrets: { API_KEY: 'sk-secret-one', OTHER_KEY: 'sk-secret-two' },
      tags: { team: 'support', tier: 'one' },
    })
    expect(first.bot).toMatchObject({ ...definition, recurringEvents: { nightly: { failedAttempts: 0 } } })
    expect(first.bot.secrets).toEqual(['API_KEY', 'OTHER_KEY'])
    expect(first.bot.deployedAt).toMatch(/^\d{4}-.*Z$/)
    const { name, ...rest } = first.bot
    expect(JSON.stringify(rest)).not.toContain('sk-secret')
    expect(first.bot).not.toHaveProperty('code')

    const second = await client.updateBot({
      id: bot.id,
      code: 'exports.v = 2',
      events: { ordered: null, neverThere: null, paid: { schema: schema('amount') } },
      actions: { greet: { ...definition.actions.greet, attributes: { kind: null, mood: 'calm' } } },
      states: { cart: null },
      recurringEvents: { nightly: null },
      user: { tags: { vip: null } },
      subscriptions: { events: { ordered: null, paid: {} } },
      secrets: { API_KEY: null, NEVER_THERE: null, OTHER_KEY: 'sk-secret-three' },
      tags: { team: null, tier: '', level: 'two' },
    })
    expect(second.bot).toMatchObject({ name, configuration: definition.configuration, medias: definition.medias })
    expect(Object.keys(second.bot.events)).toEqual(['paid'])
    expect(second.bot.actions['greet']?.attributes).toEqual({ mood: 'calm' })
    expect([second.bot.states, second.bot.recurringEvents, second.bot.user.tags]).toEqual([{}, {}, {}])
    expect(second.bot.subscriptions.events).toEqual({ paid: {} })
    expect(second.bot.secrets).toEqual(['OTHER_KEY'])
    expect(second.bot.tags).toEqual({ level: 'two' })
    expect((await client.getBot({ id: bot.id })).bot).toEqual(second.bot)
  })

  test('undeclared nested keys are left out, not refused', async () => {
    const { client } = await newWorkspace(testServer())
    const { bot } = await client.createBot({})
    const sent = {
      id: bot.id,
      configuration: { ...definition.configuration, ui: { group: 1 } },
      events: { ordered: { ...definition.events.ordered, ui: { icon: 'cart' } } },
      actions: { greet: { ...definition.actions.greet, implementation: 'code', bodyOf: { deep: [1] } } },
      'a top-level key': 'never reaches the wire',
    }
    const answer = (await client.updateBot(sent)).bot
    expect(answer.events).toEqual({ ordered: definition.events.ordered })
    expect(answer.actions).toEqual({ greet: definition.actions.greet })
    expect(answer.configuration).toEqual(definition.configuration)
  })

  test('an installed plugin: its whole package comes along, its definitions survive the nulls, then it goes', async () => {
    const { client } = await newWorkspace(testServer())
    const { bot } = await client.createBot({})
    await arrangePlugin(bot.id)
    const before = (await client.getBot({ id: bot.id })).bot
    const implementation = Buffer.from('exports.plugin = true\n'.repeat(20_000))
    // The whole local package, spread out; the Buffer becomes {"type":"Buffer","data":[…]}, two megabytes of numbers.
    const whole = {
      id: installedPlugin.id,
      type: 'plugin',
      name: 'desk',
      version: '1.0.0',
      uri: '/home/dev/desk',
      alias: 'help#desk',
      definition: { name: 'desk', actions: { greet: { input: { schema: { _def: { typeName: 'ZodObject' } } } } } },
      implementation,
      configuration: { queue: 'first' },
    }
    const deployed = await client.updateBot({
      id: bot.id,
      code: 'exports.withPlugin = true',
      plugins: { 'help#desk': whole },
      actions: { greet: definition.actions.greet, 'help#desk#open': null },
      events: { 'help#desk#opened': null },
      states: { 'help#desk#ticket': null },
    })
    expect(Object.keys(deployed.bot.actions).toSorted()).toEqual(['greet', 'help#desk#open'])
    expect(deployed.bot.events).toEqual(before.events)
    expect(deployed.bot.states).toEqual(before.states)
    const installed = deployed.bot.plugins['help#desk']
    expect(installed).toMatchObject({ enabled: true, configuration: { queue: 'first' }, name: 'desk' })
    expect(JSON.stringify(deployed)).not.toContain('"Buffer"')
    expect(installed).not.toHaveProperty('uri')

    const gone = await client.updateBot({ id: bot.id, plugins: { 'help#desk': null } })
    expect(gone.bot.plugins).toEqual({})
    expect(Object.keys(gone.bot.actions)).toEqual(['greet'])
    expect([gone.bot.events, gone.bot.states]).toEqual([{}, {}])
  })

  /** Plugins come with a later issue; what they leave in a bot must survive already. */
  async function arrangePlugin(botId: string): Promise<void> {
    await testServer().arrange(async (tx) => {
      const row = await tx.selectFrom('bot').select('document').where('id', '=', botId).executeTakeFirstOrThrow()
      const document = {
        ...(JSON.parse(row.document) as object),
        plugins: { 'help#desk': installedPlugin },
        actions: { 'help#desk#open': definition.actions.greet },
        events: { 'help#desk#opened': definition.events.ordered },
        states: { 'help#desk#ticket': definition.states.cart },
      }
      await tx
        .updateTable('bot')
        .set({ document: JSON.stringify(document) })
        .where('id', '=', botId)
        .execute()
    })
  }

  test('10 MB of code: deployed, saved, downloaded by its link, deployed again', async () => {
    const { client } = await newWorkspace(testServer())
    const { bot } = await client.createBot({ name: 'heavy' })
    const code = largeBundle()
    const deployed = (await client.updateBot({ id: bot.id, code, ...definition })).bot
    expect(deployed.deployedAt).toBeDefined()
    const { version } = await client.createBotVersion({ id: bot.id, name: 'Big one', description: '10 MB' })
    await client.updateBot({ id: bot.id, code: 'exports.small = true', actions: { greet: null } })
    expect(await codeOf(client, bot.id)).toBe('exports.small = true')

    const { url } = await client.getBotVersion({ id: bot.id, versionId: version.id })
    const download = await fetch(url)
    expect(download.status).toBe(200)
    expect(download.headers.get('content-disposition')).toContain('heavy-Big-one.json')
    const archive = (await download.json()) as { code: string; bot: object; version: object }
    expect(archive.code === code).toBe(true)
    expect(archive.bot).toMatchObject({ actions: definition.actions })
    expect(archive.version).toMatchObject({ id: version.id, name: 'Big one' })

    await client.deployBotVersion({ id: bot.id, versionId: version.id })
    expect((await codeOf(client, bot.id)) === code).toBe(true)
    expect((await client.getBot({ id: bot.id })).bot.actions).toEqual(definition.actions)
    // What was overwritten was saved first.
    const { versions } = await client.listBotVersions({ id: bot.id })
    expect(versions.length).toBeGreaterThanOrEqual(2)
  })

  test('a link opens one version only, for whoever holds it, and only as it was signed', async () => {
    const { client } = await newWorkspace(testServer())
    const { bot } = await client.createBot({ code: 'one' })
    const a = (await client.createBotVersion({ id: bot.id, name: 'a' })).version
    await client.updateBot({ id: bot.id, code: 'two' })
    const b = (await client.createBotVersion({ id: bot.id, name: 'b' })).version
    const { url } = await client.getBotVersion({ id: bot.id, versionId: a.id })
    const refused = async (link: string): Promise<unknown> => {
      const response = await fetch(link)
      return { status: response.status, ...((await response.json()) as { type: string }) }
    }
    expect((await (await fetch(url)).json()) as object).toMatchObject({ code: 'one' })
    const longer = new URL(url)
    longer.searchParams.set('expires', String(Date.now() + 10 ** 9))
    expect(await refused(longer.href)).toMatchObject({ status: 403, type: 'Forbidden' })
    if (a.id !== b.id) expect(await refused(url.replace(a.id, b.id))).toMatchObject({ status: 403, type: 'Forbidden' })
    await client.deleteBot({ id: bot.id })
    expect(await refused(url)).toMatchObject({ status: 404, type: 'ResourceNotFound' })
  })

  test('one bot becomes another by its document', async () => {
    const { client } = await newWorkspace(testServer())
    const source = (await client.createBot({ name: 'source', code: largeBundle(50_000), ...definition })).bot
    const target = (await client.createBot({ name: 'target', secrets: { KEPT: 'value' } })).bot
    const botJson = await client.getBotJson({ id: source.id })
    const published = await client.publishFromBotJson({ id: target.id, botJson })
    expect(published).toMatchObject({ id: target.id })
    expect(await client.getBotJson({ id: target.id })).toEqual(botJson)
    const now = (await client.getBot({ id: target.id })).bot
    expect(now).toMatchObject({ ...definition, name: 'target', secrets: ['KEPT'] })
    expect(now.recurringEvents).toEqual(source.recurringEvents)
  })
})
