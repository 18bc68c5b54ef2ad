import * as botpress from '@botpress/client'
import { isApiError, RateLimitedError, type ApiError, type Client } from '@botpress/client'
import { beforeAll, describe, expect, test } from 'vitest'
import { newWorkspace, onBothEngines, type Person, type TestServer } from './server.testing.ts'

type ErrorClass = abstract new (...args: never[]) => ApiError

interface Fixture {
  testServer: TestServer
  workspaceId: string
  /** The owner's client for that workspace. */
  client: Client
  /** Somebody who is a viewer there. */
  viewer: Person
  botId: string
  otherBotId: string
}

/** An id that looks right and names nothing. */
const nowhere = 'bot_01ARZ3NDEKTSV4RRFFQ69G5FAV'

/** How a client of this operations can meet each type, in several ways where it matters. */
const provocations: Record<string, [type: botpress.ErrorType, provoke: (fixture: Fixture) => Promise<unknown>]> = {
  'no token': ['Unauthorized', ({ testServer }) => testServer.client({}).getAccount({})],
  'a token that is none': [
    'Unauthorized',
    ({ testServer }) => testServer.client({ token: 'bp_pat_nonsense' }).getAccount({}),
  ],
  'a role that is not enough': [
    'Forbidden',
    ({ viewer, workspaceId }) => viewer.client(workspaceId).createBot({ name: 'not mine to make' }),
  ],
  'the key of a bot on an admin route': [
    'Forbidden',
    async ({ testServer, client, botId }) => {
      const { value } = await client.createBotApiKey({ botId })
      return testServer.client({ token: value }).getBot({ id: botId })
    },
  ],
  'introspecting a bot one may not see': ['Forbidden', ({ client }) => client.introspect({ botId: nowhere })],
  'an unknown bot': ['ResourceNotFound', ({ client }) => client.getBot({ id: nowhere })],
  "a stranger's bot": [
    'ResourceNotFound',
    async ({ testServer, botId }) => (await testServer.stranger()).client().getBot({ id: botId }),
  ],
  "a stranger's workspace": [
    'ResourceNotFound',
    async ({ testServer, workspaceId }) => (await testServer.stranger()).client().getWorkspace({ id: workspaceId }),
  ],
  'an id with a slash in it': ['ResourceNotFound', ({ client }) => client.getBot({ id: '../account/me' })],
  'an unknown route': [
    'ResourceNotFound',
    ({ testServer }) =>
      testServer.client({ apiUrl: `${testServer.server.url}/nowhere`, token: testServer.owner.token }).getAccount({}),
  ],
  'a route without this method': ['MethodNotFound', ({ client }) => client.deleteBot({ id: 'baks' })],
  'a body of another type': [
    'UnsupportedMediaType',
    ({ testServer }) =>
      testServer
        .client({ token: testServer.owner.token, headers: { 'content-type': 'text/plain' } })
        .createWorkspace({ name: 'plain' }),
  ],
  'a body that is not as declared': ['InvalidPayload', ({ client }) => client.createWorkspace({ name: '' })],
  'no workspace header': ['InvalidPayload', ({ testServer }) => testServer.owner.client().createBot({})],
  'a list without the workspace header': ['InvalidPayload', ({ testServer }) => testServer.owner.client().listBots({})],
  'a query that is not as declared': ['InvalidQuery', ({ client }) => client.listBots({ pageSize: -1 })],
  'a cursor that is none': ['InvalidQuery', ({ client }) => client.listBots({ nextToken: 'nonsense' })],
  'a cursor of other filters': [
    'InvalidQuery',
    async ({ client }) => {
      const { meta } = await client.listBots({ pageSize: 1 })
      return client.listBots({ pageSize: 1, tags: { team: 'a' }, ...meta })
    },
  ],
  'a schema that is none': [
    'InvalidJsonSchema',
    ({ client, botId }) => client.updateBot({ id: botId, configuration: { schema: { type: 'nonsense' } } }),
  ],
  'a configuration that does not fit its schema': [
    'InvalidDataFormat',
    ({ client, botId }) => {
      const schema = { type: 'object', properties: { port: { type: 'number' } }, required: ['port'] }
      return client.updateBot({ id: botId, configuration: { schema, data: { port: 'high' } } })
    },
  ],
  'a definition with a name that will not do': [
    'InvalidIdentifier',
    ({ client, botId }) => client.updateBot({ id: botId, events: { 'Not A Name': { schema: {} } } }),
  ],
  'a secret with a name that will not do': [
    'InvalidIdentifier',
    ({ client, botId }) => client.updateBot({ id: botId, secrets: { 'lower-case': 'x' } }),
  ],
  'installing what does not exist': [
    'ReferenceNotFound',
    ({ client, botId }) =>
      client.updateBot({ id: botId, integrations: { chat: { integrationId: `intver_${nowhere.slice(4)}` } } }),
  ],
  'transferring to where one cannot see': [
    'ReferenceNotFound',
    ({ client, botId }) => client.transferBot({ id: botId, targetWorkspaceId: `wkspace_${nowhere.slice(4)}` }),
  ],
  'deploying a version that does not exist': [
    'ReferenceNotFound',
    ({ client, botId }) => client.deployBotVersion({ id: botId, versionId: `botver_${nowhere.slice(4)}` }),
  ],
  'deploying a version of another bot': [
    'RelationConflict',
    async ({ client, botId, otherBotId }) => {
      const { version } = await client.createBotVersion({ id: otherBotId, name: 'theirs' })
      return client.deployBotVersion({ id: botId, versionId: version.id })
    },
  ],
  'deleting the account while owning workspaces': [
    'ReferenceConstraint',
    async ({ testServer }) => {
      const person = (await testServer.stranger()).client()
      await person.createWorkspace({ name: 'in use' })
      return person.deleteAccount({})
    },
  ],
  'deleting the last workspace of an account': [
    'ReferenceConstraint',
    async ({ testServer }) => {
      const person = (await testServer.stranger()).client()
      const [only] = await person.list.workspaces({}).collect()
      return person.deleteWorkspace({ id: only?.id ?? '' })
    },
  ],
  'a handle that is taken': [
    'AlreadyExists',
    async ({ testServer, client, workspaceId }) => {
      await client.updateWorkspace({ id: workspaceId, handle: 'first-come' })
      const other = await newWorkspace(testServer)
      return other.client.updateWorkspace({ id: other.id, handle: 'first-come' })
    },
  ],
  'a member twice': [
    'AlreadyExists',
    ({ client, viewer }) => client.createWorkspaceMember({ email: viewer.email, role: 'developer' }),
  ],
  'more definitions than a bot may have': [
    'LimitExceeded',
    ({ client, botId }) => {
      const events = Array.from({ length: 21 }, (_, index) => [`event${index}`, { schema: { type: 'object' } }])
      return client.updateBot({ id: botId, events: Object.fromEntries(events) })
    },
  ],
  'a value larger than its place': [
    'PayloadTooLarge',
    ({ client }) => client.setWorkspacePreference({ key: 'large', value: 'x'.repeat(200 * 1024) }),
  ],
  'a body larger than the route takes': [
    'PayloadTooLarge',
    ({ client }) => client.createWorkspace({ name: 'x'.repeat(2 * 1024 * 1024) }),
  ],
  'code larger than 64 MiB': [
    'PayloadTooLarge',
    ({ client, botId }) => client.updateBot({ id: botId, code: 'x'.repeat(65 * 1024 * 1024) }),
  ],
}

