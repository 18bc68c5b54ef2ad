import { ForbiddenError, InvalidQueryError, ResourceNotFoundError, UnauthorizedError } from '@botpress/client'
import { expect, test } from 'vitest'
import { checkAnswer, operationIds, type OpenApi } from './contract.testing.ts'
import { newWorkspace, onBothEngines } from './server.testing.ts'

interface Axios {
  interceptors: { request: { use(change: (config: object) => object): void } }
}

test('an answer that is not as the contract says would be noticed', () => {
  const account = { id: 'a', email: 'a@example.org', emailVerified: true, createdAt: '2026-01-01T00:00:00.000Z' }
  expect(() => checkAnswer('getAccount', { account })).not.toThrow()
  expect(() => checkAnswer('getAccount', account)).toThrow(/account/)
  expect(() => checkAnswer('getAccount', { account: { ...account, createdAt: 'today' } })).toThrow(/date-time/)
  expect(() => checkAnswer('getAccount', { account: { ...account, nickname: 'A' } })).toThrow(/additional properties/)
  expect(() => checkAnswer('listBots', { bots: [] })).toThrow(/meta/)
  expect(() => checkAnswer('noSuchOperation', {})).toThrow(/no operation/)
})

/*
 * Every operation, driven through the official client over HTTP. The client of the server holds each answer against the
 * contract's schema; the tests here look at what the answers say.
 */
