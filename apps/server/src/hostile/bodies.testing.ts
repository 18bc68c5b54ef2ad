import { entries, json, type Hostile } from './hostile.testing.ts'
import type { TestServer } from './test-server.testing.ts'
import { many, type Reply, type Sent } from './wire.testing.ts'

const mebibyte = 1024 * 1024
const signUps = '/trpc/me.signUp,bot.create?batch=1'

/** Changes the bot with a body as text. */
const update = async ({ ask, botId }: TestServer, body: Sent['body'], headers?: Sent['headers']): Promise<Reply[]> => [
  await ask({
    method: 'PUT',
    path: `/v1/admin/bots/${botId}`,
    ...(body !== undefined && { body }),
    ...(headers && { headers }),
  }),
]

const prefer = async ({ ask }: TestServer, body: string): Promise<Reply[]> => [
  await ask({ method: 'POST', path: '/v1/admin/account/preferences/hostile', body }),
]

/** Sixteen parts of a mebibyte, of unknown length altogether. */
const chunked = Array.from({ length: 16 }, () => Buffer.alloc(mebibyte, 0x20))

export const bodies: readonly Hostile[] = [
  {
    name: 'thirty-two megabytes of a stranger, in a batch with what takes them',
    send: async ({ stranger }) => [
      await stranger({ method: 'POST', path: signUps, headers: json, body: Buffer.alloc(32 * mebibyte, 0x20) }),
    ],
    answers: ['207 PayloadTooLarge Unauthorized'],
    memory: 60,
  },
  {
    name: 'twenty chunked bodies of strangers at once',
    send: ({ stranger }) => many(20, () => stranger({ method: 'POST', path: signUps, headers: json, body: chunked })),
    answers: ['207 PayloadTooLarge Unauthorized', '207 RateLimited Unauthorized', '0'],
    seen: ['207 PayloadTooLarge Unauthorized'],
    // What is already on its way is read and dropped, so that the answer arrives.
    loop: 700,
    process: 1200,
  },
  {
    name: 'a body for what its key does not open',
    send: async ({ stranger, botKey }) => [
      await stranger({
        method: 'POST',
        path: '/v1/admin/bots',
        headers: { ...botKey, ...json },
        body: Buffer.alloc(16 * mebibyte, 0x20),
      }),
    ],
    answers: ['403 Forbidden'],
    memory: 60,
  },
  {
    name: 'a body for another’s workspace',
    send: async ({ ask, owner }) => [
      await ask({
        method: 'POST',
        path: '/v1/admin/bots',
        headers: { ...owner, ...json, 'x-workspace-id': 'wkspace_00000000000000000000000000' },
        body: `{"tags":${entries(20_000, '"x"')}}`,
      }),
    ],
    answers: ['404 ResourceNotFound'],
    loop: 100,
  },
  {
    name: 'two hundred and forty thousand tags',
    send: (testServer) => update(testServer, `{"tags":${entries(240_000, '"x"')}}`),
    answers: ['413 LimitExceeded', '413 PayloadTooLarge', '400 InvalidPayload'],
  },
  {
    name: 'a megabyte of empty lists',
    send: (testServer) => prefer(testServer, `{"value":[${'[],'.repeat(330_000)}[]]}`),
    answers: ['413 LimitExceeded', '413 PayloadTooLarge'],
  },
  {
    name: 'five hundred thousand brackets',
    send: (testServer) => prefer(testServer, `{"value":${'['.repeat(500_000)}${']'.repeat(500_000)}}`),
    answers: ['413 LimitExceeded', '413 PayloadTooLarge', '400 InvalidPayload'],
  },
  {
    name: 'brackets that are never closed',
    send: (testServer) => prefer(testServer, `{"value":${'[{"a":'.repeat(150_000)}`),
    answers: ['400 InvalidPayload', '413 LimitExceeded'],
  },
  {
    name: 'thirty megabytes of values in what may be large',
    send: (testServer) => update(testServer, `{"configuration":{"data":{"l":[${'0,'.repeat(15_000_000)}0]}}}`),
    answers: ['413 LimitExceeded'],
    process: 2000,
    memory: 250,
  },
  {
    name: 'large Buffers in what is declared',
    send: (testServer) =>
      update(testServer, `{"configuration":{"data":{"b":{"type":"Buffer","data":[${'1,'.repeat(400_000)}1]}}}}`),
    answers: ['400 InvalidPayload', '413 LimitExceeded'],
  },
  {
    name: 'a key that stands there a hundred thousand times',
    send: (testServer) => prefer(testServer, `{${'"value":1,'.repeat(100_000)}"value":2}`),
    answers: ['200', '413 LimitExceeded', '400 InvalidPayload'],
  },
  {
    name: '__proto__ in every place',
    send: async (testServer) => [
      ...(await prefer(testServer, '{"value":{"__proto__":{"admin":true}}}')),
      ...(await update(testServer, '{"tags":{"__proto__":"x"}}')),
      ...(await update(testServer, '{"configuration":{"data":{"a":[{"\\u005f_proto__":1}]}}}')),
    ],
    answers: ['400 InvalidPayload'],
  },
  {
    name: 'numbers that no machine holds',
    send: async (testServer) => [
      ...(await prefer(testServer, `{"value":${'9'.repeat(500_000)}}`)),
      ...(await prefer(testServer, '{"value":1e999}')),
      ...(await prefer(testServer, `{"value":0.${'0'.repeat(400_000)}1}`)),
    ],
    answers: ['200', '400 InvalidPayload', '413 PayloadTooLarge'],
  },
  {
    name: 'halves of characters, nothing and noise in texts',
    send: async (testServer) => [
      ...(await prefer(testServer, '{"value":"\\ud800"}')),
      ...(await update(testServer, '{"name":"\\u0000"}')),
      ...(await update(testServer, '{"name":"\\udc00\\ud800"}')),
      ...(await update(testServer, Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]))),
    ],
    answers: ['400 InvalidPayload'],
  },
  {
    name: 'letters that grow when they are folded, and names that look alike',
    send: async (testServer) => [
      ...(await update(testServer, `{"name":"${'ﷺ'.repeat(200)}"}`)),
      ...(await update(testServer, `{"name":"\u202e${'a\u0301'.repeat(90)}"}`)),
      ...(await update(testServer, `{"name":"${'Z\u0300\u0301\u0302'.repeat(200_000)}"}`)),
    ],
    answers: ['200', '413 LimitExceeded', '400 InvalidPayload'],
  },
  {
    name: 'a compressed body that would be large',
    send: (testServer) =>
      update(testServer, Buffer.alloc(1000, 7), { ...testServer.owner, ...json, 'content-encoding': 'gzip' }),
    answers: ['415 UnsupportedMediaType'],
  },
  {
    name: 'a content type with ten thousand parameters',
    send: (testServer) =>
      update(testServer, '{}', {
        ...testServer.owner,
        'content-type': `application/json${';charset=utf-8 '.repeat(900)}`,
      }),
    answers: ['200', '415 UnsupportedMediaType'],
  },
  {
    name: 'no JSON at all',
    send: async (testServer) => [
      ...(await update(testServer, '<!DOCTYPE x [<!ENTITY a "b">]>')),
      ...(await update(testServer, 'null')),
      ...(await update(testServer, '[{}]')),
      ...(await update(testServer, '"x"')),
      ...(await update(testServer, `{"name":${' '.repeat(900_000)}`)),
    ],
    answers: ['400 InvalidPayload'],
  },
  {
    name: 'a document over its megabyte, in one call and in pieces',
    send: async (testServer) => {
      const state = (size: number): string => `{"type":"user","schema":{"title":"${'x'.repeat(size)}"}}`
      const event = (n: number): string =>
        `{"schedule":{"cron":"* * * * *"},"type":"t","payload":{"p${n}":"${'x'.repeat(120_000)}"}}`
      const replies = await update(testServer, `{"states":{"one":${state(2_000_000)}}}`)
      for (let n = 0; n < 10; n++)
        replies.push(...(await update(testServer, `{"recurringEvents":{"event${n}":${event(n)}}}`)))
      return replies
    },
    answers: ['200', '413 LimitExceeded'],
    seen: ['413 LimitExceeded'],
    loop: 500,
    process: 900,
  },
  {
    name: 'thousands of names merged from a plugin that is not there',
    send: (testServer) => update(testServer, `{"events":${entries(2500, '{"schema":{}}', 'p#e')}}`),
    answers: ['413 LimitExceeded', '400 InvalidPayload', '413 PayloadTooLarge'],
  },
]
