import { setTimeout as sleep } from 'node:timers/promises'
import type { Hostile } from './hostile.testing.ts'
import type { TestServer } from './test-server.testing.ts'
import { many, open, raw, type Reply, type Wire } from './wire.testing.ts'

const nothing: Reply = { status: 0, type: '', headers: {}, text: '' }

/** What an honest caller gets while the connections are open; they are dropped after that. */
async function beside(testServer: TestServer, wires: readonly Wire[], while_ = 100): Promise<Reply[]> {
  await sleep(while_)
  const replies = await many(3, () => testServer.ask({ path: '/v1/admin/account/me' }))
  for (const { socket } of wires) socket.destroy()
  return replies
}

const wiresTo = (url: string, count: number, first: string): Promise<Wire[]> =>
  Promise.all(Array.from({ length: count }, () => open(url, first)))

/** Two requests where a front and we might count one. */
const post = (lines: string, body: string): string =>
  `POST /v1/admin/account/preferences/x HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n${lines}\r\n${body}`
const hidden = 'GET /v1/admin/hidden HTTP/1.1\r\nHost: a\r\n\r\n'

const smuggled: Record<string, string> = {
  'a length and chunks': post('Content-Length: 4\r\nTransfer-Encoding: chunked\r\n', `0\r\n\r\n${hidden}`),
  'two lengths': post(`Content-Length: 2\r\nContent-Length: ${2 + hidden.length}\r\n`, `{}${hidden}`),
  'a length with a sign': post('Content-Length: +2\r\n', `{}${hidden}`),
  'a length in hex': post('Content-Length: 0x2\r\n', `{}${hidden}`),
  'a length that overflows': post('Content-Length: 18446744073709551618\r\n', `{}${hidden}`),
  'chunks in other words': post('Transfer-Encoding: xchunked\r\n', `0\r\n\r\n${hidden}`),
  'chunks twice': post('Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n', `0\r\n\r\n${hidden}`),
  'a space before the colon': post('Content-Length : 2\r\n', `{}${hidden}`),
  'a folded header': post('X: a\r\n Content-Length: 2\r\n', hidden),
  'a bare line feed': `GET / HTTP/1.1\nHost: a\n\n${hidden}`,
  'a chunk that is too long': post('Transfer-Encoding: chunked\r\n', `fffffffffffffffff\r\n{}\r\n0\r\n\r\n`),
  'a megabyte of chunk extensions': post(
    'Transfer-Encoding: chunked\r\n',
    `2;${'x'.repeat(200_000)}\r\n{}\r\n0\r\n\r\n`,
  ),
  'nothing in a header': `GET / HTTP/1.1\r\nHost: a\r\nX: \0\r\n\r\n`,
}

const other: Record<string, string> = {
  'HTTP/0.9': 'GET /\r\n\r\n',
  'HTTP/2 in the open': 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
  'the beginning of TLS': `\x16\x03\x01\x02\x00\x01\x00${'\x01'.repeat(500)}`,
  'a version that is not there': 'GET / HTTP/9.9\r\nHost: a\r\n\r\n',
  'a method that is none': 'HACK / HTTP/1.1\r\nHost: a\r\n\r\n',
  'no method at all': `${'\0'.repeat(5000)}\r\n\r\n`,
  CONNECT: 'CONNECT 127.0.0.1:22 HTTP/1.1\r\nHost: a\r\n\r\n',
  TRACE: 'TRACE / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n',
  'an upgrade':
    'GET /v1/admin/account/me HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: x\r\n\r\n',
}

