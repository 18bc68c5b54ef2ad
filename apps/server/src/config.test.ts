import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { ConfigError, readConfig, variableNames } from './config.ts'

const key = 'ab'.repeat(32)

function problemsOf(environment: Record<string, string>): readonly string[] {
  try {
    readConfig(environment, '/somewhere')
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
  return []
}

test('has a default for everything', () => {
  expect(readConfig({ PATH: '/bin', STEWARD_HOST: ' ' }, '/somewhere')).toEqual({
    host: '127.0.0.1',
    port: 7420,
    dataFolder: resolve('/somewhere', '.data'),
    databaseUrl: null,
    publicUrl: null,
    logLevel: 'info',
    secretKey: null,
    signUp: 'invited',
    secondFactorRequired: false,
    oidc: [],
    allowedOrigins: [],
    trustedProxies: 0,
    rateLimit: 100,
    auditCheckpoints: null,
    mail: null,
    metrics: false,
    warnings: [],
  })
})

test('reads every variable', () => {
  const config = readConfig(
    {
      STEWARD_HOST: '0.0.0.0',
      STEWARD_PORT: '0',
      STEWARD_DATA: '/var/steward',
      STEWARD_DATABASE_URL: 'postgresql://u:p@db:5432/steward?sslmode=require',
      STEWARD_PUBLIC_URL: 'https://steward.example.org/',
      STEWARD_LOG_LEVEL: 'debug',
      STEWARD_SECRET_KEY: Buffer.from(key, 'hex').toString('base64'),
      STEWARD_SIGN_UP: 'open',
      STEWARD_SECOND_FACTOR: 'required',
      STEWARD_OIDC: '{"id":"acme","issuer":"https://id.acme.org/","clientId":"c","clientSecret":"s"}',
      STEWARD_ALLOWED_ORIGINS: 'https://app.example.org/, http://localhost:5173',
      STEWARD_TRUST_PROXY: 'true',
      STEWARD_RATE_LIMIT: '0',
      STEWARD_AUDIT_CHECKPOINTS: 'elsewhere/checkpoints.jsonl',
      STEWARD_METRICS: 'on',
    },
    '/somewhere',
  )
  expect(config).toMatchObject({
    host: '0.0.0.0',
    port: 0,
    dataFolder: resolve('/var/steward'),
    databaseUrl: 'postgresql://u:p@db:5432/steward?sslmode=require',
    publicUrl: 'https://steward.example.org',
    logLevel: 'debug',
    signUp: 'open',
    secondFactorRequired: true,
    allowedOrigins: ['https://app.example.org', 'http://localhost:5173'],
    trustedProxies: 1,
    rateLimit: 0,
    auditCheckpoints: resolve('/somewhere', join('elsewhere', 'checkpoints.jsonl')),
    metrics: true,
  })
  expect(Buffer.from(config.secretKey ?? []).toString('hex')).toBe(key)
  expect(config.oidc).toEqual([
    {
      id: 'acme',
      name: 'acme',
      issuer: 'https://id.acme.org/',
      discoveryUrl: 'https://id.acme.org/.well-known/openid-configuration',
      clientId: 'c',
      clientSecret: 's',
      scopes: ['openid', 'email', 'profile'],
      trustsEmail: false,
      trustsSecondFactor: false,
    },
  ])
})

test.each([
  ['STEWARD_PORT', '70000'],
  ['STEWARD_PORT', '12ab'],
  ['STEWARD_PORT', '-1'],
  ['STEWARD_DATABASE_URL', 'mysql://host/db'],
  ['STEWARD_PUBLIC_URL', 'steward.example.org'],
  ['STEWARD_PUBLIC_URL', 'javascript:alert(1)'],
  ['STEWARD_PUBLIC_URL', 'https://steward.example.org/?a=b'],
  ['STEWARD_PUBLIC_URL', 'https://me:pass@steward.example.org'],
  ['STEWARD_DATABASE_URL', 'postgres://steward:50%off@db/steward'],
  ['STEWARD_LOG_LEVEL', 'loud'],
  ['STEWARD_SECRET_KEY', 'short'],
  ['STEWARD_SECRET_KEY', 'not base64 !! '.repeat(5)],
  ['STEWARD_SIGN_UP', 'yes'],
  ['STEWARD_OIDC', 'not json'],
  ['STEWARD_OIDC', '[{"id":"Acme Inc","clientId":"c","issuer":"https://x.org"}]'],
  ['STEWARD_OIDC', '[{"id":"acme","clientId":"c"}]'],
  ['STEWARD_OIDC', '[{"id":"acme","clientId":"c","issuer":"http://id.acme.org"}]'],
  ['STEWARD_OIDC', '[{"id":"acme","clientId":"c","discoveryUrl":"https://id.acme.org/metadata"}]'],
  ['STEWARD_METRICS', 'yes'],
  ['STEWARD_ALLOWED_ORIGINS', '*'],
  ['STEWARD_TRUST_PROXY', 'perhaps'],
  ['STEWARD_TRUST_PROXY', '11'],
  ['STEWARD_TRUST_PROXY', 'loopback, 10.0.0.0/33'],
  ['STEWARD_TRUST_PROXY', '0.0.0.0/0'],
  ['STEWARD_PORT', 'tcp://10.43.7.1:7420'],
  ['STEWARD_PUBLIC_URL', 'https://example.org/steward/'],
  ['STEWARD_RATE_LIMIT', '1.5'],
])('refuses %s=%s in a line that names it', (name, value) => {
  const problems = problemsOf({ [name]: value })
  expect(problems.length).toBeGreaterThan(0)
  for (const problem of problems) expect(problem).toMatch(new RegExp(`^${name} .+`))
})

test.each([
  ['true', 1],
  ['on', 1],
  ['Off', 0],
  ['false', 0],
  ['2', 2],
  ['loopback', ['loopback']],
  ['private, 203.0.113.7 2001:db8::/32', ['private', '203.0.113.7', '2001:db8::/32']],
])('STEWARD_TRUST_PROXY=%s', (text, proxies) => {
  expect(readConfig({ STEWARD_TRUST_PROXY: text }, '/').trustedProxies).toEqual(proxies)
})

test('says where values come from that nobody set, and what would be right', () => {
  expect(problemsOf({ STEWARD_PORT: 'tcp://10.43.7.1:7420' }).join()).toMatch(/Kubernetes.*enableServiceLinks: false/)
  expect(problemsOf({ STEWARD_PUBLIC_URL: 'https://example.org/steward/' }).join()).toMatch(
    /"\/steward\/".*such as https:/,
  )
  expect(problemsOf({ STEWARD_TRUST_PROXY: 'loopback, all' }).join()).toMatch(/"all"/)
})

test('is not told of the other variables of a Kubernetes Service', () => {
  const service = {
    STEWARD_SERVICE_HOST: '10.43.7.1',
    STEWARD_SERVICE_PORT: '7420',
    STEWARD_SERVICE_PORT_HTTP: '7420',
    STEWARD_PORT_7420_TCP: 'tcp://10.43.7.1:7420',
    STEWARD_PORT_7420_TCP_ADDR: '10.43.7.1',
    STEWARD_WEB_SERVICE_HOST: '10.43.7.2',
    STEWARD_WEB_PORT: 'tcp://10.43.7.2:80',
  }
  expect(readConfig(service, '/').warnings).toEqual([])
})

test.each([
  ['https://Steward.example.org:443//', 'https://steward.example.org'],
  ['http://192.168.1.4:7420', 'http://192.168.1.4:7420'],
])('STEWARD_PUBLIC_URL=%s', (text, url) => {
  expect(readConfig({ STEWARD_PUBLIC_URL: text }, '/').publicUrl).toBe(url)
})

test('takes a provider on this computer over http', () => {
  const issuer = 'http://127.0.0.1:8080/realms/acme'
  const [provider] = readConfig({ STEWARD_OIDC: JSON.stringify({ id: 'acme', clientId: 'c', issuer }) }, '/').oidc
  expect(provider?.discoveryUrl).toBe(`${issuer}/.well-known/openid-configuration`)
})

test.each([
  ['postgres://u:hunter2@db.example.org/steward', 'not encrypted'],
  ['postgres://u:hunter2@10.0.0.5:5433/steward?sslmode=disable', 'not encrypted'],
  ['postgres://u:hunter2@db.example.org/steward?sslmode=no-verify', 'not verified'],
  ['postgres://u:hunter2@db.example.org/steward?sslmode=verify-full', null],
  ['postgres://u:hunter2@db.example.org/steward?ssl=true', null],
  ['postgres://u:hunter2@127.0.0.1/steward', null],
  ['postgres://u:hunter2@[::1]:5433/steward', null],
  ['postgres://u:hunter2@localhost/steward?host=/var/run/postgresql', null],
])('warns of an open way to the database: %s', (url, words) => {
  const { warnings } = readConfig({ STEWARD_DATABASE_URL: url }, '/')
  expect(warnings).toEqual(words === null ? [] : [expect.stringContaining(words)])
  expect(warnings.join()).not.toContain('hunter2')
})

test('tells all problems at once and never the value of a secret', () => {
  const problems = problemsOf({
    STEWARD_PORT: 'x',
    STEWARD_SECRET_KEY: 'hunter2-hunter2',
    STEWARD_DATABASE_URL: 'mysql://u:hunter2@h/d',
  })
  expect(problems).toHaveLength(3)
  expect(problems.join()).not.toContain('hunter2')
})

test('takes a key of 32 bytes or more, and none that is shorter by a byte, whichever way it is written', () => {
  const bytes = (size: number): Buffer => Buffer.alloc(size, 0xab)
  for (const spelling of ['hex', 'base64', 'base64url'] as const) {
    for (const size of [16, 24, 31])
      expect(problemsOf({ STEWARD_SECRET_KEY: bytes(size).toString(spelling) })).toEqual([
        expect.stringContaining('at least 32 random bytes'),
      ])
    for (const size of [32, 33, 64])
      expect(readConfig({ STEWARD_SECRET_KEY: bytes(size).toString(spelling) }, '/').secretKey).toHaveLength(size)
  }
})

test('warns of variables that look like ours and are not', () => {
  expect(readConfig({ STEWARD_PROT: '1' }, '/').warnings).toEqual([expect.stringContaining('STEWARD_PROT')])
  expect(variableNames).toContain('STEWARD_PORT')
})

test('under npm, relative paths are taken from where it was called, and the default from the checkout', () => {
  const checkout = resolve(import.meta.dirname, '../../..')
  const called = { INIT_CWD: resolve('/home/ada'), STEWARD_AUDIT_CHECKPOINTS: 'checkpoints.jsonl' }
  const given = readConfig({ ...called, STEWARD_DATA: 'steward' }, checkout)
  expect(given.dataFolder).toBe(resolve('/home/ada/steward'))
  expect(given.auditCheckpoints).toBe(resolve('/home/ada/checkpoints.jsonl'))
  expect(readConfig(called, checkout).dataFolder).toBe(join(checkout, '.data'))
  // Whoever starts it without npm stands where it runs, whatever is left of an npm further up.
  expect(readConfig({ ...called, STEWARD_DATA: 'steward' }, '/srv').dataFolder).toBe(resolve('/srv/steward'))
})
