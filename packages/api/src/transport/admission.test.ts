import type { Stores } from '@steward/db'
import { eachDialect } from '@steward/db/testing'
import { expect, it } from 'vitest'
import { seedMember, seedPerson, seedToken, seedWorkspace, testApp } from '../core/app.testing.ts'
import { appRouter } from '../root.ts'
import { createEndpoints } from './api.ts'
import { CallerGone, fromRequest } from './incoming.ts'

const mebibyte = 1024 * 1024

/** Endpoints of the real router, a workspace of Ada's with a bot, and callers with less. */
async function fixture(stores: Stores) {
  const { app } = testApp(stores)
  const ada = await seedPerson(app, 'ada@example.com')
  const eve = await seedPerson(app, 'eve@example.com')
  const workspaceId = await seedWorkspace(app, ada)
  const viewer = await seedPerson(app, 'vic@example.com')
  await seedMember(app, workspaceId, { ...viewer, role: 'viewer' })
  const api = createEndpoints(app, appRouter)
  const { bot } = await api.caller(ada.actor).bot.create({ workspaceId, name: 'b' })
  const key = await api.caller(ada.actor).bot.createKey({ botId: bot.id })
  const tokens = {
    ada: (await seedToken(app, ada)).value,
    eve: (await seedToken(app, eve)).value,
    viewer: (await seedToken(app, viewer)).value,
    narrow: (await seedToken(app, ada, { scopes: ['bot:read', 'me:write'] })).value,
    bot: key.value,
    nobody: null,
  }
  /** Asks with a body that says how much of it was taken: null when nobody asked for it. */
  const ask = async (method: string, target: string, { as, workspace = workspaceId, ...more }: Asking) => {
    const headers: Record<string, string> = { 'content-type': 'application/json', ...more.headers }
    const token = tokens[as]
    if (token !== null) headers['authorization'] = `Bearer ${token}`
    if (workspace !== null) headers['x-workspace-id'] = workspace
    const request = fromRequest(new Request(`http://127.0.0.1:7420${target}`, { method, headers }), '192.0.2.1')
    let limit: number | null = null
    const body = async (most: number): Promise<Uint8Array> => {
      limit = most
      return Buffer.from(more.body ?? '{')
    }
    const { status } = await api.respond({ ...request, body })
    return { status, limit }
  }
  return { ask, botId: bot.id, workspaceId, api }
}

interface Asking {
  as: 'ada' | 'eve' | 'viewer' | 'narrow' | 'bot' | 'nobody'
  workspace?: string | null
  body?: string
  headers?: Record<string, string>
}

interface Read {
  status: number
  limit: number | null
}

const unread = (status: number): Read => ({ status, limit: null })

