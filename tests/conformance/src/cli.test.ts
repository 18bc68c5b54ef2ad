import { Client, ResourceNotFoundError, type ClientOutputs } from '@botpress/client'
import { describe, expect, test } from 'vitest'
import { newWorkspace, onBothEngines, type TestServer } from './server.testing.ts'

/*
 * What the official CLI does, call by call (reference section 7): its headers, its sequences, its habits.
 */

/** The client as the CLI makes it once somebody has logged in. */
const cliClient = (testServer: TestServer, workspaceId: string): Client =>
  testServer.client({ token: testServer.owner.token, workspaceId, headers: { 'x-multiple-integrations': 'true' } })

type ListPage<T> = { items: T[]; nextToken: string | undefined }

/** How the CLI empties a list. */
async function drain<T>(list: (at: { nextToken?: string }) => Promise<ListPage<T>>): Promise<T[]> {
  const all: T[] = []
  let nextToken: string | undefined
  do {
    const page = await list(nextToken === undefined ? {} : { nextToken })
    all.push(...page.items)
    nextToken = page.nextToken
  } while (nextToken)
  return all
}

type BotSummary = ClientOutputs['listBots']['bots'][number]
const allBots = (client: Client, dev?: boolean): Promise<BotSummary[]> =>
  drain(async (at) => {
    const { bots, meta } = await client.listBots({ ...at, ...(dev === undefined ? {} : { dev }) })
    return { items: bots, nextToken: meta.nextToken }
  })