export const connections: readonly Hostile[] = [
  ...Object.entries(smuggled).map(([name, bytes]): Hostile => ({
    name: `a request in a request: ${name}`,
    send: async ({ url }) => {
      const replies = await raw(url, bytes, 150)
      // Never an answer to the hidden one.
      return replies.map((reply) => (reply.text.includes('admin/hidden') ? { ...reply, status: 999 } : reply))
    },
    answers: ['400 InvalidPayload'],
  })),
  ...Object.entries(other).map(([name, bytes]): Hostile => ({
    name: `what is not HTTP as we speak it: ${name}`,
    send: ({ url }) => raw(url, bytes, 150),
    answers: ['200', '400 InvalidPayload', '401 Unauthorized', '404 ResourceNotFound', '405 MethodNotFound'],
  })),
  {
    name: 'five hundred calls on one connection at once',
    send: ({ url }) => {
      const call = 'GET /v1/admin/account/me HTTP/1.1\r\nHost: a\r\n'
      return raw(url, `${`${call}\r\n`.repeat(499)}${call}Connection: close\r\n\r\n`, 5000)
    },
    answers: ['401 Unauthorized'],
    loop: 900,
    process: 1200,
  },
  {
    name: 'three hundred heads that come letter by letter',
    send: async (testServer) => {
      const wires = await wiresTo(testServer.url, 300, 'GET /v1/admin/account/me HTTP/1.1\r\nHo')
      for (const { socket } of wires) socket.write('s')
      return beside(testServer, wires)
    },
    answers: ['200'],
    loop: 400,
  },
  {
    name: 'a hundred bodies of which the rest never comes',
    send: async (testServer) =>
      beside(testServer, await wiresTo(testServer.url, 100, post('Content-Length: 1000000\r\n', '{"value":'))),
    answers: ['200'],
    loop: 400,
  },
  {
    name: 'a hundred who begin a body that they may not send, as slowly as they can',
    send: async (testServer) => {
      const head = `POST /trpc/me.signUp?batch=1 HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n`
      return beside(testServer, await wiresTo(testServer.url, 100, `${head}1\r\n{\r\n`))
    },
    answers: ['200'],
    loop: 400,
  },
  {
    name: 'twenty who follow a signed link and read nothing',
    send: async (testServer) =>
      beside(
        testServer,
        await wiresTo(testServer.url, 20, `GET ${testServer.download} HTTP/1.1\r\nHost: a\r\n\r\n`),
        400,
      ),
    answers: ['200'],
    loop: 900,
    process: 1500,
    memory: 150,
  },
  {
    name: 'a signed link that is followed sixteen times',
    send: async ({ stranger, download }) => {
      const replies: Reply[] = []
      for (let round = 0; round < 4; round++) replies.push(...(await many(4, () => stranger({ path: download }))))
      return replies.map((reply) => ({ ...reply, text: '' }))
    },
    answers: ['200'],
    loop: 800,
    process: 1800,
    memory: 150,
  },
  {
    name: 'seventy streams of one person',
    send: async (testServer) => {
      const query = `input=${encodeURIComponent(JSON.stringify({ workspaceId: testServer.workspaceId }))}`
      const head = `GET /trpc/workspace.changes?${query} HTTP/1.1\r\nHost: a\r\nAuthorization: ${testServer.owner['authorization']}\r\nAccept: text/event-stream\r\n\r\n`
      const wires = await wiresTo(testServer.url, 70, head)
      const countRefused = (): number => wires.filter((wire) => wire.text().includes('RateLimited')).length
      for (let waited = 0; countRefused() < 6 && waited < 15_000; waited += 50) await sleep(50)
      const honest = await beside(testServer, wires, 500)
      const refused = countRefused()
      // Sixty-four are open; the others are refused, each with its reason.
      return [...honest, { ...nothing, status: refused === 6 ? 200 : 900 + refused }]
    },
    answers: ['200'],
    loop: 600,
    process: 900,
  },
  {
    name: 'sixty streams of one person while forty changes are made',
    send: async (testServer) => {
      const query = `input=${encodeURIComponent(JSON.stringify({ workspaceId: testServer.workspaceId }))}`
      const head = `GET /trpc/workspace.changes?${query} HTTP/1.1\r\nHost: a\r\nAuthorization: ${testServer.owner['authorization']}\r\nAccept: text/event-stream\r\n\r\n`
      const wires = await wiresTo(testServer.url, 60, head)
      const replies: Reply[] = []
      for (let n = 0; n < 40; n++) {
        const body = JSON.stringify({ name: `turn ${n}` })
        replies.push(await testServer.ask({ method: 'PUT', path: `/v1/admin/bots/${testServer.botId}`, body }))
        await sleep(25)
      }
      return [...replies, ...(await beside(testServer, wires))]
    },
    answers: ['200'],
    loop: 1500,
    process: 1500,
  },
  {
    name: 'three hundred connections that say nothing',
    send: async (testServer) => beside(testServer, await wiresTo(testServer.url, 300, '')),
    answers: ['200'],
    loop: 400,
  },
]
