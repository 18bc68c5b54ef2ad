import type { Stores } from '@steward/db'
import { eachDialect } from '@steward/db/testing'
import { hashPassword as formerHash } from 'better-auth/crypto'
import { expect, test } from 'vitest'
import { day, minute, second } from '../../core/clock.ts'
import type { Log } from '../../core/app-context.ts'
import { attachStores, silentLog, storesOf } from '../../core/app-context.ts'
import { startJobs } from '../../jobs.ts'
import { createSignIn } from '../lifecycle/create-sign-in.ts'
import { Browser } from './browser.testing.ts'
import { password, signInApp } from './app.testing.ts'

const email = 'ada@example.com'
const wrong = 'a wrong horse entirely'

async function fixture(stores: Stores) {
  const lines: object[] = []
  const log: Log = { ...silentLog, warn: (fields) => void lines.push(fields) }
  const made = signInApp(stores)
  const app = attachStores({ ...made.app, log, signIn: createSignIn(() => app) }, stores)
  const { userId } = await made.signUp(email)
  const from = (ip?: string): Browser => Object.assign(new Browser(app), ip && { ip })
  const status = async (word: string, ip?: string) => (await from(ip).signIn(email, word)).status
  return { ...made, app, userId, lines, from, status }
}

const times = <T>(count: number, what: () => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, () => what()))

