import { expect, test } from 'vitest'
import { readConfig } from './config.ts'
import { createLog } from './log.ts'

const key = 'cd'.repeat(32)
const token = `bp_pat_${'a1B2'.repeat(12)}x`

function logged(work: (log: ReturnType<typeof createLog>) => void): string {
  const lines: string[] = []
  const config = readConfig(
    {
      STEWARD_LOG_LEVEL: 'debug',
      STEWARD_SECRET_KEY: key,
      STEWARD_DATABASE_URL: 'postgres://steward:p%40ssword@db/steward',
      STEWARD_OIDC: '{"id":"a","issuer":"https://a.org","clientId":"c","clientSecret":"client-secret-value"}',
    },
    '/',
  )
  work(createLog(config, (line) => lines.push(line)))
  return lines.join('')
}

test.each<[string, object, string]>([
  ['a token in a field', { note: token }, token],
  ['a token in a cause', { err: new Error('x', { cause: new Error(`no row for ${token}`) }) }, token],
  ['a token in an error', { err: new Error(`no row for ${token}`) }, token],
  ['a token in a list', { all: [{ deep: `x ${token}` }] }, token],
  ['an invitation', { link: `http://h/i?code=stw_inv_${'z'.repeat(49)}` }, 'z'.repeat(49)],
  ['a bearer header', { h: 'Bearer abcdefghijkl' }, 'abcdefghijkl'],
  ['a field named password', { password: 'correct "horse"' }, 'horse'],
  ['a nested secret', { body: { clientSecret: 'swordfish' } }, 'swordfish'],
  ['a cookie', { cookie: 'session=abc.def' }, 'abc.def'],
  ['the database address', { url: 'postgres://steward:p%40ssword@db/steward' }, 'p%40ssword'],
  ['the database password by itself', { detail: 'login p@ssword failed' }, 'p@ssword'],
  ['a provider secret', { detail: 'sent client-secret-value' }, 'client-secret-value'],
  ['the key in hex', { detail: key }, key],
  [
    'the key in base64',
    { detail: Buffer.from(key, 'hex').toString('base64') },
    Buffer.from(key, 'hex').toString('base64'),
  ],
])('never writes %s', (_name, fields, secret) => {
  const line = logged((log) => log.info(fields, 'Something happened.'))
  expect(line).not.toContain(secret)
  expect(line).toContain('[hidden]')
  expect(JSON.parse(line)).toMatchObject({
    level: 'info',
    msg: 'Something happened.',
    time: expect.stringMatching(/Z$/),
  })
})

test('hides secrets in the message too, and leaves the rest alone', () => {
  const line = logged((log) => log.warn({ bot: 'bot_01', count: 3, url: 'http://127.0.0.1:7420' }, `got ${token}`))
  expect(JSON.parse(line)).toMatchObject({
    level: 'warn',
    bot: 'bot_01',
    count: 3,
    url: 'http://127.0.0.1:7420',
    msg: 'got bp_pat_[hidden]',
  })
})

test('of an error it keeps the words and the causes, not what a driver hangs on it', () => {
  const cause = Object.assign(new Error('inner'), { code: '57P01', client: { secretKey: 'x', processID: 1 } })
  const line = logged((log) => log.warn({ err: new Error('outer', { cause }) }, 'A connection broke.'))
  const { err } = JSON.parse(line) as { err: { cause: object } }
  expect(err).toMatchObject({ type: 'Error', message: 'outer', stack: expect.stringContaining('log.test.ts') })
  expect(err.cause).toEqual({ type: 'Error', message: 'inner', code: '57P01', stack: expect.any(String) as string })
})
