import { testClock } from '@steward/testkit'
import { eachDialect } from '@steward/db/testing'
import { expect, it } from 'vitest'
import { createBlobs } from '../core/blob/blob-stores.ts'
import { longTextFrom } from '../core/blob/long-text.ts'
import { seedPerson, seedWorkspace, testApp } from '../core/app.testing.ts'
import { appRouter } from '../root.ts'
import { createEndpoints } from './api.ts'
import { fromRequest } from './incoming.ts'

eachDialect('answers with much code in them', (open) => {
  it('are streamed at every endpoint, and are what a caller in process gets', async () => {
    const stores = await open()
    const { app } = testApp(stores, { blobs: await createBlobs(stores, { clock: testClock() }) })
    const ada = await seedPerson(app, 'ada@example.com')
    const workspaceId = await seedWorkspace(app, ada)
    const api = createEndpoints(app, appRouter)
    const caller = api.caller(ada.actor)
    const code = `say("ü 😀 \\ \u2028")\n`.repeat(longTextFrom / 16)
    const { bot } = await caller.bot.create({ workspaceId, name: 'b', code })
    const input = encodeURIComponent(JSON.stringify({ 0: { id: bot.id }, 1: { id: bot.id } }))
    const one = encodeURIComponent(JSON.stringify({ id: bot.id }))
    const ask = (target: string, method = 'GET', headers = {}) =>
      api.respond(fromRequest(new Request(`http://127.0.0.1:7420${target}`, { method, headers })), ada.actor)
    const json = async (target: string) => {
      const { body, size } = await ask(target)
      expect(body).toBeInstanceOf(ReadableStream)
      expect(size).toBeGreaterThan(longTextFrom)
      return (await new Response(body as ReadableStream<Uint8Array>).json()) as never
    }
    const whole = await caller.bot.getJson({ id: bot.id })
    expect(whole['code'] === code).toBe(true)
    expect(await json(`/v1/admin/bots/${bot.id}/bot-json`)).toEqual(whole)
    expect(await json(`/trpc/bot.getJson?input=${one}`)).toEqual({ result: { data: whole } })
    const twice = [{ result: { data: whole } }, { result: { data: whole } }]
    expect(await json(`/trpc/bot.getJson,bot.getJson?batch=1&input=${input}`)).toEqual(twice)
    const lines = await ask(`/trpc/bot.getJson,bot.getJson?batch=1&input=${input}`, 'GET', {
      'trpc-accept': 'application/jsonl',
    })
    const text = await new Response(lines.body as ReadableStream<Uint8Array>).text()
    expect(text.split(JSON.stringify(code).slice(1, -1))).toHaveLength(3)
    expect(await ask(`/v1/admin/bots/${bot.id}/bot-json`, 'HEAD')).toMatchObject({ status: 200, body: null })
    await caller.bot.update({ id: bot.id, code: 'short' })
    expect((await ask(`/v1/admin/bots/${bot.id}/bot-json`)).body).toContain('"code":"short"')
  })
})
