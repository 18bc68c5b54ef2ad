import { eachDialect } from '@steward/db/testing'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { testApp } from '../core/app.testing.ts'
import { procedure, rest, router, stream } from '../core/procedure/trpc.ts'
import { createEndpoints } from './api.ts'
import { docs } from './echo-router.testing.ts'
import { fromRequest } from './incoming.ts'

const output = z.object({ known: z.number() })
const more = { known: 1, secret: 'not declared' }
const wrong = { known: 'no number' } as unknown as typeof more
const input = z.object({}).optional()

const declaring = (method: 'GET' | 'POST', name: string) =>
  procedure('setup.status', { rest: rest(method, `/v1/steward/chain/${name}`, name), docs, input, output })

const routes = router({
  chain: router({
    read: declaring('GET', 'read').query(async () => more),
    change: declaring('POST', 'change').mutation(async () => more),
    misread: declaring('GET', 'misread').query(async () => wrong),
    mischange: declaring('POST', 'mischange').mutation(async () => wrong),
    follow: stream(
      'setup.status',
      { rest: rest('GET', '/v1/steward/chain/follow', 'follow'), docs, input: z.object({}).optional(), event: output },
      async function* () {
        yield ['1', more] as const
      },
    ),
  }),
})

eachDialect('what a procedure answers', (open) => {
  const served = async () => {
    const api = createEndpoints(testApp(await open()).app, routes)
    return (method: string, target: string) => {
      const sent = method === 'POST' ? { body: '{}', headers: { 'content-type': 'application/json' } } : {}
      return api.respond(fromRequest(new Request(`http://127.0.0.1:7420${target}`, { method, ...sent })))
    }
  }

  test.each(['/v1/steward/chain/', '/trpc/chain.'])(
    'is what its schema declares and nothing beside (%s)',
    async (mount) => {
      const ask = await served()
      for (const [method, name] of [
        ['GET', 'read'],
        ['POST', 'change'],
      ] as const) {
        const { status, body } = await ask(method, mount + name)
        expect([name, status]).toEqual([name, 200])
        expect(body).toContain('{"known":1}')
        expect(body).not.toContain('declared')
      }
      for (const [method, name] of [
        ['GET', 'misread'],
        ['POST', 'mischange'],
      ] as const) {
        const { status, body } = await ask(method, mount + name)
        expect([name, status]).toEqual([name, 500])
        expect(body).not.toContain('no number')
      }
    },
  )

  test.each(['/v1/steward/chain/follow', '/trpc/chain.follow'])('is told as events (%s)', async (target) => {
    const { status, headers, body } = await (await served())('GET', target)
    expect(status).toBe(200)
    // The listener looks for them by these names.
    expect(headers).toMatchObject({ 'content-type': 'text/event-stream', 'x-accel-buffering': 'no' })
    expect(Object.keys(headers).filter((name) => name !== name.toLowerCase())).toEqual([])
    const text = await new Response(body as ReadableStream<Uint8Array>).text()
    expect(text).toContain('data: {"known":1}')
    expect(text).not.toContain('declared')
  })
})