eachDialect('guesses at a password', (open) => {
  test('are slowed down for the account, wherever they come from; after the wait the right one opens', async () => {
    const s = await fixture(await open())
    for (let i = 0; i < 6; i++) expect(await s.status(wrong)).toBe(401)
    const refused = await s.from().signIn(email, password)
    expect(refused.status).toBe(429)
    expect(refused.headers.get('retry-after')).toBe('1')
    expect(await refused.json()).toEqual({
      code: 'TOO_MANY_ATTEMPTS',
      message: 'Too many wrong attempts. Wait a second and try again.',
    })
    s.clock.advance(second)
    expect(await s.status(wrong)).toBe(401)
    s.clock.advance(second)
    expect(await s.status(password)).toBe(429)
    s.clock.advance(second)
    expect(await s.status(password)).toBe(200)
    for (let i = 0; i < 5; i++) expect(await s.status(wrong)).toBe(401)
    expect(await s.status(password)).toBe(200)
  })

  test('wait five minutes at most, and a day later are forgotten', async () => {
    const s = await fixture(await open())
    const set = (failures: number) =>
      s.app && storesOf(s.app).main.write((tx) => tx.updateTable('sign_in_guess').set({ failures }).execute())
    expect(await s.status(wrong)).toBe(401)
    await set(5000)
    s.clock.advance(5 * minute - second)
    expect(await s.status(password)).toBe(429)
    s.clock.advance(second)
    expect(await s.status(wrong)).toBe(401)
    s.clock.advance(day)
    expect(await s.status(wrong)).toBe(401)
    expect(await s.status(password)).toBe(200)
  })

  test('many at once from many addresses, at two servers: as many are tried as one after the other', async () => {
    const stores = await open()
    const s = await fixture(stores)
    const elsewhere = attachStores({ ...s.app, signIn: createSignIn(() => elsewhere) }, stores)
    const answers = await times(20, async () => {
      const [one, two] = [s.from(), new Browser(elsewhere)]
      return [await one.signIn(email, wrong), await two.signIn(email, wrong)].map(({ status }) => status)
    })
    expect(answers.flat().filter((status) => status === 401)).toHaveLength(6)
    expect(answers.flat().filter((status) => status === 429)).toHaveLength(34)
  })

  test('five right ones at once from one address succeed, of one person and of several', async () => {
    const s = await fixture(await open())
    const others = ['bob', 'cyd', 'dan', 'eve', 'fay'].map((name) => `${name}@example.com`)
    for (const one of others) await s.signUp(one)
    expect(await times(5, () => s.status(password, '192.0.2.7'))).toEqual([200, 200, 200, 200, 200])
    const answers = await Promise.all(others.map((one) => s.from('192.0.2.7').signIn(one, password)))
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200])
  })

  test('by who takes each turn keep the person out of new browsers alone: one they signed in in waits by itself', async () => {
    const stores = await open()
    const s = await fixture(stores)
    const known = s.from()
    expect((await known.signIn(email, password)).status).toBe(200)
    expect(await s.status(wrong)).toBe(401)
    await stores.main.write((tx) => tx.updateTable('sign_in_guess').set({ failures: 5000 }).execute())
    for (let turn = 0; turn < 3; turn++) {
      s.clock.advance(5 * minute)
      // Also where they share an address with the person.
      expect(await s.status(wrong, known.ip)).toBe(401)
      expect([await s.status(password), (await known.signIn(email, password)).status]).toEqual([429, 200])
    }
    for (let i = 0; i < 30; i++) await s.from(known.ip).signIn(`p${i}@example.com`, wrong)
    const other = await s.from(known.ip).signIn('p31@example.com', wrong)
    expect([other.status, (await known.signIn(email, password)).status]).toEqual([429, 200])
  })

  test('in a browser that is known make that one wait, at all servers, and no other', async () => {
    const stores = await open()
    const s = await fixture(stores)
    const elsewhere = attachStores({ ...s.app, signIn: createSignIn(() => elsewhere) }, stores)
    const known = s.from()
    await known.signIn(email, password)
    const there = Object.assign(new Browser(elsewhere), { cookies: known.cookies })
    for (let i = 0; i < 3; i++)
      expect([(await known.signIn(email, wrong)).status, (await there.signIn(email, wrong)).status]).toEqual([401, 401])
    expect([await known.signIn(email, password), await there.signIn(email, password)]).toMatchObject([
      { status: 429 },
      { status: 429 },
    ])
    for (let i = 0; i < 5; i++) expect(await s.status(wrong)).toBe(401)
    expect(await s.status(password)).toBe(200)
    s.clock.advance(second)
    expect((await known.signIn(email, password)).status).toBe(200)
  })

  test('know a browser by what we signed for this person there, for half a year', async () => {
    const stores = await open()
    const s = await fixture(stores)
    await s.signUp('eve@example.com')
    const shared = s.from()
    for (const one of ['eve@example.com', email]) expect((await shared.signIn(one, password)).status).toBe(200)
    const devices = [...shared.cookies].filter(([name]) => name.includes('.device_'))
    expect(devices).toHaveLength(2)
    expect(JSON.stringify(devices)).not.toMatch(/eve|ada|example/)
    const [[, eves], [name, adas]] = devices as [[string, string], [string, string]]
    const keepOut = async () => {
      expect(await s.status(wrong)).toBe(401)
      await stores.main.write((tx) => tx.updateTable('sign_in_guess').set({ failures: 5000 }).execute())
    }
    const withCookie = async (value: string) =>
      (await Object.assign(s.from(), { cookies: new Map([[name, value]]) }).signIn(email, password)).status
    await keepOut()
    const [random = '', until = '', mac = ''] = adas.split('.')
    const later = String(Number(until) + day)
    for (const forged of ['x', eves, `${random}.${later}.${mac}`, `x${random}.${until}.${mac}`, `${random}.${until}.`])
      expect([forged, await withCookie(forged)]).toEqual([forged, 429])
    expect(await withCookie(adas)).toBe(200)
    const left = Number(until) - s.clock.now()
    expect(left).toBeGreaterThan(180 * day - minute)
    s.clock.advance(left - minute)
    await keepOut()
    expect([await withCookie(adas), await s.status(password)]).toEqual([200, 429])
    s.clock.advance(minute)
    expect(await withCookie(adas)).toBe(429)
  })

  test('at many accounts from one address are slowed down; right ones before do not count', async () => {
    const s = await fixture(await open())
    const ip = '192.0.2.8'
    const at = async (name: string, word: string) => (await s.from(ip).signIn(`${name}@example.com`, word)).status
    for (let i = 0; i < 10; i++) expect(await s.status(password, ip)).toBe(200)
    for (let i = 0; i < 21; i++) expect(await at(`p${i}`, wrong)).toBe(401)
    expect([await at('p22', wrong), await s.status(password, ip)]).toEqual([429, 429])
    expect(await s.status(password, '192.0.2.9')).toBe(200)
    s.clock.advance(second)
    expect(await s.status(password, ip)).toBe(200)
  })

  test('count in a session too, and for an address that nobody has', async () => {
    const s = await fixture(await open())
    const browser = s.from()
    await browser.signIn(email, password)
    const change = { currentPassword: wrong, newPassword: 'an even better horse' }
    for (let i = 0; i < 6; i++) expect((await browser.post('/auth/change-password', change)).status).toBe(400)
    expect((await browser.post('/auth/two-factor/enable', { password })).status).toBe(429)
    const nobody = async () => (await s.from().signIn('nobody@example.com', wrong)).status
    for (let i = 0; i < 6; i++) expect(await nobody()).toBe(401)
    expect(await nobody()).toBe(429)
  })

  test('leave a line each in the log with account and address, and none in the trail', async () => {
    const stores = await open()
    const s = await fixture(stores)
    const records = () => stores.main.reader.selectFrom('audit_record').select('id').execute()
    const before = await records()
    await s.status(wrong, '192.0.2.1')
    await s.from('192.0.2.2').signIn('nobody@example.com', wrong)
    await s.from('192.0.2.3').signIn('my secret, typed in the wrong place', wrong)
    const line = { event: 'sign-in failed', reason: 'INVALID_EMAIL_OR_PASSWORD' }
    expect(s.lines.filter((fields) => 'event' in fields)).toMatchObject([
      { ...line, person: s.userId, ip: '192.0.2.1', request: expect.any(String) as string },
      { ...line, person: expect.stringMatching(/^unknown:[\w-]{16}$/) as string, ip: '192.0.2.2' },
    ])
    expect(JSON.stringify(s.lines)).not.toMatch(/nobody@|my secret|wrong horse/)
    expect(await records()).toEqual(before)
  })

  test('are swept when they count no longer', async () => {
    const stores = await open()
    const s = await fixture(stores)
    await s.status(wrong)
    const rows = () => stores.main.reader.selectFrom('sign_in_guess').select('subject').execute()
    const jobs = startJobs(s.app, { timer: { after: () => () => {} } })
    await jobs.tidy()
    expect(await rows()).toHaveLength(2)
    s.clock.advance(day + second)
    await jobs.tidy()
    await jobs.stop()
    expect(await rows()).toEqual([])
  })
})

