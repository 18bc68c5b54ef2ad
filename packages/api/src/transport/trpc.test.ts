import { createTRPCClient, httpBatchLink, httpBatchStreamLink, httpLink } from '@trpc/client'
import { fetchRequestHandler } from '@trpc/server/adapters/fetch'
import { freshDatabase } from '@steward/db/testing'
import { openStores } from '@steward/db'
import fc from 'fast-check'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Actor, Context } from '../core/context.ts'
import { anonymous, seedPerson, seedToken, seedWorkspace, testApp, testRequest } from '../core/app.testing.ts'
import { createEndpoints } from './api.ts'
import { nodeListener } from './http.testing.ts'
import { echoRouter } from './echo-router.testing.ts'

type Echo = typeof echoRouter

async function attachStores() {
  const database = await freshDatabase('sqlite')
  const stores = await openStores(database.options)
  const { app } = testApp(stores)
  const owner = await seedPerson(app, 'owner@example.com')
  const workspaceId = await seedWorkspace(app, owner)
  const token = await seedToken(app, owner)
  const api = createEndpoints(app, echoRouter)
  const server = createServer(nodeListener((incoming) => api.respond(incoming)))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const close = async (): Promise<void> => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
    await api.close()
    await stores.close()
    await database.remove()
  }
  return { app, owner, workspaceId, token: token.value, api, url, close }
}

let at: Awaited<ReturnType<typeof attachStores>>
beforeAll(async () => {
  at = await attachStores()
})
afterAll(() => at.close())

/** The same request through the library's own adapter. */
function stock(request: Request, actor: Actor): Promise<Response> {
  const ctx: Context = { app: at.app, actor, request: testRequest }
  return fetchRequestHandler({
    endpoint: '/trpc',
    router: echoRouter,
    req: request,
    createContext: () => ctx,
    maxBatchSize: 100,
  })
}

/** What our endpoint tells about requests that cannot be read, where the library's words reach nobody. */
const ourWords = [
  'The body is not valid JSON.',
  'The parameter "input" is not valid JSON.',
  'The input of a batch must be an object keyed by position.',
  'One batch cannot mix query and mutation.',
  'One batch cannot mix mutation and query.',
]

/** Error ids are random; everything else must agree, byte for byte. */
const comparable = async (response: Response) => ({
  status: response.status,
  vary: response.headers.get('vary'),
  body: ourWords.reduce(
    (text, words) => text.replaceAll(JSON.stringify(words), '"The request could not be read."'),
    (await response.text()).replaceAll(/err_\d{14}x[0-9A-F]{8}/g, 'err'),
  ),
})

describe('the tRPC endpoint answers as the library’s own adapter does', () => {
  const paths = [
    'setup.status',
    'setup.claim',
    'bot.list',
    'bot.create',
    'bot.read',
    'workspace.listPublic',
    'workspace.getPublic',
    'workspace.update',
    'fail.inside',
    'fail.known',
    'nothing',
    '',
    'bot',
    'toString',
    '__proto__',
    'bot.list/x',
    'b%6ft.list',
  ]
  const input = (workspaceId: string) =>
    fc.oneof(
      fc.constant(undefined),
      fc.constant({}),
      fc.record({ id: fc.string(), workspaceId: fc.constantFrom(workspaceId, 'foreign') }),
      fc.record({
        workspaceId: fc.constant(workspaceId),
        name: fc.oneof(fc.string({ unit: 'grapheme' }), fc.integer()),
      }),
      fc.record({ name: fc.string(), pageSize: fc.oneof(fc.integer(), fc.string()) }),
      fc.jsonValue(),
    )

  const request = (workspaceId: string) =>
    fc.record({
      paths: fc.array(fc.constantFrom(...paths), { minLength: 1, maxLength: 4 }),
      inputs: fc.array(input(workspaceId), { minLength: 4, maxLength: 4 }),
      raw: fc.option(fc.constantFrom('', '{', 'null', '[]', '1', '"x"', '{"0":{}}'), { nil: null, freq: 6 }),
      batch: fc.boolean(),
      method: fc.constantFrom('GET', 'POST', 'GET', 'POST', 'PUT', 'DELETE', 'HEAD'),
      anonymous: fc.boolean(),
      slash: fc.boolean(),
    })

  it('for any request', async () => {
    await fc.assert(
      fc.asyncProperty(request(at.workspaceId), async (asked) => {
        const names = asked.batch ? asked.paths.join(',') : (asked.paths[0] ?? '')
        const value = asked.batch ? Object.assign({}, asked.inputs.slice(0, asked.paths.length)) : asked.inputs[0]
        const text = asked.raw ?? JSON.stringify(value)
        const isRead = asked.method === 'GET' || asked.method === 'HEAD'
        const params = [asked.batch && 'batch=1', isRead && text !== undefined && `input=${encodeURIComponent(text)}`]
        const query = params.filter(Boolean).join('&')
        const url = `http://127.0.0.1:7420/trpc/${names}${asked.slash ? '/' : ''}${query && `?${query}`}`
        const make = () =>
          new Request(url, {
            method: asked.method,
            headers: isRead ? {} : { 'content-type': 'application/json' },
            body: isRead ? null : (text ?? null),
          })
        const actor = asked.anonymous ? anonymous : at.owner.actor
        expect(await comparable(await at.api.handle(make(), actor))).toEqual(
          await comparable(await stock(make(), actor)),
        )
      }),
      { numRuns: 1500 },
    )
  })
})