eachDialect('admission', (open) => {
  it('asks for rights before a body is read, by path, header and credential', async () => {
    const { ask, botId } = await fixture(await open())
    const bot = `/v1/admin/bots/${botId}`
    const rows: [string, string, Asking, Read][] = [
      ['POST', '/v1/admin/bots', { as: 'nobody' }, unread(401)],
      ['POST', '/v1/admin/bots', { as: 'bot' }, unread(403)],
      ['POST', '/v1/admin/bots', { as: 'narrow' }, unread(403)],
      ['POST', '/v1/admin/bots', { as: 'viewer' }, unread(403)],
      ['POST', '/v1/admin/bots', { as: 'eve' }, unread(404)],
      ['POST', '/v1/admin/bots', { as: 'ada', workspace: null }, unread(400)],
      ['POST', '/v1/admin/bots', { as: 'bot', workspace: null }, unread(403)],
      ['POST', '/v1/admin/bots', { as: 'ada' }, { status: 400, limit: 64 * mebibyte }],
      ['PUT', bot, { as: 'nobody' }, unread(401)],
      ['PUT', bot, { as: 'bot' }, unread(403)],
      ['PUT', bot, { as: 'narrow' }, unread(403)],
      ['PUT', bot, { as: 'viewer' }, unread(403)],
      ['PUT', bot, { as: 'eve', workspace: null }, unread(404)],
      ['PUT', bot, { as: 'ada', workspace: 'wkspace_of_somebody_else_0000' }, unread(404)],
      ['PUT', `${bot}x`, { as: 'ada' }, unread(404)],
      ['PUT', bot, { as: 'ada' }, { status: 400, limit: 64 * mebibyte }],
      ['DELETE', bot, { as: 'viewer' }, unread(403)],
      ['PUT', '/v1/admin/account/me', { as: 'bot' }, unread(403)],
      ['PUT', '/v1/admin/account/me', { as: 'ada' }, { status: 400, limit: mebibyte }],
    ]
    for (const [method, target, asking, answer] of rows)
      expect([method, target, asking, await ask(method, target, asking)]).toEqual([method, target, asking, answer])
  })

  it('reads a batch within what its caller may call, and nobody’s beyond a mebibyte', async () => {
    const { ask } = await fixture(await open())
    const rows: [string, Asking, Read][] = [
      ['bot.create', { as: 'nobody' }, unread(401)],
      ['bot.create', { as: 'bot' }, unread(403)],
      ['bot.create', { as: 'narrow' }, unread(403)],
      ['bot.create', { as: 'eve' }, { status: 400, limit: 64 * mebibyte }],
      ['me.signUp,bot.create?batch=1', { as: 'nobody' }, { status: 207, limit: mebibyte }],
      ['me.signUp,bot.create?batch=1', { as: 'bot' }, { status: 207, limit: mebibyte }],
      ['me.update,bot.create?batch=1', { as: 'narrow' }, { status: 207, limit: mebibyte }],
      ['me.update,bot.create?batch=1', { as: 'ada' }, { status: 400, limit: 64 * mebibyte }],
      ['nothing,bot.create?batch=1', { as: 'bot' }, { status: 207, limit: null }],
    ]
    for (const [path, asking, answer] of rows) {
      expect([path, asking, await ask('POST', `/trpc/${path}`, asking)]).toEqual([path, asking, answer])
      if (!path.includes('?')) continue
      const streamed = await ask('POST', `/trpc/${path}`, {
        ...asking,
        headers: { 'trpc-accept': 'application/jsonl' },
      })
      expect([path, asking, streamed.limit]).toEqual([path, asking, answer.limit])
    }
  })

  it('leaves the repeat of a deletion to the answer that is stored', async () => {
    const { ask, botId } = await fixture(await open())
    const headers = { 'idempotency-key': 'once' }
    const remove = (body: string) => ask('DELETE', `/v1/admin/bots/${botId}`, { as: 'ada', headers, body })
    for (let i = 0; i < 2; i++) expect(await remove('{}')).toEqual({ status: 200, limit: mebibyte })
    const other = await ask('DELETE', `/v1/admin/bots/${botId}`, { as: 'ada', headers: { 'idempotency-key': 'two' } })
    expect(other).toEqual(unread(404))
  })

  it('holds bodies within a budget until their calls are answered, and says when to come again', async () => {
    const { api } = await fixture(await open())
    const began = Promise.withResolvers<void>()
    const finish = Promise.withResolvers<void>()
    const send = (ip: string, size: number, wait = false) => {
      const headers = { 'content-type': 'application/json' }
      const request = fromRequest(new Request('http://127.0.0.1:7420/trpc/me.signUp', { method: 'POST', headers }), ip)
      return api.respond({
        ...request,
        async body(_limit, hold) {
          hold?.(size)
          if (wait) {
            began.resolve()
            await finish.promise
          }
          return Buffer.from('{')
        },
      })
    }
    const waiting = Array.from({ length: 8 }, (_, i) => send(`192.0.2.${10 + i}`, 8 * mebibyte, true))
    await began.promise
    await expect.poll(() => api.bodyBytes).toBe(64 * mebibyte)
    const refused = await send('192.0.2.2', mebibyte)
    expect(refused).toMatchObject({ status: 429, headers: { 'retry-after': '1' } })
    expect(refused.body).toContain('RateLimited')
    expect((await send('192.0.2.2', 1000)).status).toBe(400)
    finish.resolve()
    for (const one of waiting) expect((await one).status).toBe(400)
    expect(api.bodyBytes).toBe(0)
  })

  it('logs a caller that hung up in one line, and not as a failure', async () => {
    const lines: [string, object][] = []
    const at = (level: string) => (fields: object, text: string) => void lines.push([level, { ...fields, text }])
    const log = { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
    const api = createEndpoints(testApp(await open(), { log }).app, appRouter)
    const request = fromRequest(
      new Request('http://127.0.0.1:7420/trpc/me.signUp', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
      }),
    )
    await api.respond({ ...request, body: () => Promise.reject(new CallerGone()) })
    expect(lines).toEqual([
      ['info', expect.objectContaining({ text: 'A client disconnected.', operation: 'me.signUp' })],
    ])
    expect(lines[0]?.[1]).not.toHaveProperty('err')
  })
})
