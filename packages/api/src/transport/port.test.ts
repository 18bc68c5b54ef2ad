import { createTRPCClient, httpBatchStreamLink, httpSubscriptionLink, splitLink } from '@trpc/client'
import { initTRPC, tracked } from '@trpc/server'
import { fetchRequestHandler } from '@trpc/server/adapters/fetch'
import { openStores } from '@steward/db'
import { freshDatabase } from '@steward/db/testing'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { MessageChannel, Worker } from 'node:worker_threads'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { z } from 'zod'
import { createClient, StewardError } from '../client.ts'
import { seedPerson, seedToken, seedWorkspace } from '../core/app.testing.ts'
import { createApi, createAppContext } from '../server.ts'
import { createEventSource } from './event-source.ts'
import { createPortLine, PortError, portFetch } from './port.ts'
import type { Handle, PortLike } from './port-host.ts'
import { servePort } from './port-host.ts'
import { streamWindow } from './port-messages.ts'
import { nodeListener } from './http.testing.ts'

const base = 'http://steward.invalid'

/** A port pair with the host's end served. */
function connect(handle: Handle) {
  const { port1, port2 } = new MessageChannel()
  const served = servePort(port2 as PortLike, handle)
  onTestFinished(() => {
    served.close()
    port1.close()
  })
  return { port: port1 as PortLike, served, fetch: portFetch(port1 as PortLike) }
}

const failureOf = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => null,
    (cause: unknown) => cause,
  )

const until = async (isSo: () => boolean): Promise<void> => {
  const end = performance.now() + 30_000
  while (!isSo()) {
    if (performance.now() > end) throw new Error('It did not become so within half a minute.')
    await sleep(2)
  }
}

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

/** A whole app on an SQLite file, on a socket and behind ports. */
async function attachStores() {
  const database = await freshDatabase('sqlite')
  const stores = await openStores(database.options)
  const app = await createAppContext({
    stores,
    secret: new Uint8Array(32).fill(9),
    settings: { publicUrl: 'http://127.0.0.1:7420/', signUp: 'invited' },
  })
  const owner = await seedPerson(app, 'owner@example.com')
  const workspaceId = await seedWorkspace(app, owner)
  const { value: token } = await seedToken(app, owner)
  const api = createApi(app)
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
  return { api, owner, workspaceId, token, url, close }
}