describe('the tRPC endpoint', () => {
  const json = { 'content-type': 'application/json' }
  const ask = async (target: string, init: RequestInit = {}) => {
    const headers = { authorization: `Bearer ${at.token}`, ...(init.headers as Record<string, string>) }
    const response = await fetch(`${at.url}${target}`, { ...init, headers })
    return { status: response.status, headers: response.headers, body: (await response.json()) as never }
  }

  it('refuses with the envelope in the data', async () => {
    const post = { method: 'POST', body: '{}' }
    const rows: [string, RequestInit, number, string][] = [
      ['/trpc/nothing', {}, 404, 'ResourceNotFound'],
      ['/trpc/bot.list', { headers: { authorization: 'Bearer x' } }, 401, 'Unauthorized'],
      ['/trpc/bot.list', { ...post, headers: json }, 405, 'MethodNotFound'],
      ['/trpc/workspace.update', {}, 405, 'MethodNotFound'],
      ['/trpc/workspace.update', { ...post, headers: { 'content-type': 'text/plain' } }, 415, 'UnsupportedMediaType'],
      [
        '/trpc/workspace.update',
        { ...post, headers: { 'content-type': 'multipart/form-data' } },
        415,
        'UnsupportedMediaType',
      ],
      [
        '/trpc/workspace.update',
        { ...post, headers: { ...json, 'content-encoding': 'gzip' } },
        415,
        'UnsupportedMediaType',
      ],
      [
        '/trpc/workspace.update',
        { ...post, headers: { 'content-type': 'application/json;charset=utf-16' } },
        415,
        'UnsupportedMediaType',
      ],
      ['/trpc/workspace.update', { ...post, headers: json, body: '{' }, 400, 'InvalidPayload'],
      ['/trpc/workspace.update', { ...post, headers: json, body: 'x'.repeat(1024 * 1024 + 1) }, 413, 'PayloadTooLarge'],
      ['/trpc/workspace.listPublic?input={', {}, 400, 'InvalidPayload'],
      ['/trpc/%E0%A4', {}, 400, 'InvalidPayload'],
      [`/trpc/${Array.from({ length: 101 }, () => 'setup.status').join(',')}?batch=1`, {}, 400, 'InvalidPayload'],
      ['/trpc/setup.status,setup.claim?batch=1', {}, 400, 'InvalidPayload'],
      [
        '/trpc/setup.claim,setup.claim?batch=1',
        { ...post, headers: { ...json, 'idempotency-key': 'k' } },
        400,
        'InvalidPayload',
      ],
      ['/trpc/fail.inside', {}, 500, 'Internal'],
    ]
    for (const [target, init, status, type] of rows) {
      const answer = await ask(target, init)
      const data = { type, code: status, id: expect.stringMatching(/^err_/) }
      expect({ target, ...answer }).toMatchObject({ target, status, body: { error: { data } } })
      expect(JSON.stringify(answer.body)).not.toContain('secret')
    }
  })

  it.each([
    ['httpLink', httpLink],
    ['httpBatchLink', httpBatchLink],
    ['httpBatchStreamLink', httpBatchStreamLink],
  ])('serves the unmodified client by %s over a socket', async (_name, link) => {
    const client = createTRPCClient<Echo>({
      links: [link({ url: `${at.url}/trpc`, headers: { authorization: `Bearer ${at.token}` } })],
    })
    const [a, b, c] = await Promise.allSettled([
      client.workspace.getPublic.query({ id: 'a/b,ü&' }),
      client.fail.inside.query(),
      client.bot.list.query({ workspaceId: 'foreign' }),
    ])
    expect(a).toEqual({ status: 'fulfilled', value: { input: { id: 'a/b,ü&' } } })
    expect(b).toMatchObject({ status: 'rejected', reason: { data: { type: 'Internal', code: 500 } } })
    expect(c).toMatchObject({ status: 'rejected', reason: { data: { type: 'ResourceNotFound', path: 'bot.list' } } })
    expect(await client.workspace.update.mutate({ id: 'x', about: null })).toEqual({ input: { id: 'x', about: null } })
  })

  it.each([
    ['as one', httpBatchLink],
    ['as a stream', httpBatchStreamLink],
  ])('answers a batch %s until it has made enough, and a single call of any size', async (_name, link) => {
    const client = createTRPCClient<Echo>({
      links: [link({ url: `${at.url}/trpc`, headers: { authorization: `Bearer ${at.token}` } })],
    })
    const make = (length: number) => client.bot.create.mutate({ workspaceId: at.workspaceId, name: 'x'.repeat(length) })
    const answers = await Promise.allSettled(Array.from({ length: 8 }, () => make(600_000)))
    const refused = answers.flatMap((answer) => (answer.status === 'rejected' ? [answer.reason as unknown] : []))
    expect(refused.length).toBeGreaterThanOrEqual(2)
    for (const one of refused) expect(one).toMatchObject({ data: { type: 'LimitExceeded' } })
    expect(answers.length - refused.length).toBeGreaterThanOrEqual(4)
    expect((await make(3_000_000)).input).toMatchObject({ workspaceId: at.workspaceId })
  })

  it('streams each answer when it is there', async () => {
    const response = await fetch(`${at.url}/trpc/setup.status,setup.status?batch=1`, {
      headers: { 'trpc-accept': 'application/jsonl' },
    })
    expect(response.headers.get('transfer-encoding')).toBe('chunked')
    expect((await response.text()).split('\n').length).toBeGreaterThan(2)
  })
})
