import { json, type Hostile } from './hostile.testing.ts'
import { many, raw } from './wire.testing.ts'

const long = 'x'.repeat(16_000)
const batchOf = (count: number, path: string): string => Array.from({ length: count }, () => path).join(',')
const input = (value: unknown): string => `input=${encodeURIComponent(JSON.stringify(value))}`

export const addresses: readonly Hostile[] = [
  {
    name: 'procedures that do not exist, with long names',
    send: ({ stranger }) => many(20, (n) => stranger({ path: `/trpc/${n}${long}` })),
    answers: ['404 ResourceNotFound'],
    loop: 300,
  },
  {
    name: 'a hundred of them in one batch',
    send: async ({ stranger, ask }) => [
      await stranger({ path: `/trpc/${batchOf(100, `nothing.${'y'.repeat(150)}`)}?batch=1` }),
      await ask({ path: `/trpc/${batchOf(100, 'bot"get.\\n')}?batch=1` }),
    ],
    answers: ['404 ResourceNotFound'],
    loop: 300,
  },
  {
    name: 'ten thousand calls in one batch',
    send: async ({ ask }) => [await ask({ path: `/trpc/${','.repeat(10_000)}?batch=1` })],
    answers: ['400 InvalidPayload'],
  },
  {
    name: 'ids of sixteen thousand characters, at both endpoints',
    send: async ({ ask, owner }) => [
      await ask({ path: `/v1/admin/bots/${long}` }),
      await ask({ path: `/v1/admin/workspaces/${long}/audit-records` }),
      await ask({ method: 'DELETE', path: `/v1/admin/bots/baks/${long}`, headers: owner }),
      await ask({ path: `/trpc/bot.get?${input({ id: long })}` }),
    ],
    answers: ['400 InvalidPayload', '400 InvalidQuery', '404 ResourceNotFound'],
  },
  {
    name: 'a workspace id as long as a header may be',
    send: async ({ ask, owner }) => [
      await ask({ path: '/v1/admin/bots', headers: { ...owner, 'x-workspace-id': 'w'.repeat(15_000) } }),
    ],
    answers: ['400 InvalidQuery', '400 InvalidPayload', '404 ResourceNotFound'],
  },
  {
    name: 'ids that are something else',
    send: ({ ask }) =>
      many(8, (n) =>
        ask({
          path: `/v1/admin/bots/${['..%2f..%2fetc%2fpasswd', '%00', "'%20OR%201=1--", '%F0%9F%92%A9', '__proto__', 'constructor', '%25%32%65', '$%7Bjndi:ldap://x%7D'][n] ?? ''}`,
        }),
      ),
    answers: ['404 ResourceNotFound', '400 InvalidQuery', '400 InvalidPayload'],
  },
  {
    name: 'a storm of percent signs',
    send: async ({ ask }) => [
      await ask({ path: `/v1/admin/bots/${'%'.repeat(16_000)}` }),
      await ask({ path: `/v1/admin/bots/${'%25'.repeat(5000)}` }),
      await ask({ path: `/v1/admin/bots?tags.${'%E0%A4%A'.repeat(1500)}=x` }),
      await ask({ path: `/trpc/${'%2c'.repeat(5000)}?batch=1` }),
      await ask({ path: `/trpc/bot.get?input=${'%7B'.repeat(5000)}` }),
    ],
    answers: ['400 InvalidPayload', '400 InvalidQuery', '404 ResourceNotFound', '200'],
  },
  {
    name: 'five thousand parameters',
    send: async ({ ask }) => [
      await ask({ path: `/v1/admin/bots?${Array.from({ length: 3000 }, (_, n) => `p${n}=1`).join('&')}` }),
      await ask({ path: `/v1/admin/bots?${'dev=true&'.repeat(1700)}` }),
      await ask({ path: `/v1/admin/bots?${'&'.repeat(15_000)}` }),
      await ask({ path: `/v1/admin/bots?${Array.from({ length: 1200 }, (_, n) => `tags.k${n}=1`).join('&')}` }),
      await ask({ path: `/v1/admin/bots?tags${'.a'.repeat(7000)}=1` }),
    ],
    answers: ['200', '400 InvalidQuery', '413 LimitExceeded'],
    seen: ['400 InvalidQuery'],
  },
  {
    name: 'filters by thousands of names and ids',
    send: async ({ ask }) => [
      await ask({
        path: `/v1/admin/bots?${Array.from({ length: 1000 }, (_, n) => `integrationNames=${n}`).join('&')}`,
      }),
      await ask({
        path: `/v1/admin/workspaces/public?${Array.from({ length: 900 }, (_, n) => `workspaceIds=${n}`).join('&')}`,
      }),
      await ask({
        path: `/trpc/bot.list?${input({ workspaceId: 'w', pluginNames: Array.from({ length: 2000 }, () => 'p') })}`,
      }),
    ],
    answers: ['400 InvalidQuery', '413 LimitExceeded'],
  },
  {
    name: 'searches made to be slow',
    send: ({ ask }) =>
      many(20, (n) => ask({ path: `/v1/admin/bots?search=${['%25', '_', '%5C', '%25_'][n % 4]?.repeat(45) ?? ''}` })),
    answers: ['200'],
  },
  {
    name: 'page tokens that nobody handed out',
    send: async ({ ask }) => {
      const token = (text: string): string => encodeURIComponent(Buffer.from(text).toString('base64url'))
      const made = [
        '',
        long,
        '['.repeat(3000),
        token('["a","b","c"]'),
        token(`[${'['.repeat(2000)}`),
        token('{"__proto__":[]}'),
      ]
      const given = [...made, token(JSON.stringify(['x'.repeat(2000), 'y', 'z'])), '%00', '..', "'"]
      return Promise.all(given.map((one) => ask({ path: `/v1/admin/bots?nextToken=${one}` })))
    },
    answers: ['200', '400 InvalidQuery'],
    seen: ['400 InvalidQuery'],
  },
  {
    name: 'page sizes that are none',
    send: async ({ ask }) =>
      Promise.all(
        ['0', '-1', '1e9', '999999999999', 'NaN', '0x10', '1'.repeat(10_000)].map((size) =>
          ask({ path: `/v1/admin/bots?pageSize=${size}` }),
        ),
      ),
    answers: ['200', '400 InvalidQuery'],
  },
  {
    name: 'an address that is too long, and far too long',
    send: async ({ stranger }) => [
      await stranger({ path: `/v1/admin/bots?x=${'x'.repeat(15_000)}` }),
      await stranger({ path: `/${'a/'.repeat(7000)}` }),
      await stranger({ path: `/v1/admin/bots?x=${'x'.repeat(40_000)}` }),
    ],
    answers: ['401 Unauthorized', '404 ResourceNotFound', '413 LimitExceeded'],
  },
  {
    name: 'ways out of the folder of the console',
    send: ({ url }) =>
      Promise.all(
        [
          '/../../etc/passwd',
          '/assets/..%2f..%2fpackage.json',
          '//etc/passwd',
          '/.%00/x',
          '/assets/%2e%2e/%2e%2e/x',
          'http://other/etc/passwd',
        ].map(
          async (path) =>
            (await raw(url, `GET ${path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`))[0] ?? {
              status: -1,
              type: '',
              headers: {},
              text: '',
            },
        ),
      ),
    answers: ['200', '400 InvalidPayload', '404 ResourceNotFound'],
  },
  {
    name: 'input of a query made of brackets',
    send: async ({ ask }) => [
      await ask({ path: `/trpc/bot.list?input=${'['.repeat(15_000)}` }),
      await ask({ path: `/trpc/bot.list?input=${encodeURIComponent(`${'{"a":'.repeat(1100)}1${'}'.repeat(1100)}`)}` }),
      await ask({ path: `/trpc/bot.list,bot.list?batch=1&input=${encodeURIComponent('[1,2]')}` }),
    ],
    answers: ['400 InvalidPayload', '400 InvalidQuery', '413 LimitExceeded'],
  },
  {
    name: 'a batch of a hundred changes with one key',
    send: async ({ ask, owner }) => [
      await ask({
        method: 'POST',
        path: `/trpc/${batchOf(100, 'bot.create')}?batch=1`,
        headers: { ...owner, ...json, 'idempotency-key': 'one' },
        body: '{}',
      }),
    ],
    answers: ['400 InvalidPayload'],
  },
]