eachDialect('a password', (open) => {
  test('that guessers try first is not taken, at sign-up and when it is changed', async () => {
    const { app, me, signUp } = signInApp(await open())
    await signUp(email)
    const refused = me({ kind: 'anonymous' }).signUp({
      email: 'bob@example.com',
      name: 'Bob',
      password: 'password1234',
    })
    await expect(refused).rejects.toMatchObject({ type: 'InvalidPayload' })
    const browser = new Browser(app)
    await browser.signIn(email, password)
    for (const newPassword of ['Password1234', 'ada@example.com!'])
      expect(
        await (await browser.post('/auth/change-password', { currentPassword: password, newPassword })).json(),
      ).toMatchObject({ code: 'PASSWORD_TOO_COMMON' })
    expect((await new Browser(app).signIn(email, password)).status).toBe(200)
  })

  test('that was hashed at the former cost is hashed anew when it is used', async () => {
    const stores = await open()
    const { app, signUp } = signInApp(stores)
    await signUp(email)
    const old = await formerHash(password)
    await stores.main.write((tx) => tx.updateTable('sign_in_method').set({ password: old }).execute())
    const hash = async () =>
      (await stores.main.reader.selectFrom('sign_in_method').select('password').executeTakeFirst())?.password
    expect((await new Browser(app).signIn(email, wrong)).status).toBe(401)
    expect(await hash()).toBe(old)
    expect((await new Browser(app).signIn(email, password)).status).toBe(200)
    expect(await hash()).toMatch(/^scrypt\$131072\$8\$1\$/)
    expect((await new Browser(app).signIn(email, password)).status).toBe(200)
  })
})