onBothEngines('the official CLI', (testServer) => {
  test('bp login: workspaces without a header, then bots with it', async () => {
    const { id } = await newWorkspace(testServer(), 'Chosen')
    const login = testServer().client({ token: testServer().owner.token })
    const workspaces = await drain(async (at) => {
      const page = await login.listWorkspaces(at)
      return { items: page.workspaces, nextToken: page.meta.nextToken }
    })
    expect(workspaces.find((workspace) => workspace.name === 'Chosen')?.id).toBe(id)
    expect((await cliClient(testServer(), id).listBots({})).bots).toEqual([])
    await expect(testServer().client({ token: 'bp_pat_wrong' }).listWorkspaces({})).rejects.toThrow()
  })

  test('bp bots create --if-not-exists, ls, get, rm', async () => {
    const client = cliClient(testServer(), (await newWorkspace(testServer())).id)
    const ensure = async (name: string): Promise<string> => {
      const existing = (await allBots(client)).find((bot) => bot.name === name)
      return existing?.id ?? (await client.createBot({ name })).bot.id
    }
    const id = await ensure('steady')
    expect(await ensure('steady')).toBe(id)
    expect(id).toMatch(/^bot_[0-9A-HJKMNP-TV-Z]{26}$/)
    expect((await allBots(client, false)).map((bot) => bot.id)).toEqual([id])
    expect(await allBots(client, true)).toEqual([])
    expect((await client.getBot({ id })).bot.name).toBe('steady')
    await client.deleteBot({ id })
    expect(await allBots(client)).toEqual([])
  })

  test('bp dev: a dev bot behind a tunnel that moves', async () => {
    const client = cliClient(testServer(), (await newWorkspace(testServer())).id)
    await expect(client.getBot({ id: 'devbot_01ARZ3NDEKTSV4RRFFQ69G5FAV' })).rejects.toBeInstanceOf(
      ResourceNotFoundError,
    )
    const { bot } = await client.createBot({ dev: true, url: 'https://tunnel.example.org/1' })
    expect(bot).toMatchObject({ dev: true, id: expect.stringMatching(/^devbot_/) })
    expect(bot).not.toHaveProperty('url')
    const update = { id: bot.id, url: 'https://tunnel.example.org/2', authentication: 'hmac-sha256' } as const
    expect((await client.updateBot(update)).bot.dev).toBe(true)
    expect((await allBots(client, true)).map(({ id }) => id)).toEqual([bot.id])
    expect(await allBots(client)).toEqual([])
  })

  test('bp init: checks a handle and claims it', async () => {
    const { id } = await newWorkspace(testServer())
    const client = cliClient(testServer(), id)
    expect((await client.getWorkspace({ id })).handle).toBeUndefined()
    expect(await client.checkHandleAvailability({ handle: 'init-corp' })).toEqual({ available: true, suggestions: [] })
    expect((await client.updateWorkspace({ id, handle: 'init-corp' })).handle).toBe('init-corp')
    const [mine, ...others] = (await client.listWorkspaces({ handle: 'init-corp' })).workspaces
    expect(mine?.id).toBe(id)
    expect(others).toEqual([])
    expect((await client.listWorkspaces({ handle: 'init-cor' })).workspaces).toEqual([])
  })

  test('a creation that is repeated, as after a broken connection, makes one bot', async () => {
    const { id } = await newWorkspace(testServer())
    const { token } = testServer().owner
    const client = testServer().client({ token, workspaceId: id, headers: { 'idempotency-key': 'one-and-the-same' } })
    const made = await Promise.all(Array.from({ length: 5 }, () => client.createBot({ name: 'once' })))
    expect(new Set(made.map(({ bot }) => bot.id)).size).toBe(1)
    expect(made.at(-1)).toEqual(made[0])
    expect(await allBots(testServer().owner.client(id))).toHaveLength(1)
    await expect(client.createBot({ name: 'another' })).rejects.toThrow(/idempotency/i)
  })

  test('what is not there yet is not found, and in a form that makes the CLI go on', async () => {
    const client = cliClient(testServer(), (await newWorkspace(testServer())).id)
    const name = 'acme/crm'
    const version = '>=1.0.0 <2.0.0-0'
    await expect(client.getIntegrationByName({ name, version })).rejects.toBeInstanceOf(ResourceNotFoundError)
    await expect(client.getPublicIntegration({ name, version })).rejects.toBeInstanceOf(ResourceNotFoundError)
    await expect(client.listTables({})).rejects.toBeInstanceOf(ResourceNotFoundError)
  })

  describe('keys and people', () => {
    test('the key of a bot introspects, as sibling services do, until it is revoked', async () => {
      const { id, client } = await newWorkspace(testServer())
      const { bot } = await client.createBot({ name: 'served' })
      const other = (await client.createBot({ name: 'other' })).bot
      const key = await client.createBotApiKey({ botId: bot.id, note: 'runtime' })
      const service = testServer().client({ token: key.value, botId: bot.id })
      expect(await service.introspect({ botId: bot.id })).toEqual({
        workspaceId: id,
        botId: bot.id,
        userId: testServer().owner.userId,
      })
      await expect(service.introspect({ botId: other.id })).rejects.toMatchObject({ type: 'Forbidden' })
      await client.deleteBotApiKey({ id: key.id })
      await expect(service.introspect({ botId: bot.id })).rejects.toMatchObject({ type: 'Unauthorized' })
    })

    test('an allowlist hides a bot from the members that are not on it', async () => {
      const { id, client } = await newWorkspace(testServer())
      const { bot } = await client.createBot({ name: 'discreet' })
      const guest = await testServer().stranger()
      await client.createWorkspaceMember({ email: guest.email, role: 'developer' })
      const theirs = guest.client(id)
      expect(await allBots(theirs)).toHaveLength(1)

      await client.updateBotAllowlist({ botId: bot.id, setting: 'SELECTED_USERS' })
      expect(await allBots(theirs)).toEqual([])
      await expect(theirs.getBot({ id: bot.id })).rejects.toBeInstanceOf(ResourceNotFoundError)
      await expect(theirs.introspect({ botId: bot.id })).rejects.toMatchObject({ type: 'Forbidden' })
      expect(await allBots(client)).toHaveLength(1)

      await client.updateBotAllowlist({ botId: bot.id, users: { [guest.userId]: true } })
      expect((await theirs.getBot({ id: bot.id })).bot.name).toBe('discreet')
      await expect(theirs.getBotAllowlist({ botId: bot.id })).rejects.toMatchObject({ type: 'Forbidden' })
      await client.updateBotAllowlist({ botId: bot.id, users: { [guest.userId]: false } })
      await expect(theirs.getBot({ id: bot.id })).rejects.toBeInstanceOf(ResourceNotFoundError)
      await client.updateBotAllowlist({ botId: bot.id, setting: 'ALL_WORKSPACE_USERS' })
      expect(await allBots(theirs)).toHaveLength(1)
    })

    test('signing secrets are shown where they are made and nowhere else', async () => {
      const { client } = await newWorkspace(testServer())
      const { bot } = await client.createBot({ name: 'signed' })
      expect(bot.signingSecret).toMatch(/^[\w-]{43}$/)
      const shown = new Set([bot.signingSecret])
      for (let turn = 0; turn < 6; turn++)
        shown.add((await client.rotateBotSigningSecrets({ id: bot.id })).newSigningSecret)
      expect(shown.size).toBe(7)
      const later = JSON.stringify([
        await client.getBot({ id: bot.id }),
        await client.updateBot({ id: bot.id, name: 'signed again' }),
        await client.getBotJson({ id: bot.id }),
      ])
      for (const secret of shown) expect(later).not.toContain(secret)
    })
  })
})
