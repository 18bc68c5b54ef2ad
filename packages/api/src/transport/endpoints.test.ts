import { eachDialect } from '@steward/db/testing'
import { describe, expect, it } from 'vitest'
import { anonymous } from '../core/app.testing.ts'
import { fromRequest } from './incoming.ts'
import { createRateLimiter } from '../core/rate-limit/rate-limit.ts'
import { envelope, served } from './endpoints.testing.ts'

eachDialect('what all endpoints do', (open) => {
  it('counts calls per credential and tells what is left', async () => {
    const stores = await open()
    const clock = { now: () => Date.parse('2026-03-01T12:00:10.000Z') }
    const rateLimiter = createRateLimiter(clock, { limit: 3, windowSeconds: 60 })
    const { send, bearer } = await served(stores, { rateLimiter })
    const one = await send('GET', '/v1/admin/workspaces/public', { headers: bearer })
    const headers = ['ratelimit-limit', 'ratelimit-remaining', 'ratelimit-reset']
    expect(headers.map((name) => one.headers.get(name))).toEqual(['3', '2', '50'])
    const batch = encodeURIComponent('{"0":{},"1":{}}')
    const two = await send('GET', `/trpc/workspace.listPublic,workspace.listPublic?batch=1&input=${batch}`, {
      headers: bearer,
    })
    expect([two.status, two.headers.get('ratelimit-remaining')]).toEqual([200, '0'])
    const over = await send('GET', '/v1/admin/workspaces/public', { headers: bearer })
    expect(over.json()).toEqual(envelope(429, 'RateLimited'))
    expect(over.headers.get('retry-after')).toBe('70')
    // Strangers have a count of their own, and unknown paths and bad tokens use it up.
    for (const target of ['/v1/admin/nothing', '/v1/admin/bots', '/openapi.json'])
      expect([target, (await send('GET', target)).headers.get('ratelimit-limit')]).toEqual([target, '3'])
    const stranger = await send('GET', '/v1/admin/bots', { headers: { authorization: 'Bearer bp_pat_x' } })
    expect(stranger.status).toBe(429)
    expect((await send('GET', '/health')).status).toBe(200)
  })

  it('counts a large answer and a large body as several calls', async () => {
    const rateLimiter = createRateLimiter({ now: () => 0 }, { limit: 300, windowSeconds: 60 })
    const { send, bearer, workspaceId } = await served(await open(), { rateLimiter })
    const left = async () => {
      const answer = await send('GET', '/v1/admin/workspaces/public', { headers: bearer })
      return Number(answer.headers.get('ratelimit-remaining'))
    }
    const small = await left()
    const code = 'x'.repeat(2 * 1024 * 1024)
    const body = JSON.stringify({ code })
    const headers = { ...bearer, 'x-workspace-id': workspaceId, 'content-type': 'application/json' }
    const made = await send('POST', '/v1/admin/bots', { headers, body })
    expect(made.status).toBe(200)
    const price = Math.floor(made.text.length / (16 * 1024) + body.length / (256 * 1024))
    expect(small - (await left())).toBe(2 + Math.min(price, 100))
  })

  it('counts questions about the process by themselves', async () => {
    const rateLimiter = createRateLimiter({ now: () => 0 }, { limit: 20, windowSeconds: 60 })
    const metrics = async () => ({ contentType: 'text/plain', body: '' })
    const { send } = await served(await open(), { rateLimiter, metrics })
    const status = async (target: string) => (await send('GET', target)).status
    for (let i = 0; i < 5; i++) expect([await status('/health'), await status('/ready')]).toEqual([200, 200])
    expect([await status('/metrics'), await status('/metrics')]).toEqual([200, 429])
    for (const target of ['/health', '/ready']) expect(await status(target)).toBe(429)
    expect(await status('/openapi.json')).toBe(200)
  })

  it('tells what is left with every answer, and refuses strangers whatever they ask', async () => {
    const stores = await open()
    const rateLimiter = createRateLimiter({ now: () => 0 }, { limit: 1, windowSeconds: 60 })
    const origin = 'https://console.example'
    const { api } = await served(stores, { rateLimiter, allowedOrigins: [origin] })
    const rows: [string, string, number, Record<string, string>?][] = [
      ['PROPFIND', '/v1/admin/bots', 405],
      ['PATCH', '/v1/admin/bots', 405],
      ['OPTIONS', '/v1/admin/bots', 204],
      ['OPTIONS', '/v1/admin/bots', 204, { origin: 'https://evil.example' }],
      ['GET', `/v1/admin/bots?x=${'x'.repeat(40_000)}`, 413],
      ['GET', '/v1/admin/nothing', 404],
      ['GET', '/v1/admin/bots', 401],
      ['GET', '/v1/admin/bots', 401, { authorization: 'Bearer bp_pat_x' }],
      ['POST', '/health', 405],
      ['POST', '/openapi.json', 405],
      ['HEAD', '/trpc/bot.list', 204],
      ['POST', '/trpc/bot.create', 415],
      ['GET', '/trpc/%E0%A4', 400],
    ]
    let address = 0
    for (const [method, target, status, headers = {}] of rows) {
      const ip = `192.0.2.${++address}`
      const ask = async () => {
        const request = fromRequest(new Request(`http://127.0.0.1:7420${target}`, { headers }), ip)
        return api.respond({ ...request, method })
      }
      const name = `${method} ${target.slice(0, 40)} ${JSON.stringify(headers)}`
      const first = await ask()
      expect({ name, ...first }).toMatchObject({ name, status, headers: { 'ratelimit-remaining': '0' } })
      expect({ name, ...(await ask()) }).toMatchObject({ name, status: 429, headers: { 'retry-after': '120' } })
    }
    const question = fromRequest(new Request('http://127.0.0.1:7420/', { headers: { origin } }), '192.0.2.1')
    expect(await api.respond({ ...question, method: 'OPTIONS' })).toMatchObject({ status: 204 })
  })

  it('lets pages of other origins read only when they are configured', async () => {
    const { send, bearer } = await served(await open(), { allowedOrigins: ['https://console.example'] })
    const ask = (origin: string) => send('GET', '/v1/admin/workspaces/public', { headers: { ...bearer, origin } })
    const allowed = await ask('https://console.example')
    expect(allowed.headers.get('access-control-allow-origin')).toBe('https://console.example')
    expect(allowed.headers.get('access-control-allow-credentials')).toBe('true')
    expect(allowed.headers.get('access-control-expose-headers')).toContain('ratelimit-remaining')
    for (const origin of ['https://evil.example', 'null', 'https://console.example.evil.example']) {
      const refused = await ask(origin)
      expect([origin, refused.headers.get('access-control-allow-origin')]).toEqual([origin, null])
      expect(refused.headers.get('vary')).toContain('origin')
    }
    const preflight = await send('OPTIONS', '/v1/admin/bots', { headers: { origin: 'https://console.example' } })
    expect([preflight.status, preflight.text]).toEqual([204, ''])
    const ours = await send('OPTIONS', '/v1/steward/setup', { headers: { origin: 'https://console.example' } })
    expect(ours.headers.get('access-control-allow-methods')).toBe('GET, HEAD, POST, PUT, PATCH, DELETE')
    const answered = await send('GET', '/v1/steward/setup', { headers: { origin: 'https://console.example' } })
    expect([answered.status, answered.headers.get('access-control-allow-origin')]).toEqual([
      200,
      'https://console.example',
    ])
    for (const name of ['authorization', 'x-workspace-id', 'last-event-id', 'x-bypass-breaking-changes-detection'])
      expect(preflight.headers.get('access-control-allow-headers')).toContain(name)
    const failed = await send('GET', '/v1/admin/nothing', { headers: { origin: 'https://console.example' } })
    expect(failed.headers.get('access-control-allow-origin')).toBe('https://console.example')
  })

  it('lets a session act only from our own pages', async () => {
    let userId = ''
    const signIn = {
      sessionOf: async (headers: Headers) =>
        headers.get('cookie') === 's=1' ? { id: 'session', userId, confirmedAt: 0 } : null,
      hashPassword: async () => '',
      trustedProviders: new Set<string>(),
      providers: [],
      handle: async (request: Request) => Response.json({ path: new URL(request.url).pathname }),
    }
    const { send, owner } = await served(await open(), {}, { signIn })
    userId = owner.userId
    const put = (headers: Record<string, string>) =>
      send('PUT', '/v1/admin/workspaces/x', { headers: { 'content-type': 'application/json', ...headers }, body: '{}' })
    expect((await send('GET', '/v1/admin/workspaces/public', { headers: { cookie: 's=1' } })).status).toBe(200)
    const get = async (headers: Record<string, string>, target = '/v1/admin/workspaces/public') =>
      (await send('GET', target, { headers: { cookie: 's=1', ...headers } })).status
    for (const foreign of [
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' },
      { origin: 'https://evil.example' },
      { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' },
    ]) {
      expect([foreign, await get(foreign)]).toEqual([foreign, 403])
      expect([foreign, await get(foreign, '/trpc/workspace.listPublic?input=%7B%7D')]).toEqual([foreign, 403])
      // The same with a token, or to what needs neither, is nobody's session.
      expect((await send('GET', '/health', { headers: { cookie: 's=1', ...foreign } })).status).toBe(200)
    }
    for (const ours of [
      { 'sec-fetch-site': 'same-origin' },
      { 'sec-fetch-site': 'none' },
      { 'sec-fetch-site': 'cross-site', origin: 'http://127.0.0.1:7420' },
    ])
      expect([ours, await get(ours)]).toEqual([ours, 200])
    expect((await put({ cookie: 's=1' })).json()).toEqual(envelope(403, 'Forbidden'))
    expect((await put({ cookie: 's=1', origin: 'https://evil.example' })).status).toBe(403)
    for (const site of ['cross-site', 'same-site', 'none'])
      expect({ site, status: (await put({ cookie: 's=1', 'sec-fetch-site': site })).status }).toEqual({
        site,
        status: 403,
      })
    expect((await put({ cookie: 's=1', 'sec-fetch-site': 'same-origin' })).status).toBe(200)
    expect((await put({ cookie: 's=1', origin: 'http://127.0.0.1:7420' })).status).toBe(200)
    expect((await put({ cookie: 's=2', origin: 'http://127.0.0.1:7420' })).status).toBe(401)
    const trpc = await send('POST', '/trpc/workspace.update', {
      headers: { cookie: 's=1', 'content-type': 'application/json', origin: 'https://evil.example' },
      body: '{"id":"x"}',
    })
    expect(trpc.status).toBe(403)
    expect((await send('GET', '/auth/session')).json()).toEqual({ path: '/auth/session' })
  })

  it('answers the process’s own questions', async () => {
    let serving = true
    const { send } = await served(await open(), {
      isOpen: () => serving,
      metrics: async () => ({ contentType: 'text/plain; version=0.0.4', body: 'up 1\n' }),
    })
    expect((await send('GET', '/health')).json()).toEqual({ status: 'ok' })
    expect((await send('GET', '/ready')).json()).toEqual({ status: 'ready' })
    serving = false
    const closing = await send('GET', '/ready')
    expect([closing.status, closing.json()]).toEqual([503, envelope(503, 'Internal')])
    const metrics = await send('GET', '/metrics')
    expect([metrics.text, metrics.headers.get('content-type')]).toEqual(['up 1\n', 'text/plain; version=0.0.4'])
    expect((await send('GET', '/openapi.json')).json()).toMatchObject({ openapi: '3.1.0' })
  })

  it('believes a trusted caller and passes its request on', async () => {
    const { send, api, owner } = await served(await open())
    const target = '/v1/admin/workspaces/public'
    expect((await send('GET', target, { actor: owner.actor })).status).toBe(200)
    expect((await send('GET', target, { actor: anonymous })).status).toBe(401)
    expect(await api.caller(owner.actor).workspace.listPublic({})).toEqual({ input: {} })
    await expect(api.caller(anonymous).workspace.listPublic({})).rejects.toMatchObject({ type: 'Unauthorized' })
    await api.close()
  })
})

describe('readiness', () => {
  eachDialect('without its database', (open) => {
    it('is refused', async () => {
      const stores = await open()
      const { send } = await served(stores)
      await stores.close()
      expect((await send('GET', '/ready')).status).toBe(503)
      expect((await send('GET', '/health')).status).toBe(200)
    })
  })
})