/** Types that no operation of this issue answers through the official client, and why. */
const beyond: Partial<Record<botpress.ErrorType, string>> = {
  RateLimited: 'has a server of its own, below',
  ResourceGone: 'expired download links and invitations are followed without the client',
  ResourceLockedConflict: 'two racing moves of one workspace, which the contract cannot start',
  OperationTimeout: 'a body that never arrives; the client sends whole ones',
  QuotaExceeded: 'quotas are a later issue',
  PaymentRequired: 'billing is a later issue',
  BreakingChanges: 'integrations are a later issue',
  Runtime: 'running bots is a later issue',
  Internal: 'would be a defect',
  Unknown: 'would be a defect',
}

async function thrownBy(work: () => Promise<unknown>): Promise<unknown> {
  try {
    await work()
  } catch (error) {
    return error
  }
  throw new Error('It was not refused.')
}

/** What matters of an error that the client threw. @throws what is no error of the API. */
function told(error: unknown): object {
  if (!isApiError(error)) throw error
  const { [`${error.type}Error`]: Class } = botpress as unknown as Record<string, ErrorClass>
  const { type, message, id, metadata } = error
  return { type, message, id, metadata, isOfItsClass: Class !== undefined && error instanceof Class }
}

/** What must hold of an error of this type. */
const refusal = (type: botpress.ErrorType): object => ({
  type,
  message: expect.stringMatching(/^.{10,}$/),
  id: expect.stringMatching(/^err_\d{14}x[0-9A-F]{8}$/),
  metadata: expect.any(Object),
  isOfItsClass: true,
})

