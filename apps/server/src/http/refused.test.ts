import { once } from 'node:events'
import { connect } from 'node:net'
import { guardsOf } from '@steward/api/server'
import { expect, test } from 'vitest'
import { exchange, json, serving } from './listen.testing.ts'

test.each([
  ['no HTTP at all', 'hello there\r\n\r\n', 400, 'InvalidPayload'],
  [
    'two lengths',
    'POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\na',
    400,
    'InvalidPayload',
  ],
  ['no host', 'GET / HTTP/1.1\r\nconnection: close\r\n\r\n', 400, 'InvalidPayload'],
  ['two hosts', 'GET / HTTP/1.1\r\nhost: a\r\nHOST: b\r\nconnection: close\r\n\r\n', 400, 'InvalidPayload'],
  ['one host twice', 'GET / HTTP/1.1\r\nhost: a\r\nhost: a\r\nconnection: close\r\n\r\n', 400, 'InvalidPayload'],
  [
    'an unknown expectation',
    'POST / HTTP/1.1\r\nhost: x\r\nexpect: wonders\r\nconnection: close\r\ncontent-length: 1\r\n\r\na',
    400,
    'InvalidPayload',
  ],
  ['a tunnel', 'CONNECT x:443 HTTP/1.1\r\nhost: x:443\r\n\r\nhello', 405, 'MethodNotFound'],
  ['huge headers', `GET / HTTP/1.1\r\nhost: x\r\nx: ${'a'.repeat(20_000)}\r\n\r\n`, 413, 'LimitExceeded'],
])('answers malformed HTTP with the envelope: %s', async (_name, bytes, status, type) => {
  const { server } = await serving(async () => json({}))
  const got = await exchange(server.port, bytes)
  expect(got).toContain(`HTTP/1.1 ${status} `)
  expect(JSON.parse(got.slice(got.indexOf('\r\n\r\n') + 4))).toMatchObject({
    code: status,
    type,
    id: expect.any(String),
  })
})

test.each(['GET / HTTP/1.0\r\n\r\n', 'GET / HTTP/1.1\r\nhost:\r\nconnection: close\r\n\r\n'])(
  'serves what names no host and need not: %j',
  async (bytes) => {
    const { server } = await serving(async () => json({}))
    expect(await exchange(server.port, bytes)).toContain('HTTP/1.1 200 OK')
  },
)

test.each([null, 'https://steward.example.org'])('refuses under the same guards as the app (%s)', async (publicUrl) => {
  const { server } = await serving(() => Promise.reject(new Error('lost')), { publicUrl })
  const requests = ['hello there\r\n\r\n', 'GET / HTTP/1.1\r\nconnection: close\r\n\r\n', 'GET / HTTP/1.0\r\n\r\n']
  for (const bytes of requests) {
    const head = (await exchange(server.port, bytes)).split('\r\n\r\n')[0]?.split('\r\n') ?? []
    for (const [name, value] of Object.entries(guardsOf(publicUrl))) expect(head).toContain(`${name}: ${value}`)
    expect(head.some((line) => line.startsWith('strict-transport-security'))).toBe(publicUrl !== null)
  }
})

test('a tunnel that its caller holds open does not hold up closing', async () => {
  const { server } = await serving(async () => json({}))
  const socket = connect({ port: server.port, host: '127.0.0.1', allowHalfOpen: true }).resume()
  socket.write('CONNECT x:443 HTTP/1.1\r\nhost: x:443\r\n\r\n')
  await once(socket, 'end')
  expect(await server.close(100)).toBe(0)
  socket.destroy()
})

test('a connection that was opened ahead and not used is closed without an answer, half a request with one', async () => {
  const { server } = await serving(async () => json({}), { headersTimeout: 100 })
  const [silent, half] = await Promise.all([
    exchange(server.port),
    exchange(server.port, 'GET / HTTP/1.1\r\nhost: x\r\n'),
  ])
  expect(silent).toBe('')
  expect(half).toContain('HTTP/1.1 504 OperationTimeout')
})

test('a tunnel whose caller is gone does not end the process', async () => {
  const { server, url } = await serving(async () => json({}))
  for (let round = 0; round < 20; round++) {
    const socket = connect(server.port, '127.0.0.1')
    socket.on('error', () => {})
    const closed = once(socket, 'close')
    socket.write('CONNECT x:1 HTTP/1.1\r\nhost: x\r\n\r\n', () => socket.resetAndDestroy())
    await closed
  }
  expect((await fetch(url)).status).toBe(200)
})

test('a tunnel is not refused into the answer before it', async () => {
  const { server } = await serving(() => new Promise(() => {}))
  const got = await exchange(
    server.port,
    'GET / HTTP/1.1\r\nhost: x\r\n\r\n',
    'CONNECT x:1 HTTP/1.1\r\nhost: x\r\n\r\n',
  )
  expect(got).toBe('')
})

test.each([
  ['http://x/a%2Fb/http://c?d=http://e', '/a%2Fb/http://c?d=http://e'],
  ['HTTPS://x:8443?a=1', '/?a=1'],
  ['http://x', '/'],
  ['//x/a', '//x/a'],
  ['ftp://x/a', 'ftp://x/a'],
  ['*', '*'],
])('takes the target %s for %s', async (target, expected) => {
  const { server } = await serving(async (incoming) => json(incoming.target))
  const got = await exchange(server.port, `GET ${target} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`)
  expect(JSON.parse(got.slice(got.indexOf('\r\n\r\n') + 4))).toBe(expected)
})