describe('the real router behind a port', () => {
  let at: Awaited<ReturnType<typeof attachStores>>
  beforeAll(async () => {
    at = await attachStores()
  })
  afterAll(() => at.close())

  const clients = (stream = false) => {
    const { fetch } = connect((request) => at.api.handle(request, at.owner.actor))
    return {
      fetch,
      port: createClient({ url: base, fetch, stream }),
      http: createClient({ url: at.url, token: at.token, stream }),
    }
  }

  it.each([false, true])('answers queries and mutations as HTTP does (streamed: %s)', async (stream) => {
    const { port, http } = clients(stream)
    const { bot } = await port.bot.create.mutate({
      workspaceId: at.workspaceId,
      name: `Bot ${stream}`,
      code: 'export {}',
    })
    expect(bot.createdAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
    const read = () => [port, http].map((client) => client.bot.get.query({ id: bot.id }))
    const [overPort, overHttp] = await Promise.all(read())
    expect(overPort).toEqual(overHttp)
    expect(overPort?.bot).toMatchObject({ id: bot.id, name: `Bot ${stream}`, createdAt: bot.createdAt })
    const list = (client: typeof port) => client.bot.list.query({ workspaceId: at.workspaceId })
    expect(await list(port)).toEqual(await list(http))
  })

  it('answers many calls at once, each its own', async () => {
    const { port } = clients()
    const names = Array.from({ length: 30 }, (_, index) => `Many ${index}`)
    const made = await Promise.all(names.map((name) => port.bot.create.mutate({ workspaceId: at.workspaceId, name })))
    expect(made.map(({ bot }) => bot.name)).toEqual(names)
  })

  it.each([false, true])('carries domain and field errors as HTTP does (streamed: %s)', async (stream) => {
    const { port, http } = clients(stream)
    const missing = { id: 'bot_01ARZ3NDEKTSV4RRFFQ69G5FAV' }
    const wrong = { workspaceId: at.workspaceId, name: 1 as unknown as string }
    for (const ask of [
      (client: typeof port) => client.bot.get.query(missing),
      (client: typeof port) => client.bot.create.mutate(wrong),
      (client: typeof port) => client.workspace.get.query({ id: at.workspaceId, workspaceId: 'x' } as never),
      (client: typeof port) => client.bot.list.query({ workspaceId: 'wkspace_01ARZ3NDEKTSV4RRFFQ69G5FAV' }),
    ]) {
      const [one, other] = await Promise.all([failureOf(ask(port)), failureOf(ask(http))])
      const facts = (error: unknown) => {
        if (!(error instanceof StewardError)) return error
        const { type, code, message, metadata, data } = error
        return { type, code, message, metadata, path: data?.path }
      }
      expect(facts(one)).toEqual(facts(other))
    }
    const field = await failureOf(port.bot.create.mutate(wrong))
    expect(field).toBeInstanceOf(StewardError)
    expect(field).toMatchObject({ type: 'InvalidPayload', code: 400, metadata: { issues: [{ path: 'name' }] } })
  })

  it('gives the same status, headers and bytes as HTTP for any address', async () => {
    const { fetch } = clients()
    const authorization = `Bearer ${at.token}`
    for (const [method, target, body] of [
      ['GET', '/health', null],
      ['HEAD', '/health', null],
      ['OPTIONS', '/trpc/bot.list', null],
      ['GET', '/openapi.json', null],
      ['GET', '/v1/admin/bots', null],
      ['PATCH', '/v1/admin/nothing', '{}'],
      ['POST', '/trpc/bot.create', '{'],
      ['POST', '/trpc/bot.create', `{"workspaceId":"${'x'.repeat(2_000_000)}"}`],
      ['GET', `/trpc/me.get?input=${encodeURIComponent('{}')}`, null],
    ] as const) {
      const init = { method, body, headers: { authorization, ...(body && { 'content-type': 'application/json' }) } }
      const [one, other] = await Promise.all([fetch(base + target, init), globalThis.fetch(at.url + target, init)])
      const seen = async (response: Response) => ({
        target,
        status: response.status,
        type: response.headers.get('content-type'),
        allow: response.headers.get('allow'),
        body: (await response.text()).replaceAll(/err_\d{14}x[0-9A-F]{8}/g, 'err'),
      })
      expect(await seen(one)).toEqual(await seen(other))
    }
  })
})

const t = initTRPC.create()

/** What the abort tests look at, and the log that streams read: it outlives hosts, as a database does. */
function bench() {
  const seen = { aborted: 0, finished: 0, produced: 0 }
  const router = t.router({
    wait: t.procedure.query(async ({ signal }) => {
      await sleep(60_000, undefined, { signal }).catch(() => {
        seen.aborted += 1
      })
      return 'late'
    }),
    quick: t.procedure.input(z.string()).query(({ input }) => input),
    slow: t.procedure.query(async () => {
      await sleep(300)
      return 'slow'
    }),
    count: t.procedure
      .input(z.object({ to: z.number(), pause: z.number().optional(), lastEventId: z.coerce.number().nullish() }))
      .subscription(async function* ({ input, signal }) {
        try {
          for (let n = (input.lastEventId ?? 0) + 1; n <= input.to; n += 1) {
            if (signal?.aborted) return
            if (input.pause !== undefined) await sleep(input.pause)
            seen.produced += 1
            yield tracked(String(n), { n, at: new Date(n * 1000) })
          }
        } finally {
          seen.finished += 1
        }
      }),
    breaks: t.procedure.subscription(async function* () {
      yield tracked('1', 1)
      throw new Error('The reader of the log broke.')
    }),
  })
  const handle: Handle = (req) => fetchRequestHandler({ endpoint: '/trpc', router, req, createContext: () => ({}) })
  return { router, handle, seen }
}

type Bench = ReturnType<typeof bench>['router']

function clientOver(fetch: typeof globalThis.fetch) {
  const url = `${base}/trpc`
  return createTRPCClient<Bench>({
    links: [
      splitLink({
        condition: ({ type }) => type === 'subscription',
        true: httpSubscriptionLink({ url, EventSource: createEventSource(fetch) }),
        false: httpBatchStreamLink({ url, fetch: fetch as never }),
      }),
    ],
  })
}

describe('abort', () => {
  it('reaches the procedure', async () => {
    const { handle, seen } = bench()
    const { fetch, served } = connect(handle)
    const client = clientOver(fetch)
    const abort = new AbortController()
    const call = failureOf(client.wait.query(undefined, { signal: abort.signal }))
    await until(() => served.size === 1)
    abort.abort()
    expect(await call).toMatchObject({ name: 'TRPCClientError' })
    await until(() => seen.aborted === 1 && served.size === 0)
  })

  it('of one call leaves the others alone', async () => {
    const { fetch } = connect(bench().handle)
    const abort = new AbortController()
    const lost = failureOf(fetch(`${base}/trpc/slow`, { signal: abort.signal }))
    const kept = fetch(`${base}/trpc/slow`)
    await sleep(20)
    abort.abort(new Error('changed my mind'))
    expect(await lost).toMatchObject({ message: 'changed my mind' })
    expect((await kept).status).toBe(200)
    expect(await failureOf(fetch(`${base}/trpc/slow`, { signal: AbortSignal.abort() }))).toMatchObject({
      name: 'AbortError',
    })
  })

  it('by closing the stream runs the generator to its end', async () => {
    const { handle, seen } = bench()
    const { fetch, served } = connect(handle)
    let got = 0
    const subscription = clientOver(fetch).count.subscribe({ to: 1e9, pause: 1 }, { onData: () => (got += 1) })
    await until(() => got > 5)
    subscription.unsubscribe()
    await until(() => seen.finished === 1)
    await sleep(5)
    expect(served.size).toBe(0)
  })

  it('by the window’s port closing ends everything in the host', async () => {
    const { handle, seen } = bench()
    const { port, fetch, served } = connect(handle)
    void clientOver(fetch).count.subscribe({ to: 1e9, pause: 1 }, {})
    const lost = failureOf(fetch(`${base}/trpc/wait`))
    await until(() => served.size === 2 && seen.produced > 0)
    port.close()
    await until(() => seen.finished === 1 && seen.aborted === 1 && served.size === 0)
    expect(await lost).toBeInstanceOf(PortError)
  })
})

describe('errors', () => {
  it('are a network error with the host’s words when nothing could be answered', async () => {
    const { fetch } = connect(async () => {
      throw new Error('The server at https://example.invalid cannot be reached.')
    })
    const failure = await failureOf(fetch(`${base}/x`))
    expect(failure).toBeInstanceOf(TypeError)
    expect(failure).toMatchObject({
      name: 'PortError',
      message: 'The server at https://example.invalid cannot be reached.',
    })
  })

  it('in the middle of a body break the body off', async () => {
    const { fetch } = connect(async () => {
      let sent = false
      const body = new ReadableStream({
        pull(controller) {
          if (sent) controller.error(new Error('The line broke.'))
          else controller.enqueue(new TextEncoder().encode('half'))
          sent = true
        },
      })
      return new Response(body)
    })
    const response = await fetch(`${base}/x`)
    expect(response.status).toBe(200)
    expect(await failureOf(response.text())).toMatchObject({ name: 'PortError', message: 'The line broke.' })
  })

  it('of a subscription after data arrive as the subscription’s', async () => {
    const { fetch } = connect(bench().handle)
    const data: unknown[] = []
    const { promise, resolve } = Promise.withResolvers<unknown>()
    const subscription = clientOver(fetch).breaks.subscribe(undefined, {
      onData: (one) => data.push(one.data),
      onConnectionStateChange: ({ state, error }) => state === 'connecting' && error && resolve(error),
      onError: resolve,
    })
    expect(await promise).toMatchObject({ message: 'The reader of the log broke.' })
    expect(data[0]).toBe(1)
    subscription.unsubscribe()
  })

  it('messages that are none of ours are ignored', async () => {
    const { port, fetch, served } = connect(async () => new Response('well'))
    for (const junk of [null, 1, 'x', {}, { type: 'request' }, { type: 'request', id: 'a' }, { type: 'credit', id: 7 }])
      port.postMessage(junk)
    port.postMessage({ type: 'request', id: 900, method: 'GET', target: 'https://elsewhere.invalid/', headers: [] })
    expect(await (await fetch(`${base}/x`)).text()).toBe('well')
    expect(served.size).toBe(0)
  })
})

describe('when the host ends', () => {
  it('calls under way fail, calls not yet sent wait for the next one', async () => {
    const { handle } = bench()
    const line = createPortLine()
    const first = connect(handle)
    line.attach(first.port)
    const lost = failureOf(line.fetch(`${base}/trpc/wait`))
    await until(() => first.served.size === 1)
    line.gone()
    expect(await lost).toMatchObject({
      name: 'PortError',
      message: expect.stringContaining('ended before it answered'),
    })
    const waiting = line.fetch(`${base}/trpc/quick?input=%22a%22`)
    const cancelled = new AbortController()
    const never = failureOf(line.fetch(`${base}/trpc/wait`, { signal: cancelled.signal }))
    await sleep(20)
    cancelled.abort()
    expect(await never).toMatchObject({ name: 'AbortError' })
    const second = connect(handle)
    line.attach(second.port)
    expect(await (await waiting).json()).toEqual({ result: { data: 'a' } })
    expect(second.served.size).toBe(0)
  })

  it('nothing of the calls that were lost is kept', async () => {
    const { handle } = bench()
    const line = createPortLine()
    const { port, served } = connect(handle)
    line.attach(port)
    /** A call that is lost with the host; all that is left of it is this reference. */
    const lostCall = async (): Promise<WeakRef<AbortSignal>> => {
      const { signal } = new AbortController()
      const lost = failureOf(line.fetch(`${base}/trpc/wait`, { signal }))
      await until(() => served.size === 1)
      line.gone()
      expect(await lost).toBeInstanceOf(PortError)
      return new WeakRef(signal)
    }
    const signal = await lostCall()
    await until(() => {
      collectGarbage()
      return signal.deref() === undefined
    })
    line.attach(connect(handle).port)
    expect((await line.fetch(`${base}/trpc/quick?input=%22a%22`)).status).toBe(200)
  })

  it('for good, waiting calls are told why', async () => {
    const line = createPortLine()
    const waiting = failureOf(line.fetch(`${base}/x`))
    await sleep(5)
    line.fail('The workspace does not start.')
    expect(await waiting).toMatchObject({ name: 'PortError', message: 'The workspace does not start.' })
    expect(await failureOf(line.fetch(`${base}/x`))).toMatchObject({ message: 'The workspace does not start.' })
    line.attach(connect(async () => new Response('well again')).port)
    expect(await (await line.fetch(`${base}/x`)).text()).toBe('well again')
  })

  it('streams of a killed thread resume on the next without a gap or a repeat', async () => {
    const line = createPortLine()
    const start = (): Worker => {
      const { port1, port2 } = new MessageChannel()
      const worker = new Worker(new URL('./port-host.process.ts', import.meta.url), {
        workerData: port2,
        transferList: [port2],
      })
      line.attach(port1 as PortLike)
      return worker
    }
    let worker = start()
    onTestFinished(async () => void (await worker.terminate()))
    const got: number[] = []
    const states: string[] = []
    const { promise, resolve } = Promise.withResolvers<void>()
    const subscription = clientOver(line.fetch).count.subscribe(
      { to: 400, pause: 2 },
      {
        onData: ({ data }) => got.push(data.n),
        onConnectionStateChange: ({ state }) => states.push(state),
        onComplete: resolve,
      },
    )
    onTestFinished(() => subscription.unsubscribe())
    for (const length of [60, 150, 260]) {
      await until(() => got.length > length)
      await worker.terminate()
      line.gone()
      worker = start()
    }
    await promise
    expect(got).toEqual(Array.from({ length: 400 }, (_, index) => index + 1))
    expect(states.filter((state) => state === 'pending').length).toBeGreaterThanOrEqual(4)
    expect(states.filter((state) => state === 'connecting').length).toBeGreaterThanOrEqual(4)
  }, 20_000)
})

describe('long streams', () => {
  it('keep nothing: 100,000 events do not grow the heap', async () => {
    const { handle } = bench()
    const { fetch } = connect(handle)
    const heap = async (): Promise<number> => {
      for (let round = 0; round < 3; round += 1) {
        await sleep(5)
        collectGarbage()
      }
      return process.memoryUsage().heapUsed
    }
    const marks: number[] = []
    const response = await fetch(`${base}/trpc/count?input=${encodeURIComponent('{"to":100000}')}`)
    const reader = response.body?.getReader()
    const decoder = new TextDecoder()
    let events = 0
    let last = 0
    for (;;) {
      const { done, value } = (await reader?.read()) ?? { done: true, value: undefined }
      if (done) break
      for (const [, n] of decoder.decode(value, { stream: true }).matchAll(/^id: (\d+)/gm)) {
        events += 1
        last = Number(n)
        if (events === 20_000 || events === 95_000) marks.push(await heap())
      }
    }
    expect([events, last]).toEqual([100_000, 100_000])
    const [early = 0, late = 0] = marks
    // The leak this guards against took about 350 bytes an event: 26 MB over these 75,000.
    expect(late - early).toBeLessThan(4 * 1024 * 1024)
  })

  it('wait for a reader that does not read', async () => {
    let produced = 0
    const chunk = new Uint8Array(16 * 1024)
    const body = new ReadableStream<Uint8Array>(
      {
        pull(controller) {
          produced += 1
          if (produced > 1000) controller.close()
          else controller.enqueue(chunk)
        },
      },
      { highWaterMark: 0 },
    )
    const { fetch } = connect(async () => new Response(body))
    const response = await fetch(`${base}/x`)
    await sleep(100)
    const allowed = streamWindow / chunk.length
    expect(produced).toBeGreaterThanOrEqual(allowed)
    expect(produced).toBeLessThanOrEqual(allowed + 1)
    const reader = response.body?.getReader()
    for (let taken = 0; taken < allowed; taken += 1) await reader?.read()
    await sleep(50)
    expect(produced).toBeGreaterThan(allowed + 1)
    expect(produced).toBeLessThanOrEqual(allowed * 2 + 1)
    await reader?.cancel()
  })

  it('arrive whole and in order', async () => {
    const size = 3 * 1024 * 1024
    const bytes = new Uint8Array(size).map((_, index) => index % 251)
    const { fetch } = connect(async (request) => new Response(request.body))
    const response = await fetch(`${base}/x`, { method: 'POST', body: bytes })
    expect(Buffer.compare(new Uint8Array(await response.arrayBuffer()), bytes)).toBe(0)
  })
})