onBothEngines('refusals, by the classes of the official client', (testServer) => {
  let fixture: Fixture
  beforeAll(async () => {
    const { id, client } = await newWorkspace(testServer())
    const viewer = await testServer().stranger()
    await client.createWorkspaceMember({ email: viewer.email, role: 'viewer' })
    const { bot } = await client.createBot({ name: 'one' })
    const other = await client.createBot({ name: 'two' })
    fixture = { testServer: testServer(), workspaceId: id, client, viewer, botId: bot.id, otherBotId: other.bot.id }
  })

  test.each(Object.entries(provocations))('%s', async (_, [type, provoke]) => {
    expect(told(await thrownBy(() => provoke(fixture)))).toEqual(refusal(type))
  })

  test('the HTTP status is that of the type, and the body has exactly five keys', async () => {
    const response = await fetch(`${fixture.testServer.server.url}/v1/admin/bots/${nowhere}`, {
      headers: { authorization: `Bearer ${fixture.testServer.owner.token}` },
    })
    expect(response.status).toBe(404)
    const body = (await response.json()) as object
    expect(Object.keys(body)).toEqual(['id', 'code', 'type', 'message', 'metadata'])
    expect(body).toMatchObject({ code: 404, type: 'ResourceNotFound' })
  })
})

onBothEngines(
  'too many calls',
  (testServer) => {
    test('RateLimited, with the headers that tell how long to wait', async () => {
      const me = testServer().owner.client()
      const calls = Array.from({ length: 60 }, () => me.getAccount({}))
      const refused = (await Promise.allSettled(calls)).filter((result) => result.status === 'rejected')
      expect(refused.length).toBeGreaterThan(0)
      for (const { reason } of refused) expect(reason).toBeInstanceOf(RateLimitedError)
      expect(told(refused[0]?.reason)).toEqual(refusal('RateLimited'))
      const headers = { authorization: `Bearer ${testServer().owner.token}` }
      const response = await fetch(`${testServer().server.url}/v1/admin/account/me`, { headers })
      for (const name of ['ratelimit-limit', 'ratelimit-remaining', 'ratelimit-reset'])
        expect(response.headers.get(name)).toMatch(/^\d+$/)
    })
  },
  { STEWARD_RATE_LIMIT: '2' },
)

describe('the list of refusals', () => {
  test('has every error type the client knows, or says why not', () => {
    const known = Object.keys(botpress).flatMap((name) => /^([A-Z]\w+)Error$/.exec(name)?.[1] ?? [])
    const types = known.filter((name) => name !== 'UploadFile')
    expect(types).toHaveLength(26)
    const provoked = Object.values(provocations).map(([type]) => type)
    expect([...new Set([...provoked, ...Object.keys(beyond)])].toSorted()).toEqual(types.toSorted())
  })
})