onBothEngines('every operation of the contract', (testServer) => {
  test('the profile: getAccount, updateAccount', async () => {
    const me = testServer().owner.client()
    const { account } = await me.getAccount({})
    expect(account.id).toBe(testServer().owner.userId)
    const changed = await me.updateAccount({ displayName: 'Ada Lovelace', profilePicture: 'https://example.org/a.png' })
    expect(changed.account).toEqual({
      ...account,
      displayName: 'Ada Lovelace',
      profilePicture: 'https://example.org/a.png',
    })
    expect(await me.getAccount({})).toEqual(changed)
  })

  test('personal access tokens: create, list, delete', async () => {
    const me = testServer().owner.client()
    const { pat } = await me.createPersonalAccessToken({ note: 'for a script' })
    expect(pat).toMatchObject({ note: 'for a script', value: expect.stringMatching(/^bp_pat_/) })
    const { pats } = await me.listPersonalAccessTokens({})
    expect(pats.find(({ id }) => id === pat.id)).toMatchObject({ note: 'for a script', createdAt: pat.createdAt })
    expect(JSON.stringify(pats)).not.toContain(pat.value)

    const script = testServer().client({ token: pat.value })
    expect((await script.getAccount({})).account.id).toBe(testServer().owner.userId)
    expect(await script.deletePersonalAccessToken({ id: pat.id })).toEqual({})
    await expect(script.getAccount({})).rejects.toBeInstanceOf(UnauthorizedError)
  })

  test('preferences of a person: any JSON, null too, nothing for an unknown key', async () => {
    const me = testServer().owner.client()
    const key = 'console/theme.dark mode'
    expect(await me.getAccountPreference({ key })).toEqual({})
    for (const value of [{ deep: [1, { null: null }] }, 'text', 0, false, null]) {
      expect(await me.setAccountPreference({ key, value })).toEqual({})
      expect(await me.getAccountPreference({ key })).toEqual({ value })
    }
    await me.setAccountPreference({ key })
    expect(await me.getAccountPreference({ key })).toEqual({})
  })

  test('deleteAccount ends the person and their tokens', async () => {
    const person = await testServer().stranger()
    await expect(person.client().deleteAccount({})).rejects.toBeInstanceOf(ForbiddenError)
    const client = person.client()
    // The contract has no body here: what we ask for beyond it, the script adds to the request.
    const { interceptors } = Reflect.get(client, 'axiosInstance') as Axios
    interceptors.request.use((config) => ({ ...config, data: { confirmEmail: person.email } }))
    expect(await client.deleteAccount({})).toEqual({})
    await expect(person.client().getAccount({})).rejects.toBeInstanceOf(UnauthorizedError)
  })

  test('a workspace: create, get, update, list by handle, delete', async () => {
    const me = testServer().owner.client()
    const made = await me.createWorkspace({ name: 'Acme', billingVersion: 'v4' })
    expect(made).toMatchObject({ name: 'Acme', ownerId: testServer().owner.userId, botCount: 0, blocked: false })
    expect(made.handle).toBeUndefined()
    const profile = {
      name: 'Acme & Sons',
      about: 'Anvils',
      website: 'https://acme.example.org',
      contactEmail: 'hi@acme.example.org',
      socialAccounts: ['https://social.example.org/acme'],
      handle: 'acme-sons',
      isPublic: true,
      spendingLimit: 12.5,
    }
    const updated = await me.updateWorkspace({ id: made.id, ...profile })
    expect(updated).toMatchObject(profile)
    expect(updated.updatedAt >= made.updatedAt).toBe(true)
    expect(await me.getWorkspace({ id: made.id })).toEqual(updated)
    const { workspaces, meta } = await me.listWorkspaces({ handle: 'acme-sons' })
    expect(workspaces).toEqual([updated])
    expect(meta).toEqual({})
    expect(await me.deleteWorkspace({ id: made.id })).toEqual({})
    await expect(me.getWorkspace({ id: made.id })).rejects.toBeInstanceOf(ResourceNotFoundError)
  })

  test('the directory: getPublicWorkspace, listPublicWorkspaces, checkHandleAvailability', async () => {
    const { id, client } = await newWorkspace(testServer(), 'Open Endpoints')
    const visitor = (await testServer().stranger()).client()
    expect(await visitor.checkHandleAvailability({ handle: 'open-endpoints' })).toEqual({
      available: true,
      suggestions: [],
    })
    await expect(visitor.getPublicWorkspace({ id })).rejects.toBeInstanceOf(ResourceNotFoundError)

    await client.updateWorkspace({ id, handle: 'open-endpoints', isPublic: true, about: 'Come in' })
    const shown = await visitor.getPublicWorkspace({ id })
    expect(shown).toMatchObject({ id, name: 'Open Endpoints', about: 'Come in', handle: 'open-endpoints' })
    expect(shown).not.toHaveProperty('spendingLimit')
    // A list of one id reaches the server as a scalar.
    expect((await visitor.listPublicWorkspaces({ workspaceIds: [id] })).workspaces).toEqual([shown])
    expect((await visitor.listPublicWorkspaces({ search: 'open endpoint' })).workspaces).toEqual([shown])
    const taken = await visitor.checkHandleAvailability({ handle: 'open-endpoints' })
    expect(taken).toMatchObject({ available: false, usedBy: id })
    expect(taken.suggestions.length).toBeGreaterThan(0)
    const [suggestion = ''] = taken.suggestions
    expect((await visitor.checkHandleAvailability({ handle: suggestion })).available).toBe(true)
  })

  test('preferences of a workspace', async () => {
    const { client } = await newWorkspace(testServer())
    expect(await client.getWorkspacePreference({ key: 'home/layout' })).toEqual({})
    expect(await client.setWorkspacePreference({ key: 'home/layout', value: { columns: [1, 2] } })).toEqual({})
    expect(await client.getWorkspacePreference({ key: 'home/layout' })).toEqual({ value: { columns: [1, 2] } })
  })

  test('members: create, list, own, update, delete', async () => {
    const { id, client } = await newWorkspace(testServer())
    const guest = await testServer().stranger()
    expect(await client.getWorkspaceMember({})).toMatchObject({ userId: testServer().owner.userId, role: 'owner' })
    const member = await client.createWorkspaceMember({ email: guest.email, role: 'viewer', sendEmail: false })
    expect(member).toMatchObject({ userId: guest.userId, email: guest.email, role: 'viewer' })
    const pending = await client.createWorkspaceMember({ email: 'nobody.yet@example.org', role: 'developer' })
    expect(pending.userId).toBeUndefined()
    const { members } = await client.listWorkspaceMembers({})
    expect(members.map(({ role }) => role)).toEqual(['owner', 'viewer', 'developer'])

    const promoted = await client.updateWorkspaceMember({ id: member.id, role: 'manager' })
    expect(promoted).toEqual({ ...member, role: 'manager' })
    expect(await guest.client(id).getWorkspaceMember({})).toEqual(promoted)
    expect(await client.deleteWorkspaceMember({ id: member.id })).toEqual({})
    await expect(guest.client(id).getWorkspaceMember({})).rejects.toBeInstanceOf(ResourceNotFoundError)
  })

  test('a bot: create, get, list, update, transfer, delete, introspect', async () => {
    const { id: home, client } = await newWorkspace(testServer())
    const { id: away } = await newWorkspace(testServer(), 'Elsewhere')
    const unnamed = (await client.createBot({})).bot
    expect(unnamed.name).not.toBe('')
    const { bot } = await client.createBot({ name: 'greeter', tags: { team: 'a b', 'x.y': 'z' } })
    const { signingSecret, ...stored } = bot
    const got = (await client.getBot({ id: bot.id })).bot
    expect(got).toMatchObject(stored)
    expect(got.signingSecret).not.toBe(signingSecret)
    expect((await client.listBots({ tags: { team: 'a b', 'x.y': 'z' } })).bots.map(({ id }) => id)).toEqual([bot.id])
    expect((await client.listBots({})).bots).toHaveLength(2)
    expect((await client.getWorkspace({ id: home })).botCount).toBe(2)

    const updated = (await client.updateBot({ id: bot.id, name: 'greeter 2', description: 'Says hello' })).bot
    expect(updated).toMatchObject({ name: 'greeter 2', description: 'Says hello', tags: { team: 'a b', 'x.y': 'z' } })
    expect(await client.introspect({ botId: bot.id })).toEqual({
      botId: bot.id,
      workspaceId: home,
      userId: testServer().owner.userId,
    })

    expect(await client.transferBot({ id: bot.id, targetWorkspaceId: away })).toEqual({})
    await expect(client.getBot({ id: bot.id })).rejects.toBeInstanceOf(ResourceNotFoundError)
    const there = testServer().owner.client(away)
    expect((await there.getBot({ id: bot.id })).bot.name).toBe('greeter 2')
    expect(await there.deleteBot({ id: bot.id })).toEqual({})
    expect((await there.listBots({})).bots).toEqual([])
  })

  test('access to a bot: keys, allowlist, signing secrets', async () => {
    const { client } = await newWorkspace(testServer())
    const { bot } = await client.createBot({ name: 'guarded' })
    const key = await client.createBotApiKey({ botId: bot.id })
    expect(key).toMatchObject({ note: '', value: expect.stringMatching(/^bp_bak_/) })
    expect((await client.listBotApiKeys({ botId: bot.id })).baks).toEqual([
      { id: key.id, createdAt: key.createdAt, note: '' },
    ])
    expect(await client.deleteBotApiKey({ id: key.id })).toEqual({})
    expect((await client.listBotApiKeys({ botId: bot.id })).baks).toEqual([])

    expect(await client.getBotAllowlist({ botId: bot.id })).toEqual({ setting: 'ALL_WORKSPACE_USERS', users: [] })
    const { userId } = testServer().owner
    const change = { botId: bot.id, setting: 'SELECTED_USERS', users: { [userId]: true } } as const
    expect(await client.updateBotAllowlist(change)).toEqual({})
    expect(await client.getBotAllowlist({ botId: bot.id })).toEqual({
      setting: 'SELECTED_USERS',
      users: [{ id: userId }],
    })

    const { newSigningSecret } = await client.rotateBotSigningSecrets({ id: bot.id })
    expect(newSigningSecret).toMatch(/^[\w-]{43}$/)
    expect(newSigningSecret).not.toBe(bot.signingSecret)
  })

  test('versions and documents: save, list, link, deploy, export, publish', async () => {
    const { client } = await newWorkspace(testServer())
    const { bot } = await client.createBot({ name: 'versioned', code: 'exports.answer = 1' })
    const { version } = await client.createBotVersion({ id: bot.id, name: 'one', description: 'the first' })
    expect(version).toMatchObject({ name: 'one', description: 'the first' })
    expect((await client.listBotVersions({ id: bot.id })).versions).toContainEqual(expect.objectContaining(version))
    const { url } = await client.getBotVersion({ id: bot.id, versionId: version.id })
    expect(url.startsWith(testServer().server.url)).toBe(true)

    await client.updateBot({ id: bot.id, code: 'exports.answer = 2' })
    const botJson = await client.getBotJson({ id: bot.id })
    expect(botJson['code']).toBe('exports.answer = 2')
    expect(await client.deployBotVersion({ id: bot.id, versionId: version.id })).toEqual({})
    expect((await client.getBotJson({ id: bot.id }))['code']).toBe('exports.answer = 1')
    expect(await client.publishFromBotJson({ id: bot.id, botJson })).toMatchObject({ id: bot.id })
    expect((await client.getBotJson({ id: bot.id }))['code']).toBe('exports.answer = 2')
  })

  test('getAuditRecords tells who did what, newest first, in both workspaces of a transfer', async () => {
    const { id: home, client } = await newWorkspace(testServer())
    const { id: away } = await newWorkspace(testServer(), 'Elsewhere')
    const { bot } = await client.createBot({ name: 'watched' })
    await client.updateBot({ id: bot.id, code: 'void 0' })
    await client.transferBot({ id: bot.id, targetWorkspaceId: away })
    const { records } = await client.getAuditRecords({ id: home })
    expect(records.map(({ action }) => action)).toEqual([
      'TRANSFER_BOT',
      'DEPLOY_BOT',
      'CREATE_BOT',
      'CREATE_WORKSPACE',
    ])
    expect(records[0]).toMatchObject({
      userId: testServer().owner.userId,
      userEmail: testServer().owner.email,
      resourceId: bot.id,
      resourceName: 'watched',
    })
    const there = await client.getAuditRecords({ id: away })
    expect(there.records[0]).toMatchObject({ action: 'TRANSFER_BOT', resourceId: bot.id })
  })

  test('quotas: what a workspace may use, how full it is, and the AI budget that it sets itself', async () => {
    const me = testServer().owner.client()
    const { id } = await me.createWorkspace({ name: 'Quotas' })
    const client = testServer().owner.client(id)
    const { quotas } = await client.listWorkspaceQuotas({ id })
    expect(quotas).toHaveLength(15)
    expect(new Set(quotas.map(({ value }) => value))).toEqual(new Set([Number.MAX_SAFE_INTEGER]))
    expect(await client.changeAISpendQuota({ monthlySpendingLimit: 8.03 })).toEqual({})
    const { quota } = await client.getWorkspaceQuota({ id, type: 'ai_spend' })
    expect(quota).toEqual({ type: 'ai_spend', value: 8_030_000_000, period: quotas[0]?.period })
    const completions = await me.getAllWorkspaceQuotaCompletion({})
    expect(completions[id]?.completion).toBe(0)
    await expect(client.getWorkspaceQuota({ id, type: 'ai_spend', period: 'soon' })).rejects.toBeInstanceOf(
      InvalidQueryError,
    )
  })

  test('nothing that the server offers was left out', async () => {
    const served = (await (await fetch(`${testServer().server.url}/openapi.json`)).json()) as OpenApi
    // What goes beyond the contract has routes of its own, which the official client does not know.
    const paths = Object.entries(served.paths).filter(([path]) => !path.startsWith('/v1/steward/'))
    expect([...testServer().driven].toSorted()).toEqual(operationIds({ ...served, paths: Object.fromEntries(paths) }))
    expect(testServer().driven.size).toBe(47)
  })
})
