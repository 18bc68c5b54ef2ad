import type { Stores } from '@steward/db'
import { eachDialect } from '@steward/db/testing'
import fc from 'fast-check'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it, onTestFinished, vi } from 'vitest'
import { createClient } from '../../client.ts'
import { authorize } from '../../core/access/access.ts'
import { followLane } from '../../core/write/change-feed.ts'
import { storesOf } from '../../core/app-context.ts'
import { seedMember, seedPerson, seedToken, seedWorkspace, testApp, testRequest } from '../../core/app.testing.ts'
import { createApi } from '../../server.ts'
import type { WorkspaceChange } from './workspace.schema.ts'

/** The whole app without a socket, with a line that can be cut as networks cut it. */
async function fixture(stores: Stores) {
  const { app } = testApp(stores)
  const api = createApi(app)
  onTestFinished(() => api.close())
  const owner = await seedPerson(app, 'owner@example.com')
  const workspaceId = await seedWorkspace(app, owner)
  const token = await seedToken(app, owner)
  const lines = new Set<AbortController>()
  const clientOf = (value: string) =>
    createClient({
      url: 'http://steward.invalid',
      token: value,
      fetch: async (url, init) => {
        const line = new AbortController()
        lines.add(line)
        const response = await api.handle(new Request(url, init))
        const body = response.body?.pipeThrough(new TransformStream(), { signal: line.signal })
        return new Response(body ?? null, response)
      },
    })
  /** Breaks every connection there is. */
  const cut = (): void => {
    for (const line of lines) line.abort(new TypeError('The connection broke.'))
    lines.clear()
  }
  return { app, api, owner, workspaceId, token, client: clientOf(token.value), clientOf, cut }
}

type Fixture = Awaited<ReturnType<typeof fixture>>

function follow(client: Fixture['client'], workspaceId: string) {
  const events: WorkspaceChange[] = []
  const ended = Promise.withResolvers<unknown>()
  const subscription = client.workspace.changes.subscribe(
    { workspaceId },
    {
      onData: ({ data }) => void events.push(data),
      onError: (error) => ended.resolve(error),
      onComplete: () => ended.resolve(null),
    },
  )
  onTestFinished(() => subscription.unsubscribe())
  return { events, ended: ended.promise, stop: () => subscription.unsubscribe() }
}

const reached = (events: readonly WorkspaceChange[], version: number): Promise<void> =>
  vi.waitFor(() => expect(events.at(-1)?.version).toBe(version), { timeout: 10_000, interval: 5 })

/** The first events of an answer with their ids; then it is left. */
async function eventsOf(response: Response, count: number): Promise<{ id: string; data: unknown }[]> {
  let text = ''
  for await (const part of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    text += part
    const found = [...text.matchAll(/^data: (.*)\nid: (.*)\n\n/gm)]
    if (found.length >= count) return found.map(([, data = '', id = '']) => ({ id, data: JSON.parse(data) as unknown }))
  }
  throw new Error(`The stream ended early: ${text}`)
}

