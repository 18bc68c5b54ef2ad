import { once } from 'node:events'
import { request, type IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { ApiError, CallerGone, type Incoming, type Outgoing, type Reading } from '@steward/api/server'
import { expect, test, vi } from 'vitest'
import { exchange, json, serving } from './listen.testing.ts'

test('carries method, target, headers, body and address', async () => {
  const { url } = await serving(async (incoming) =>
    json({
      method: incoming.method,
      target: incoming.target,
      header: incoming.header('x-thing'),
      all: incoming.headers().get('x-thing'),
      ip: incoming.ip,
      body: Buffer.from(await incoming.body(1000)).toString(),
    }),
  )
  const response = await fetch(`${url}/a%2Fb?x=1&x=2`, { method: 'POST', headers: { 'x-thing': 'yes' }, body: 'héllo' })
  expect(response.headers.get('content-length')).toBe(String((await response.clone().arrayBuffer()).byteLength))
  expect(await response.json()).toEqual({
    method: 'POST',
    target: '/a%2Fb?x=1&x=2',
    header: 'yes',
    all: 'yes',
    ip: '127.0.0.1',
    body: 'héllo',
  })
})

test('sends repeated headers, bytes, and nothing for 204 and HEAD', async () => {
  const { url } = await serving(async ({ method, target }): Promise<Outgoing> => {
    if (target === '/none') return { status: 204, headers: {}, body: null }
    const body = method === 'HEAD' ? null : new Uint8Array([1, 2, 3])
    return { status: 200, headers: { 'set-cookie': ['a=1', 'b=2'], 'content-length': '3' }, body }
  })
  const whole = await fetch(url)
  expect(whole.headers.getSetCookie()).toEqual(['a=1', 'b=2'])
  expect([...new Uint8Array(await whole.arrayBuffer())]).toEqual([1, 2, 3])
  const head = await fetch(url, { method: 'HEAD' })
  expect([head.headers.get('content-length'), await head.text()]).toEqual(['3', ''])
  const none = await fetch(`${url}/none`)
  expect([none.status, none.headers.get('content-length')]).toEqual([204, null])
})

test('tells a length of nothing only where that is the whole body', async () => {
  const { url } = await serving(async ({ target }) => ({ status: Number(target.slice(1)), headers: {}, body: null }))
  const lengthOf = async (method: string, status: number) =>
    (await fetch(`${url}/${status}`, { method })).headers.get('content-length')
  expect(await lengthOf('GET', 200)).toBe('0')
  expect(await lengthOf('HEAD', 200)).toBeNull()
  expect(await lengthOf('GET', 204)).toBeNull()
  expect(await lengthOf('GET', 304)).toBeNull()
})

test('answers over the limit with 413 whether the length is declared or not, and closes without a reset', async () => {
  const refuse = async (incoming: Incoming): Promise<Outgoing> => {
    try {
      await incoming.body(100_000)
      return json({ fine: true })
    } catch (cause) {
      return json({ type: (cause as { type?: string }).type }, 413)
    }
  }
  const { server, url } = await serving(refuse)
  const large = new Uint8Array(20 * 1024 * 1024)
  const declared = await fetch(url, { method: 'POST', body: large })
  expect([declared.status, await declared.json()]).toEqual([413, { type: 'PayloadTooLarge' }])
  expect(declared.headers.get('connection')).toBe('close')
  const chunked = new ReadableStream<Uint8Array>({
    start(controller) {
      for (let i = 0; i < 20; i++) controller.enqueue(large.subarray(0, 1024 * 1024))
      controller.close()
    },
  })
  const undeclared = await fetch(url, { method: 'POST', body: chunked, duplex: 'half' })
  expect([undeclared.status, await undeclared.json()]).toEqual([413, { type: 'PayloadTooLarge' }])
  expect((await fetch(url, { method: 'POST', body: large.subarray(0, 100_000) })).status).toBe(200)
  // What comes after the refusal is read away at once, or the caller could not send it all before it is cut off.
  const head = 'POST / HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n'
  const part = `100000\r\n${'x'.repeat(1024 * 1024)}\r\n`
  const got = await exchange(server.port, head, part.repeat(20), '0\r\n\r\n')
  expect(got).toMatch(/^HTTP\/1\.1 413 [^]*connection: close[^]*"PayloadTooLarge"/i)
})

test('a body that stops coming is refused, and one whose reading is broken off too', async () => {
  const { server } = await serving(
    async (incoming) => {
      const reading: Reading = { came: 0, breakOff: null }
      try {
        const read = incoming.body(1000, () => {}, reading)
        if (incoming.target === '/broken') {
          await vi.waitFor(() => expect(reading.came).toBe(3))
          reading.breakOff?.(new ApiError('RateLimited', 'Others need the room.'))
        }
        return json((await read).length)
      } catch (cause) {
        return json({ type: (cause as ApiError).type, ...reading })
      }
    },
    { stallTime: 150 },
  )
  const post = (path: string) => `POST ${path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: 6\r\n\r\n`
  const [stopped, broken, slow] = await Promise.all([
    exchange(server.port, post('/'), 'abc'),
    exchange(server.port, post('/broken'), 'abc'),
    exchange(server.port, post('/'), 'ab', 'cd', 'e', 'f'),
  ])
  expect(stopped).toContain('"type":"OperationTimeout"')
  expect(stopped).toContain('"came":3,"breakOff":null')
  expect(broken).toContain('"type":"RateLimited"')
  expect(slow).toMatch(/\r\n6$/)
})

test('a body whose caller goes away is over at once, and has nothing left to break off', async () => {
  const reading: Reading = { came: 0, breakOff: null }
  const ended = Promise.withResolvers<unknown>()
  const { server } = await serving(async (incoming) => {
    const read = incoming.body(1000, () => {}, reading)
    await vi.waitFor(() => expect(reading.came).toBe(3))
    caller.destroy()
    await read.catch(ended.resolve)
    return json({})
  })
  const caller = connect(server.port, '127.0.0.1')
  caller.write('POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 6\r\n\r\nabc')
  expect(await ended.promise).toBeInstanceOf(CallerGone)
  expect(reading).toEqual({ came: 3, breakOff: null })
})

test('asks for the bytes it is about to keep, at once where the length is declared, else as they come', async () => {
  const held: number[] = []
  const { url } = await serving(async (incoming) => {
    try {
      const body = await incoming.body(1000, (bytes) => {
        held.push(bytes)
        if (held.reduce((sum, one) => sum + one, 0) > 300) throw new Error('full')
      })
      return json(body.length)
    } catch (cause) {
      return json((cause as Error).message, 429)
    }
  })
  const post = async (body: string | ReadableStream<Uint8Array>) =>
    (await fetch(url, { method: 'POST', body, duplex: 'half' })).json()
  const chunked = (...sizes: number[]) =>
    new ReadableStream<Uint8Array>({
      async pull(controller) {
        const size = sizes.shift()
        if (size === undefined) return controller.close()
        controller.enqueue(new Uint8Array(size))
        await sleep(20)
      },
    })
  expect([await post('x'.repeat(200)), held.splice(0)]).toEqual([200, [200]])
  expect([await post('x'.repeat(301)), held.splice(0)]).toEqual(['full', [301]])
  expect([await post(chunked(100, 200)), held.splice(0)]).toEqual([300, [100, 200]])
  expect([await post(chunked(100, 150, 100, 50)), held.splice(0)]).toEqual(['full', [100, 150, 100]])
})

test('tells a caller that asks first to send its body only when that is wanted', async () => {
  const { server } = await serving(async (incoming) =>
    incoming.target === '/wanted' ? json((await incoming.body(1000)).length) : json({}, 403),
  )
  const ask = (target: string, ...rest: string[]) =>
    exchange(
      server.port,
      `POST ${target} HTTP/1.1\r\nhost: x\r\nconnection: close\r\nexpect: 100-continue\r\ncontent-length: 5\r\n\r\n`,
      ...rest,
    )
  expect(await ask('/wanted', 'hello')).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 OK[^]*\r\n\r\n5$/)
  expect(await ask('/refused')).toMatch(/^HTTP\/1\.1 403 /)
})

