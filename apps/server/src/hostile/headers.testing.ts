import { json, type Hostile } from './hostile.testing.ts'
import type { TestServer } from './test-server.testing.ts'
import { many, raw, type Reply } from './wire.testing.ts'

/** A GET as the owner, with lines as they are. */
const withLines = ({ url, owner }: TestServer, lines: string): Promise<Reply[]> =>
  raw(
    url,
    `GET /v1/admin/account/me HTTP/1.1\r\nHost: ${new URL(url).host}\r\nAuthorization: ${owner['authorization']}\r\n${lines}Connection: close\r\n\r\n`,
  )

export const headers: readonly Hostile[] = [
  {
    name: 'cookies by the thousand',
    send: async ({ stranger }) => [
      await stranger({ path: '/v1/admin/account/me', headers: { cookie: 'steward.session_token=x.y; '.repeat(500) } }),
      await stranger({ path: '/v1/admin/account/me', headers: { cookie: 'a=b;'.repeat(3800) } }),
      await stranger({ path: '/auth/get-session', headers: { cookie: 'a=b;'.repeat(3800) } }),
    ],
    answers: ['200', '401 Unauthorized'],
    loop: 600,
    process: 900,
  },
  {
    name: 'cookies of percent signs and equals',
    send: async ({ stranger }) => [
      await stranger({
        path: '/v1/admin/account/me',
        headers: { cookie: `steward.session_token=${'%'.repeat(15_000)}` },
      }),
      await stranger({ path: '/v1/admin/account/me', headers: { cookie: '='.repeat(15_000) } }),
    ],
    answers: ['401 Unauthorized'],
  },
  {
    name: 'an Authorization of fifteen thousand characters',
    send: async ({ stranger }) =>
      Promise.all(
        [
          `Bearer ${'a'.repeat(15_000)}`,
          `Bearer${' '.repeat(15_000)}x`,
          `Bearer ${'bp_pat_'.repeat(2000)}`,
          `Basic ${'='.repeat(15_000)}`,
          'Bearer ',
        ].map((authorization) => stranger({ path: '/v1/admin/account/me', headers: { authorization } })),
      ),
    answers: ['401 Unauthorized'],
  },
  {
    name: 'three hundred tokens with a wrong checksum',
    send: ({ stranger, owner }) =>
      many(300, (n) => {
        const token = owner['authorization'] ?? ''
        return stranger({
          path: '/v1/admin/account/me',
          headers: { authorization: `${token.slice(0, 20)}${n}${token.slice(22)}` },
        })
      }),
    answers: ['401 Unauthorized'],
    loop: 600,
    process: 900,
  },
  {
    name: 'a storm of X-Forwarded-For',
    send: async (testServer) => [
      ...(await withLines(testServer, `X-Forwarded-For: ${'1.2.3.4, '.repeat(1600)}1.2.3.4\r\n`)),
      ...(await withLines(testServer, 'X-Forwarded-For: ::ffff:::::,,,,%25\r\n'.repeat(300))),
      ...(await withLines(
        testServer,
        `Forwarded: ${'for="[::1]:x";'.repeat(1000)}\r\nX-Forwarded-Host: evil\r\nX-Forwarded-Proto: x\r\n`,
      )),
    ],
    answers: ['200'],
  },
  {
    name: 'several hosts, none, and strange ones',
    send: async ({ url }) => {
      const ask = (lines: string, version = '1.1') =>
        raw(url, `GET /v1/admin/account/me HTTP/${version}\r\n${lines}Connection: close\r\n\r\n`)
      const asked = [
        'Host: a\r\nHost: b\r\n',
        '',
        `Host: ${'h'.repeat(12_000)}\r\n`,
        'Host: a b\r\n',
        'Host: \r\n',
        'Host: evil@x:99999\r\n',
      ]
      return (await Promise.all(asked.map((lines) => ask(lines)))).flat()
    },
    answers: ['400 InvalidPayload', '401 Unauthorized'],
    seen: ['400 InvalidPayload'],
  },
  {
    name: 'more headers than there may be, and larger ones',
    send: async (testServer) => [
      ...(await withLines(testServer, Array.from({ length: 1900 }, (_, n) => `a${n}: b\r\n`).join(''))),
      ...(await withLines(testServer, `X-Long: ${'x'.repeat(20_000)}\r\n`)),
      ...(await withLines(testServer, 'X: y\r\n'.repeat(40_000))),
    ],
    answers: ['200', '413 LimitExceeded'],
    seen: ['413 LimitExceeded'],
  },
  {
    name: 'idempotency keys of every kind',
    send: async ({ ask, owner }) =>
      Promise.all(
        ['', 'k'.repeat(15_000), '__proto__', '"', "'; drop", 'ü'].map((key) =>
          ask({
            method: 'POST',
            path: '/v1/admin/account/preferences/key',
            headers: { ...owner, ...json, 'idempotency-key': Buffer.from(key).toString('latin1') },
            body: '{"value":1}',
          }),
        ),
      ),
    answers: ['200', '400 InvalidPayload'],
    seen: ['400 InvalidPayload'],
  },
  {
    name: 'the same key with sixty different requests',
    send: ({ ask, owner }) =>
      many(60, (n) =>
        ask({
          method: 'POST',
          path: '/v1/admin/account/preferences/shared',
          headers: { ...owner, ...json, 'idempotency-key': 'shared' },
          body: `{"value":${n}}`,
        }),
      ),
    answers: ['200', '409 AlreadyExists'],
    loop: 600,
    process: 1000,
  },
  {
    name: 'ranges, conditions and languages that go on and on',
    send: async ({ stranger, download }) => [
      await stranger({ path: '/', headers: { range: `bytes=${'0-0,'.repeat(3000)}0-1`, accept: 'text/html' } }),
      await stranger({ path: '/', headers: { 'if-none-match': `${'W/"x",'.repeat(2400)}"y"` } }),
      await stranger({ path: '/', headers: { 'accept-encoding': `${'gzip;q=0.001,'.repeat(1100)}*;q=0` } }),
      await stranger({ path: '/', headers: { accept: `${'text/html;q=0.1,'.repeat(900)}*/*` } }),
      await stranger({ path: download.replace(/.$/, ''), headers: { range: 'bytes=0-,-1,1-0' } }),
    ],
    answers: ['200', '206', '304', '406', '416', '403 Forbidden', '404 ResourceNotFound'],
  },
  {
    name: 'expectations that nobody can meet',
    send: async (testServer) => [
      ...(await withLines(testServer, 'Expect: 200-ok\r\n')),
      ...(await withLines(testServer, `Expect: ${'100-continue, '.repeat(900)}\r\n`)),
    ],
    answers: ['200', '400 InvalidPayload'],
  },
  {
    name: 'a page elsewhere that calls with many origins',
    send: async (testServer) => [
      ...(await withLines(testServer, `Origin: ${'https://a.example '.repeat(700)}\r\n`)),
      ...(await withLines(testServer, 'Origin: null\r\nOrigin: https://x\r\n')),
      ...(await withLines(
        testServer,
        'Access-Control-Request-Headers: x\r\nX-HTTP-Method-Override: DELETE\r\nSec-Fetch-Site: cross-site\r\n',
      )),
    ],
    answers: ['200', '403 Forbidden'],
  },
]
