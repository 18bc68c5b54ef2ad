import { silentLog, type Incoming } from '@steward/api/server'
import { describe, expect, test } from 'vitest'
import { exchange, json, serving } from './listen.testing.ts'
import { createProxyNotice, networksOf, type TrustedProxies } from './proxies.ts'

/** What the app is told of a request with these headers, which comes from 127.0.0.1. */
async function routed(trustedProxies: TrustedProxies, headers: Record<string, string>) {
  const { server } = await serving(async ({ ip, origin }) => json({ ip, origin }), { trustedProxies })
  const lines = Object.entries({ host: 'a.test', ...headers }).map(([name, value]) => `${name}: ${value}`)
  const got = await exchange(server.port, ['GET / HTTP/1.1', 'connection: close', ...lines, '', ''].join('\r\n'))
  return JSON.parse(got.slice(got.indexOf('\r\n\r\n') + 4)) as { ip: string; origin: string }
}

const socket = '127.0.0.1'

describe('the address of the caller', () => {
  test.each<[TrustedProxies, string, string]>([
    [0, '1.1.1.1, 2.2.2.2, 3.3.3.3', socket],
    [1, '1.1.1.1, 2.2.2.2, 3.3.3.3', '3.3.3.3'],
    [2, '1.1.1.1, 2.2.2.2, 3.3.3.3', '2.2.2.2'],
    [9, '1.1.1.1, 2.2.2.2, 3.3.3.3', '1.1.1.1'],
    [1, '3.3.3.3:51234', '3.3.3.3'],
    [1, '"[2001:DB8::1]:443"', '2001:db8::1'],
    [1, 'fe80::1%eth0', 'fe80::1'],
    [1, '::ffff:3.3.3.3', '3.3.3.3'],
    [1, 'unknown', socket],
    [1, '3.3.3.3, <script>', socket],
    [1, '', socket],
    [['loopback'], '1.1.1.1, 3.3.3.3', '3.3.3.3'],
    [['loopback', 'private'], '1.1.1.1, 3.3.3.3, 192.168.4.4, 10.0.0.1', '3.3.3.3'],
    [['loopback', '3.3.3.0/24'], '1.1.1.1, 3.3.3.3', '1.1.1.1'],
    [['loopback', '2001:db8::/32'], '1.1.1.1, [2001:db8::7]:80', '1.1.1.1'],
    [['private'], '1.1.1.1, 3.3.3.3', socket],
    [['loopback', 'private'], '10.0.0.2, 10.0.0.1', '10.0.0.2'],
  ])('with %j trusted and x-forwarded-for: %s it is %s', async (trusted, header, ip) => {
    expect((await routed(trusted, { 'x-forwarded-for': header })).ip).toBe(ip)
  })

  test('is that of the socket where no proxy says', async () => {
    expect((await routed(1, {})).ip).toBe(socket)
  })
})

describe('the address by which we were reached', () => {
  test.each<[TrustedProxies, Record<string, string>, string | null]>([
    [0, { host: 'Steward.LAN:7420' }, 'http://steward.lan:7420'],
    [0, { host: '[::1]:7420' }, 'http://[::1]:7420'],
    [0, { host: '192.168.1.4' }, 'http://192.168.1.4'],
    [0, { 'x-forwarded-host': 'evil.test', 'x-forwarded-proto': 'https' }, 'http://a.test'],
    [1, { 'x-forwarded-host': 'b.test', 'x-forwarded-proto': 'https' }, 'https://b.test'],
    [1, { 'x-forwarded-host': 'evil.test, b.test', 'x-forwarded-proto': 'http, https' }, 'https://b.test'],
    [['loopback'], { 'x-forwarded-host': 'b.test' }, 'http://b.test'],
    [['private'], { 'x-forwarded-host': 'evil.test' }, 'http://a.test'],
    [1, { host: 'a.test:443', 'x-forwarded-proto': 'https' }, 'https://a.test'],
    [0, { host: '' }, null],
    [0, { host: 'a.test/path' }, null],
    [0, { host: 'user@a.test' }, null],
    [0, { host: 'a.test?x' }, null],
    [0, { host: 'a.test:99999' }, null],
  ])('with %j trusted and %j it is %s', async (trusted, headers, origin) => {
    expect((await routed(trusted, headers)).origin).toBe(origin)
  })
})

test.each(['loopback', 'Private', '10.0.0.0/8', '10.1.2.3', '2001:db8::/32', '::1'])('%s is a network', (entry) => {
  expect(networksOf(entry)).not.toBeNull()
})

test.each(['perhaps', '10.0.0.0/33', '10.0.0.1:80', '0.0.0.0/0', '::/0', '10/8', '1.2.3', ''])(
  '%j is none',
  (entry) => {
    expect(networksOf(entry)).toBeNull()
  },
)

describe('a proxy that is not trusted', () => {
  /** What the log is told of these requests, one after the other. */
  function toldOf(...requests: Record<string, string>[]): string[] {
    const told: string[] = []
    const heed = createProxyNotice({ ...silentLog, warn: (_fields, text) => void told.push(text) })
    for (const headers of requests) heed({ header: (name: string) => headers[name], ip: '10.0.0.1' } as Incoming)
    return told
  }

  test.each([
    [{ 'x-forwarded-for': '1.1.1.1' }, 'x-forwarded-for'],
    [{ 'x-forwarded-proto': 'https' }, 'x-forwarded-proto'],
    [{ forwarded: 'for=1.1.1.1' }, 'forwarded'],
    [{ host: 'steward.example', origin: 'https://steward.example' }, 'origin of https'],
  ])('is told of at the first request that shows it, once: %j', (headers, by) => {
    const told = toldOf({ host: 'a' }, headers, headers)
    expect(told).toEqual([expect.stringContaining('STEWARD_TRUST_PROXY')])
    expect(told[0]).toContain(by)
  })

  test('is not seen in what comes straight', () => {
    const direct = { host: 'steward.lan:7420', origin: 'http://steward.lan:7420' }
    expect(toldOf({ host: 'a' }, direct, { host: 'a', origin: 'https://elsewhere.example' })).toEqual([])
  })
})