test.each([
  ['100-continue', 403],
  ['anything', 400],
])('a connection whose caller was not told to send its body (%s) is not used again', async (expected, status) => {
  const { server } = await serving(async () => json({}, 403))
  const asking = request({
    port: server.port,
    host: '127.0.0.1',
    method: 'POST',
    headers: { connection: 'keep-alive', expect: expected, 'content-length': 5 },
  })
  asking.flushHeaders()
  const [answer] = (await once(asking, 'response')) as [IncomingMessage]
  expect([answer.statusCode, answer.headers.connection]).toEqual([status, 'close'])
  await once(answer.resume(), 'close')
})

test('keeps the connection when a small body was not read', async () => {
  const { server } = await serving(async () => json({}, 401))
  const first = 'POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\n\r\nhello'
  const last = 'GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n'
  const got = await exchange(server.port, first, last)
  expect(got.match(/HTTP\/1\.1 401/g)).toHaveLength(2)
})

test('answers with the envelope when the app rejects, and says nothing of the cause', async () => {
  const { url } = await serving(async () => Promise.reject(new Error('select secret')))
  const response = await fetch(url)
  const text = await response.text()
  expect([response.status, JSON.parse(text).type]).toEqual([500, 'Internal'])
  expect(text).not.toContain('select')
})

