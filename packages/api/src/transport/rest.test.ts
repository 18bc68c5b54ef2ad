import { eachDialect } from '@steward/db/testing'
import { expect, it } from 'vitest'
import { fromRequest } from './incoming.ts'
import type { Asked } from './endpoints.testing.ts'
import { envelope, served } from './endpoints.testing.ts'

eachDialect('the REST endpoint', (open) => {
  it('answers one procedure by several operations, the contract’s without what is ours', async () => {
    const { send, bearer } = await served(await open())
    const ask = async (method: string, target: string, asked: Asked = {}) =>
      (await send(method, target, { ...asked, headers: { ...bearer, ...asked.headers } })).json()
    const query = '?deep=true&names=a&names=b'
    const whole = { input: { id: 'x', deep: true, names: ['a', 'b'] } }
    expect(await ask('GET', `/v1/admin/narrow/x${query}`)).toEqual({ input: { id: 'x' } })
    expect(await ask('GET', `/v1/steward/narrow/x${query}`)).toEqual(whole)
    // Beside the path, DELETE takes its query, whatever its body says.
    const headers = { 'content-type': 'application/json' }
    expect(await ask('DELETE', `/v1/steward/narrow/x${query}`)).toEqual(whole)
    const ignored = { headers, body: '{"deep":false,"id":"y"}' }
    expect(await ask('DELETE', '/v1/steward/narrow/x', ignored)).toEqual({ input: { id: 'x' } })
  })

  it('refuses in the envelope whatever cannot be served', async () => {
    const { send, scoped, bearer } = await served(await open())
    const json = { 'content-type': 'application/json' }
    const refusals: [string, string, Asked, number, string][] = [
      ['GET', '/v1/admin/nothing', {}, 404, 'ResourceNotFound'],
      ['GET', '/nothing', {}, 404, 'ResourceNotFound'],
      ['GET', '/v1/admin/bots/', { headers: bearer }, 404, 'ResourceNotFound'],
      ['GET', '/v1/admin/bots', {}, 401, 'Unauthorized'],
      ['GET', '/v1/admin/bots', { headers: { authorization: 'Basic eA==' } }, 401, 'Unauthorized'],
      ['GET', '/v1/admin/bots', { headers: { authorization: 'Bearer bp_pat_x' } }, 401, 'Unauthorized'],
      ['PATCH', '/v1/admin/bots', { headers: bearer }, 405, 'MethodNotFound'],
      ['PROPFIND', '/v1/admin/bots', { headers: bearer }, 405, 'MethodNotFound'],
      ['GET', '/v1/admin/bots', { headers: bearer }, 400, 'InvalidPayload'],
      ['GET', '/v1/admin/bots?pageSize=ten', { headers: scoped }, 400, 'InvalidQuery'],
      ['GET', '/v1/admin/bots?type=robot', { headers: scoped }, 400, 'InvalidQuery'],
      ['GET', `/v1/admin/bots?search=${'x'.repeat(201)}`, { headers: scoped }, 400, 'InvalidQuery'],
      ['GET', '/v1/admin/bots?pageSize=%E0%A4', { headers: scoped }, 400, 'InvalidQuery'],
      ['GET', '/v1/admin/bots/%E0%A4', { headers: scoped }, 400, 'InvalidPayload'],
      ['POST', '/v1/admin/bots', { headers: { ...scoped, ...json }, body: '{"name":' }, 400, 'InvalidPayload'],
      ['POST', '/v1/admin/bots', { headers: { ...scoped, ...json }, body: '[]' }, 400, 'InvalidPayload'],
      ['POST', '/v1/admin/bots', { headers: { ...scoped, ...json }, body: 'null' }, 400, 'InvalidPayload'],
      ['POST', '/v1/admin/bots', { headers: { ...scoped, ...json }, body: '{"name":1}' }, 400, 'InvalidPayload'],
      [
        'POST',
        '/v1/admin/bots',
        { headers: { ...scoped, ...json }, body: Buffer.from([0x22, 0xff, 0x22]) },
        400,
        'InvalidPayload',
      ],
      [
        'POST',
        '/v1/admin/bots',
        { headers: { ...scoped, 'content-type': 'text/plain' }, body: '{}' },
        415,
        'UnsupportedMediaType',
      ],
      [
        'POST',
        '/v1/admin/bots',
        { headers: { ...scoped, 'content-type': 'application/json; charset=utf-16' }, body: '{}' },
        415,
        'UnsupportedMediaType',
      ],
      [
        'POST',
        '/v1/admin/bots',
        { headers: { ...scoped, ...json, 'content-encoding': 'gzip' }, body: '{}' },
        415,
        'UnsupportedMediaType',
      ],
      [
        'PUT',
        '/v1/admin/workspaces/x',
        { headers: { ...bearer, ...json }, body: `{"name":"${'x'.repeat(1024 * 1024)}"}` },
        413,
        'PayloadTooLarge',
      ],
      ['POST', '/v1/admin/fail/known', {}, 409, 'AlreadyExists'],
      ['GET', '/v1/admin/fail/inside', {}, 500, 'Internal'],
      ['GET', `/v1/admin/bots?x=${'x'.repeat(40_000)}`, { headers: bearer }, 413, 'PayloadTooLarge'],
      ['GET', '/metrics', {}, 404, 'ResourceNotFound'],
      ['POST', '/health', {}, 405, 'MethodNotFound'],
    ]
    for (const [method, target, request, status, type] of refusals) {
      const name = `${method} ${target.slice(0, 60)} ${JSON.stringify(request).slice(0, 80)}`
      const answer = await send(method, target, request)
      expect({ name, status: answer.status, body: answer.json() }).toEqual({
        name,
        status,
        body: envelope(status, type),
      })
      expect(answer.headers.get('content-type')).toBe('application/json')
      expect(answer.headers.get('x-request-id')).toMatch(/^req_[0-9A-Z]{26}$/)
      expect(answer.text).not.toContain('secret')
    }
  })

  it('names the header that is missing and the methods there are', async () => {
    const { send, bearer } = await served(await open())
    const { text } = await send('GET', '/v1/admin/bots', { headers: bearer })
    expect(JSON.parse(text)).toMatchObject({ metadata: { missing: 'x-workspace-id' } })
    expect((await send('PATCH', '/v1/admin/bots', { headers: bearer })).headers.get('allow')).toBe(
      'GET, POST, HEAD, OPTIONS',
    )
    expect((await send('GET', '/v1/admin/bots')).headers.get('www-authenticate')).toBe('Bearer')
  })

  it('reads the query as the contract’s client writes it', async () => {
    const { send, scoped, workspaceId } = await served(await open())
    const rows: [string, Record<string, unknown>][] = [
      ['', {}],
      ['integrationNames=a&integrationNames=b', { integrationNames: ['a', 'b'] }],
      ['pluginNames=p', { pluginNames: ['p'] }],
      ['tags.a=b%20c', { tags: { a: 'b c' } }],
      ['tags.a=b+c', { tags: { a: 'b c' } }],
      ['tags.x.y=z', { tags: { 'x.y': 'z' } }],
      ['tags.k%5B0%5D=1', { tags: { 'k[0]': '1' } }],
      ['tags.k[0]=1', { tags: { 'k[0]': '1' } }],
      ['dev=false', { dev: false }],
      ['dev=true&pageSize=10', { dev: true, pageSize: 10 }],
      ['nextToken=', {}],
      ['unknown=1&also.unknown=2', {}],
      ['tags.constructor=x', { tags: { constructor: 'x' } }],
      ['&&dev=false&', { dev: false }],
    ]
    for (const [query, expected] of rows) {
      const { status, text } = await send('GET', `/v1/admin/bots?${query}`, { headers: scoped })
      expect([query, status, JSON.parse(text)]).toEqual([query, 200, { input: { workspaceId, ...expected } }])
    }
    for (const query of [
      'dev=1',
      'dev=True',
      'dev=',
      'pageSize=1e',
      'pageSize=0x10',
      'pageSize=',
      'dev=true&dev=true',
      'tags.__proto__=x',
      'tags.a=b&tags.%5F_proto__=x',
    ]) {
      const { text } = await send('GET', `/v1/admin/bots?${query}`, { headers: scoped })
      expect([query, JSON.parse(text)]).toEqual([query, envelope(400, 'InvalidQuery')])
    }
  })

  it('takes the workspace from the header or the path, never from elsewhere', async () => {
    const { send, scoped, bearer, workspaceId } = await served(await open())
    const json = { 'content-type': 'application/json' }
    const fromQuery = await send('GET', '/v1/admin/bots?workspaceId=foreign', { headers: scoped })
    expect(fromQuery.json()).toEqual({ input: { workspaceId } })
    const fromBody = await send('POST', '/v1/admin/bots', {
      headers: { ...scoped, ...json },
      body: '{"workspaceId":"foreign"}',
    })
    expect(fromBody.json()).toEqual({ input: { workspaceId }, size: 0 })
    const alone = await send('POST', '/v1/admin/bots', {
      headers: { ...bearer, ...json },
      body: `{"workspaceId":"${workspaceId}"}`,
    })
    expect(alone.json()).toMatchObject({ type: 'InvalidPayload', metadata: { missing: 'x-workspace-id' } })
    const undeclared = await send('GET', '/v1/admin/workspaces/public', {
      headers: { ...scoped, 'x-multiple-integrations': 'true' },
    })
    expect(undeclared.json()).toEqual({ input: {} })
    const bot = await send('GET', '/v1/admin/bots/b', { headers: { ...bearer, 'x-multiple-integrations': 'true' } })
    expect(bot.json()).toEqual({ input: { id: 'b', multipleIntegrations: true } })
    const path = await send('PUT', '/v1/admin/workspaces/a?id=b', {
      headers: { ...scoped, ...json },
      body: '{"id":"c","about":null}',
    })
    expect(path.json()).toEqual({ input: { id: 'a', about: null } })
  })

  it('answers every success with 200 and JSON, and takes a body or none', async () => {
    const { send, scoped, bearer, workspaceId } = await served(await open())
    const json = { 'content-type': 'application/json' }
    for (const request of [{}, { headers: json, body: '{}' }, { headers: json, body: '' }]) {
      const headers = { ...bearer, ...request.headers }
      const removed = await send('DELETE', '/v1/admin/bots/x', { ...request, headers })
      expect([removed.status, removed.text]).toEqual([200, '{}'])
    }
    const type = { 'content-type': 'application/json; charset=UTF-8' }
    const sent = await send('POST', '/v1/admin/bots', {
      headers: { ...scoped, ...type },
      body: '{"name":"ü","nested":{"known":"a","unknown":{}},"unknown":1,"__proto__":{"workspaceId":"x"}}',
    })
    expect(sent.json()).toEqual({ input: { workspaceId, name: 'ü', nested: { known: 'a' } }, size: 0 })
    const head = await send('HEAD', '/v1/admin/bots/baks?botId=b', { headers: bearer })
    expect([head.status, head.text, head.headers.get('content-type')]).toEqual([200, '', 'application/json'])
  })

  it('refuses the key __proto__ wherever it would be read, and takes constructor for a key', async () => {
    const { send, scoped, workspaceId } = await served(await open())
    const post = async (target: string, body: string) =>
      (await send('POST', target, { headers: { ...scoped, 'content-type': 'application/json' }, body })).json()
    for (const tags of ['{"a":"b","__proto__":"x"}', '{"\\u005f_proto__":{"polluted":true}}'])
      for (const target of ['/v1/admin/bots', '/trpc/bot.create']) {
        const refused = JSON.stringify(await post(target, `{"workspaceId":"${workspaceId}","tags":${tags}}`))
        expect(refused).toContain('"type":"InvalidPayload","message":"The key __proto__ is not allowed anywhere."')
      }
    const taken = await post('/v1/admin/bots', '{"tags":{"constructor":"x"}}')
    expect(taken).toMatchObject({ input: { tags: { constructor: 'x' } } })
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
  })

  it('takes JSON in UTF-8 however its type is written', async () => {
    const { send, scoped, workspaceId } = await served(await open())
    const post = async (headers: Record<string, string>) =>
      (await send('POST', '/v1/admin/bots', { headers: { ...scoped, ...headers }, body: '{"name":"ü"}' })).json()
    for (const type of [
      'application/json; charset=utf-8; x=y',
      'Application/JSON;charset="UTF-8"',
      'application/json ; profile="a;b" ;',
    ])
      expect([type, await post({ 'content-type': type })]).toMatchObject([type, { input: { workspaceId, name: 'ü' } }])
    const json = { 'content-type': 'application/json' }
    expect(await post({ ...json, 'content-encoding': 'Identity' })).toMatchObject({ input: { name: 'ü' } })
    for (const type of ['application/json; x=y; charset=utf-16', 'application/json; charset="latin1"', 'text/json'])
      expect([type, await post({ 'content-type': type })]).toEqual([type, envelope(415, 'UnsupportedMediaType')])
    for (const encoding of ['br', 'identity, gzip'])
      expect(await post({ ...json, 'content-encoding': encoding })).toEqual(envelope(415, 'UnsupportedMediaType'))
  })

  it('lets literal segments win and keeps encoded ones whole', async () => {
    const { send, scoped, workspaceId } = await served(await open())
    const rows: [string, string, unknown][] = [
      ['GET', '/v1/admin/bots/baks?botId=b', { botId: 'b' }],
      ['GET', '/v1/admin/bots/bakss', { id: 'bakss', workspaceId }],
      ['GET', '/v1/admin/workspaces/public', {}],
      ['GET', '/v1/admin/workspaces/w/public', { id: 'w' }],
      ['GET', '/v1/admin/workspaces/public/public', { id: 'public' }],
      ['GET', '/v1/admin/workspaces/preferences/public', { workspaceId, key: 'public' }],
      ['GET', '/v1/admin/workspaces/preferences/a%2Fb', { workspaceId, key: 'a/b' }],
      ['GET', '/v1/admin/integrations/x/logs', { id: 'x' }],
      [
        'GET',
        '/v1/admin/integrations/acme%2Fcrm/%3E%3D1.0.0%20%3C2.0.0-0',
        { name: 'acme/crm', version: '>=1.0.0 <2.0.0-0' },
      ],
      ['GET', '/v1/admin/integrations/a+b/c%2B', { name: 'a+b', version: 'c+' }],
    ]
    for (const [method, target, input] of rows) {
      const { status, text } = await send(method, target, { headers: scoped })
      expect([target, status, JSON.parse(text)]).toEqual([target, 200, { input }])
    }
    expect((await send('GET', '/v1/admin/workspaces/handle-availability', { headers: scoped })).status).toBe(405)
    expect((await send('GET', '/v1/admin/integrations/acme/crm/1.0.0', { headers: scoped })).status).toBe(404)
  })

  it('logs one line per failure with the id and the cause, and no secret', async () => {
    const { send, lines, token } = await served(await open())
    const { text } = await send('GET', '/v1/admin/fail/inside?token=bp_pat_hidden')
    const { id } = JSON.parse(text) as { id: string }
    expect(lines).toHaveLength(1)
    expect(lines[0]).toMatchObject({ level: 'error', fields: { error: id, operation: 'fail.inside', method: 'GET' } })
    expect(lines[0]?.fields['err']).toBeInstanceOf(Error)
    await send('GET', '/v1/admin/bots', { headers: { authorization: `Bearer ${token.value}x` } })
    expect(lines).toHaveLength(2)
    expect(lines[1]).toMatchObject({ level: 'info', fields: { type: 'Unauthorized' } })
    expect(JSON.stringify(lines)).not.toMatch(/bp_pat_/)
  })

  it('logs who was refused, by which credential and from where', async () => {
    const { api, lines, owner, token, scoped } = await served(await open())
    const ask = async (endpoint: string, headers: Record<string, string>) => {
      const request = new Request(`http://127.0.0.1:7420${endpoint}`, { headers })
      await api.respond(fromRequest(request, '192.0.2.7'))
    }
    const via = `token:${token.id}`
    const known = { person: owner.userId, via, ip: '192.0.2.7', request: expect.stringMatching(/^req_/) }
    await ask('/v1/admin/fail/inside', scoped)
    await ask('/trpc/fail.inside', scoped)
    expect(lines.map(({ fields }) => fields)).toEqual([expect.objectContaining(known), expect.objectContaining(known)])
    await ask('/v1/admin/bots', {})
    expect(lines[2]?.fields).toMatchObject({ type: 'Unauthorized', ip: '192.0.2.7' })
    expect(lines[2]?.fields).not.toHaveProperty('person')
  })
})