eachDialect('workspace.changes', (open) => {
  it('begins where the workspace stands and tells what commits change, deletions too', async () => {
    const { client, workspaceId } = await fixture(await open())
    await client.bot.create.mutate({ workspaceId, name: 'before' })
    const { events } = follow(client, workspaceId)
    await reached(events, 1)
    expect(events).toEqual([{ version: 1, reset: false, changes: [] }])
    const { bot } = await client.bot.create.mutate({ workspaceId, name: 'one' })
    await reached(events, 2)
    expect(events[1]?.changes).toContainEqual({ type: 'bot', id: bot.id, deleted: false })
    await client.bot.delete.mutate({ workspaceId, id: bot.id })
    await reached(events, 3)
    expect(events[2]?.changes).toContainEqual({ type: 'bot', id: bot.id, deleted: true })
  })

  it('is followed over REST too, and gone on with by the id of the last event', async () => {
    const { api, client, workspaceId, token } = await fixture(await open())
    const ask = (headers: Record<string, string>, id = workspaceId): Promise<Response> =>
      api.handle(new Request(`http://steward.invalid/v1/steward/workspaces/${id}/changes`, { headers }))
    const bearer = { authorization: `Bearer ${token.value}` }
    const response = await ask(bearer)
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/event-stream'])
    const [first] = await eventsOf(response, 1)
    expect(first?.data).toEqual({ version: 0, reset: false, changes: [] })
    const { bot } = await client.bot.create.mutate({ workspaceId, name: 'missed' })
    await client.bot.delete.mutate({ workspaceId, id: bot.id })
    const [missed] = await eventsOf(await ask({ ...bearer, 'last-event-id': first?.id ?? '' }), 1)
    expect(missed?.data).toEqual({
      version: 2,
      reset: false,
      changes: expect.arrayContaining([{ type: 'bot', id: bot.id, deleted: true }]) as unknown,
    })

    // Nothing but events with an id and comments: clients take whatever else there is for a change.
    const whole = await ask(bearer)
    const { value: opening } = (await whole.body?.getReader().read()) ?? {}
    expect(new TextDecoder().decode(opening)).toBe(': connected\n\n')

    const refusals: [Record<string, string>, string, number, string][] = [
      [{}, workspaceId, 401, 'Unauthorized'],
      [bearer, 'wkspace_1', 404, 'ResourceNotFound'],
      [{ ...bearer, 'last-event-id': 'x' }, workspaceId, 400, 'InvalidQuery'],
    ]
    for (const [headers, id, status, type] of refusals) {
      const refused = await ask(headers, id)
      expect([refused.status, await refused.json()]).toEqual([status, expect.objectContaining({ code: status, type })])
    }
  })

  it('loses and repeats nothing, wherever the line breaks', async () => {
    const s = await fixture(await open())
    const step = fc.constantFrom('write', 'write', 'write', 'cut', 'wait')
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), async (steps) => {
        const workspaceId = await seedWorkspace(s.app, s.owner)
        const { events, stop } = follow(s.client, workspaceId)
        await reached(events, 0)
        const keys: string[] = []
        for (const [at, what] of steps.entries()) {
          if (what === 'cut') s.cut()
          else if (what === 'wait') await sleep(10)
          else {
            keys.push(`key-${at}`)
            await s.client.workspace.setPreference.mutate({ workspaceId, key: `key-${at}`, value: at })
          }
        }
        if (keys.length > 0) await reached(events, keys.length)
        stop()
        const versions = events.map(({ version }) => version)
        expect(versions).toEqual([...new Set(versions)].toSorted((a, b) => a - b))
        expect(events.flatMap(({ changes }) => changes.map(({ id }) => id))).toEqual(keys)
        expect(events.some(({ reset }) => reset)).toBe(false)
      }),
      { numRuns: 8 },
    )
  })

  it('tells a reader to read anew whose past was undone by a backup, though new commits have the same numbers', async () => {
    const { app, owner, workspaceId, client } = await fixture(await open())
    const { main } = storesOf(app)
    const write = (value: number) => client.workspace.setPreference.mutate({ workspaceId, key: 'k', value })
    for (const value of [1, 2, 3, 4]) await write(value)
    const ctx = await authorize({ app, actor: owner.actor, request: testRequest }, 'workspace.changes', {
      workspaceId,
    })
    const next = async (since: string | null) => {
      const abort = new AbortController()
      for await (const batch of followLane(ctx, { since, signal: abort.signal })) return (abort.abort(), batch)
      throw new Error('The stream ended.')
    }
    const { place } = await next(null)
    expect(place).toMatch(/^4-[0-9a-f]{8}$/)
    // As a backup of before the last two commits leaves it.
    const rows = main.reader.selectFrom('audit_record').selectAll().where('lane_id', '=', workspaceId)
    const second = await rows.where('seq', '=', 2).executeTakeFirstOrThrow()
    await main.write(async (tx) => {
      await tx.deleteFrom('audit_record').where('lane_id', '=', workspaceId).where('seq', '>', 2).execute()
      const lane = { version: 2, audit_seq: 2, audit_head: second.hash }
      await tx.updateTable('lane').set(lane).where('id', '=', workspaceId).execute()
    })
    for (const value of [5, 6, 7]) await write(value)
    expect(await next(place)).toMatchObject({ version: 5, reset: true, changes: [] })
    expect(await next(`2-${second.hash.slice(0, 8)}`)).toMatchObject({ version: 5, reset: false })
    expect(await next('2')).toMatchObject({ version: 5, reset: false })
  })

  it('never cuts a version in two, however much changed', async () => {
    const { app, owner, workspaceId } = await fixture(await open())
    const versions = [400, 700, 1, 2_300, 5]
    await storesOf(app).main.write(async (tx) => {
      for (const [index, size] of versions.entries())
        for (let from = 0; from < size; from += 500)
          await tx
            .insertInto('change')
            .values(
              Array.from({ length: Math.min(500, size - from) }, (_, n) => ({
                lane_id: workspaceId,
                type: 'bot' as const,
                entity_id: `bot-${index}-${from + n}`,
                version: index + 1,
                deleted: 0,
              })),
            )
            .execute()
      await tx.updateTable('lane').set({ version: versions.length }).where('id', '=', workspaceId).execute()
    })
    const ctx = await authorize({ app, actor: owner.actor, request: testRequest }, 'workspace.changes', {
      workspaceId,
    })
    const seen: [version: number, size: number][] = []
    for await (const { version, changes } of followLane(ctx, { since: '0', signal: AbortSignal.timeout(20_000) })) {
      seen.push([version, changes.length])
      if (version === versions.length) break
    }
    expect(seen).toEqual([
      [2, 1_100],
      [4, 2_301],
      [5, 5],
    ])
  })

  it('hears of commits of other processes', async () => {
    const stores = await open()
    const { app, owner, workspaceId } = await fixture(stores)
    const other = createApi(testApp(stores).app)
    onTestFinished(() => other.close())
    const ctx = await authorize({ app, actor: owner.actor, request: testRequest }, 'workspace.changes', {
      workspaceId,
    })
    const abort = new AbortController()
    const batches = followLane(ctx, { since: '0', signal: abort.signal, lookEvery: 10 })
    const next = batches.next()
    await other.caller(owner.actor).workspace.setPreference({ workspaceId, key: 'theirs', value: 1 })
    expect((await next).value).toMatchObject({ version: 1, changes: [{ type: 'preference', id: 'theirs' }] })
    abort.abort()
    expect((await batches.next()).done).toBe(true)
  })

  it('says that everything may be old when the number is not of this past', async () => {
    const { api, workspaceId, token } = await fixture(await open())
    const input = encodeURIComponent(JSON.stringify({ workspaceId }))
    const headers = { authorization: `Bearer ${token.value}`, 'last-event-id': '77' }
    const response = await api.handle(
      new Request(`http://steward.invalid/trpc/workspace.changes?input=${input}`, { headers }),
    )
    expect(response.headers.get('content-type')).toBe('text/event-stream')
    let text = ''
    for await (const part of (response.body as ReadableStream<Uint8Array>).pipeThrough(new TextDecoderStream())) {
      text += part
      if (text.includes('id: 0')) break
    }
    expect(text).toContain('data: {"version":0,"reset":true,"changes":[]}')
  })

  it('tells the ids of bots only to those who see every bot', async () => {
    const { app, client, clientOf, workspaceId } = await fixture(await open())
    const viewer = await seedPerson(app, 'viewer@example.com')
    await seedMember(app, workspaceId, { ...viewer, role: 'viewer' })
    const { value } = await seedToken(app, viewer)
    const [mine, theirs] = [follow(client, workspaceId), follow(clientOf(value), workspaceId)]
    await Promise.all([reached(mine.events, 0), reached(theirs.events, 0)])
    const { bot } = await client.bot.create.mutate({ workspaceId, name: 'hidden' })
    await Promise.all([reached(mine.events, 1), reached(theirs.events, 1)])
    expect(JSON.stringify(mine.events)).toContain(bot.id)
    expect(JSON.stringify(theirs.events)).not.toContain(bot.id)
    expect(theirs.events[1]?.changes).toContainEqual({ type: 'bot', id: null, deleted: false })
  })

  it('says over REST why it ends', async () => {
    const { app, api, client, workspaceId } = await fixture(await open())
    const viewer = await seedPerson(app, 'viewer@example.com')
    const id = await seedMember(app, workspaceId, { ...viewer, role: 'viewer' })
    const headers = { authorization: `Bearer ${(await seedToken(app, viewer)).value}` }
    const target = `http://steward.invalid/v1/steward/workspaces/${workspaceId}/changes`
    const whole = (await api.handle(new Request(target, { headers }))).text()
    await client.member.delete.mutate({ workspaceId, id })
    const last = (await whole).trimEnd().split('\n\n').at(-1)
    expect(last).toMatch(/^event: failure\ndata: \{"id":"err_\w+","code":404,"type":"ResourceNotFound",/)
  })

  it('ends with the rights it began with', async () => {
    const { app, client, clientOf, workspaceId } = await fixture(await open())
    const viewer = await seedPerson(app, 'viewer@example.com')
    const id = await seedMember(app, workspaceId, { ...viewer, role: 'viewer' })
    const token = await seedToken(app, viewer)
    const spare = await seedToken(app, viewer)
    const leaked = await seedToken(app, viewer)
    const byMember = follow(clientOf(spare.value), workspaceId)
    const byToken = follow(clientOf(token.value), workspaceId)
    const byLeaked = follow(clientOf(leaked.value), workspaceId)
    await Promise.all([byMember, byToken, byLeaked].map(({ events }) => reached(events, 0)))
    await clientOf(spare.value).me.deleteToken.mutate({ id: token.id })
    await clientOf(spare.value).me.rotateToken.mutate({ id: leaked.id, graceSeconds: 0 })
    await client.workspace.setPreference.mutate({ workspaceId, key: 'wake', value: 1 })
    for (const { ended } of [byToken, byLeaked])
      expect(await ended).toMatchObject({ name: 'StewardError', type: 'Unauthorized' })
    await client.member.delete.mutate({ workspaceId, id })
    expect(await byMember.ended).toMatchObject({ name: 'StewardError', type: 'ResourceNotFound' })
  })

  it('is refused with a typed error and its status, and not in a batch', async () => {
    const { app, api, clientOf, workspaceId, token } = await fixture(await open())
    const stranger = await seedToken(app, await seedPerson(app, 'stranger@example.com'))
    expect(await follow(clientOf(stranger.value), workspaceId).ended).toMatchObject({ type: 'ResourceNotFound' })
    expect(await follow(clientOf('bp_pat_no'), workspaceId).ended).toMatchObject({ type: 'Unauthorized' })
    const get = async (query: string, headers: Record<string, string> = {}) => {
      const authorization = `Bearer ${token.value}`
      const url = `http://steward.invalid/trpc/workspace.changes?${query}`
      const response = await api.handle(new Request(url, { headers: { authorization, ...headers } }))
      return [response.status, await response.json()]
    }
    const input = encodeURIComponent(JSON.stringify({ workspaceId }))
    const malformed = [400, { error: { data: { type: 'InvalidPayload' } } }]
    expect(await get(`input=${input}`, { 'last-event-id': 'seven' })).toMatchObject(malformed)
    expect(await get('input=%7B%7D')).toMatchObject(malformed)
    expect(await get(`batch=1&input=${encodeURIComponent(JSON.stringify({ 0: { workspaceId } }))}`)).toMatchObject(
      malformed,
    )
  })

  it('may be open 64 times at once by one person', async () => {
    const { app, owner, workspaceId } = await fixture(await open())
    const ctx = await authorize({ app, actor: owner.actor, request: testRequest }, 'workspace.changes', {
      workspaceId,
    })
    const abort = new AbortController()
    const start = () => followLane(ctx, { since: null, signal: abort.signal })
    const streams = Array.from({ length: 64 }, start)
    for (const stream of streams) await stream.next()
    expect(start).toThrow(expect.objectContaining({ type: 'RateLimited' }))
    await streams[0]?.return(undefined)
    expect((await start().next()).done).toBe(false)
    abort.abort()
    // None of these is ever asked for a batch: they end with their signal.
    const unread = new AbortController()
    for (let i = 0; i < 64; i++) followLane(ctx, { since: null, signal: unread.signal })
    expect(start).toThrow(expect.objectContaining({ type: 'RateLimited' }))
    unread.abort()
    expect((await followLane(ctx, { since: null, signal: AbortSignal.timeout(5000) }).next()).done).toBe(false)
  })

  it('cost no more together than one does, however many a person has open', async () => {
    const { app, client, owner, workspaceId } = await fixture(await open())
    const ctx = await authorize({ app, actor: owner.actor, request: testRequest }, 'workspace.changes', {
      workspaceId,
    })
    const abort = new AbortController()
    const [many, commits, rest] = [16, 25, 40]
    let batches = 0
    let seen = 0
    const began = performance.now()
    const reading = Array.from({ length: many }, async () => {
      for await (const { version } of followLane(ctx, { since: null, signal: abort.signal })) {
        batches += 1
        seen = Math.max(seen, version)
      }
    })
    for (let n = 0; n < commits; n++) {
      await client.workspace.setPreference.mutate({ workspaceId, key: 'wake', value: n })
      await sleep(50)
    }
    const { version } = (await followLane(ctx, { since: null, signal: abort.signal }).next()).value as {
      version: number
    }
    await vi.waitFor(() => expect(seen).toBe(version), { timeout: 10_000 })
    const took = performance.now() - began
    abort.abort()
    await Promise.all(reading)
    expect(batches).toBeLessThanOrEqual(many * 2 + took / rest)
  })

  it('is refused with a status when too many are open', async () => {
    const { api, workspaceId, token } = await fixture(await open())
    const line = new AbortController()
    const input = encodeURIComponent(JSON.stringify({ workspaceId }))
    const ask = () =>
      api.handle(
        new Request(`http://steward.invalid/trpc/workspace.changes?input=${input}`, {
          headers: { authorization: `Bearer ${token.value}` },
          signal: line.signal,
        }),
      )
    const answers = await Promise.all(Array.from({ length: 64 }, ask))
    answers.push(await ask())
    expect(answers.map(({ status }) => status)).toEqual([...Array<number>(64).fill(200), 429])
    expect(answers[64]?.headers.get('retry-after')).toBe('5')
    expect(await answers[64]?.json()).toMatchObject({ error: { data: { type: 'RateLimited' } } })
    line.abort()
    for (const answer of answers.slice(0, 64)) await answer.body?.cancel().catch(() => {})
  })
})