test('tells the app when the caller goes away', async () => {
  const gone = Promise.withResolvers<void>()
  const { url } = await serving(async (incoming) => {
    incoming.signal.addEventListener('abort', () => gone.resolve())
    await gone.promise
    return json({})
  })
  await expect(fetch(url, { signal: AbortSignal.timeout(50) })).rejects.toThrow('abort')
  await gone.promise
})

test('tells the app that the caller went away when it asks after that', async () => {
  const [asked, gone] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const looked = Promise.withResolvers<boolean>()
  const { server, url } = await serving(async (incoming) => {
    asked.resolve()
    await gone.promise
    looked.resolve(incoming.signal.aborted)
    return json({})
  })
  const caller = connect(server.port, '127.0.0.1')
  caller.write(`GET / HTTP/1.1\r\nhost: ${new URL(url).host}\r\n\r\n`)
  await asked.promise
  caller.resetAndDestroy()
  await expect.poll(() => server.underWay).toBe(0)
  gone.resolve()
  expect(await looked.promise).toBe(true)
})

test('streams with back-pressure and cancels the source when the reader leaves', async () => {
  const cancelled = Promise.withResolvers<void>()
  let pulled = 0
  const { url } = await serving(async () => ({
    status: 200,
    headers: { 'content-type': 'application/octet-stream' },
    body: new ReadableStream<Uint8Array>({
      pull(controller) {
        pulled += 1
        controller.enqueue(new Uint8Array(64 * 1024))
      },
      cancel: () => cancelled.resolve(),
    }),
  }))
  const response = await fetch(url)
  const reader = response.body?.getReader()
  await reader?.read()
  await sleep(200)
  const before = pulled
  await sleep(200)
  // An endless source that is not read: it must have come to rest, not run on.
  expect(pulled).toBe(before)
  await reader?.cancel()
  await cancelled.promise
})

test('cuts off a reader that takes nothing, and lets a slow one have all', async () => {
  const piece = new Uint8Array(64 * 1024)
  const size = 40 * 1024 * 1024
  const cancelled = Promise.withResolvers<void>()
  const { server } = await serving(
    async ({ target }): Promise<Outgoing> => {
      if (target === '/whole') return { status: 200, headers: {}, body: new Uint8Array(size) }
      let left = size
      const body = new ReadableStream<Uint8Array>({
        pull(controller) {
          left -= piece.length
          controller.enqueue(piece)
          if (left <= 0) controller.close()
        },
        cancel: () => cancelled.resolve(),
      })
      return { status: 200, headers: {}, body }
    },
    { stallTime: 400 },
  )
  const ask = (target: string) => {
    const socket = connect(server.port, '127.0.0.1')
    socket.on('error', () => {})
    socket.write(`GET ${target} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`)
    return socket
  }
  const stalled = [ask('/stream').pause(), ask('/whole').pause()]
  while (server.underWay < 2) await sleep(5)
  while (server.underWay > 0) await sleep(20)
  await cancelled.promise
  for (const socket of stalled) socket.destroy()

  for (const target of ['/stream', '/whole']) {
    const slow = ask(target)
    let got = 0
    for await (const chunk of slow) {
      if (got === 0) await sleep(150)
      got += (chunk as Buffer).length
      if (got < 2 * 1024 * 1024) await sleep(10)
    }
    expect([target, got >= size]).toEqual([target, true])
  }
})

test('breaks the connection when a stream fails half-way, so that nobody takes it for whole', async () => {
  const { url } = await serving(async () => ({
    status: 200,
    headers: {},
    body: new ReadableStream<Uint8Array>({
      async pull(controller) {
        controller.enqueue(new Uint8Array(10))
        await sleep(20)
        controller.error(new Error('lost'))
      },
    }),
  }))
  const response = await fetch(url)
  await expect(response.arrayBuffer()).rejects.toThrow()
})

test('closing answers what is under way and what still comes on kept connections, then ends', async () => {
  const release = Promise.withResolvers<void>()
  const { server, url } = await serving(async ({ target }) => {
    if (target === '/slow') await release.promise
    return json(target)
  })
  const kept = connect(server.port, '127.0.0.1').setEncoding('latin1')
  let got = ''
  kept.on('data', (text: string) => (got += text))
  const ended = once(kept, 'close')
  kept.write('GET /one HTTP/1.1\r\nhost: x\r\n\r\n')
  await once(kept, 'data')
  const slow = fetch(`${url}/slow`)
  while (server.underWay === 0) await sleep(5)
  const closed = server.close(5000)
  await sleep(20)
  kept.write('GET /two HTTP/1.1\r\nhost: x\r\n\r\n')
  await ended
  expect(got).toContain('"/two"')
  expect(got.split('"/one"')[1]).toMatch(/connection: close/i)
  await expect(fetch(url)).rejects.toThrow('fetch failed')
  release.resolve()
  const response = await slow
  expect([await response.json(), response.headers.get('connection')]).toEqual(['/slow', 'close'])
  expect(await closed).toBe(0)
})

test('closing ends event streams at once, cuts what is too slow after the grace, and does not wait for silent sockets', async () => {
  const { server, url } = await serving(async ({ target }) => {
    if (target === '/never') await new Promise(() => {})
    return { status: 200, headers: { 'content-type': 'text/event-stream' }, body: new ReadableStream<Uint8Array>() }
  })
  const silent = connect(server.port, '127.0.0.1')
  await once(silent, 'connect')
  const events = await fetch(`${url}/events`)
  expect(server.openStreams).toBe(1)
  const never = fetch(`${url}/never`).catch((error: Error) => error.message)
  while (server.underWay < 2) await sleep(5)
  const closed = server.close(2000)
  const first = await Promise.race([events.text(), closed])
  expect(first).toBe('')
  expect(await closed).toBe(1)
  expect(await never).toBe('fetch failed')
})

test('closing ends event streams that come back meanwhile, and those whose answer was still being made', async () => {
  const release = Promise.withResolvers<void>()
  const { server, url } = await serving(async ({ target }) => {
    if (target === '/late') await release.promise
    return { status: 200, headers: { 'content-type': 'text/event-stream' }, body: new ReadableStream<Uint8Array>() }
  })
  const kept = connect(server.port, '127.0.0.1').setEncoding('latin1')
  const ended = once(kept, 'close')
  kept.write('GET /events HTTP/1.1\r\nhost: x\r\n\r\n')
  await once(kept, 'data')
  const late = fetch(`${url}/late`)
  while (server.underWay < 2) await sleep(5)
  const closed = server.close(5000)
  await once(kept, 'data')
  // As a browser does, on the connection that it still has.
  kept.write('GET /events HTTP/1.1\r\nhost: x\r\n\r\n')
  release.resolve()
  expect(await (await late).text()).toBe('')
  await ended
  expect(await closed).toBe(0)
})

test('an address that is taken is refused by the system', async () => {
  const { server } = await serving(async () => json({}))
  await expect(serving(async () => json({}), { port: server.port })).rejects.toMatchObject({ code: 'EADDRINUSE' })
})
