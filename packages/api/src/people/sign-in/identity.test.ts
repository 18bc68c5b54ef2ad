import type { Stores } from '@steward/db'
import { eachDialect } from '@steward/db/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { verifyAll } from '../../audit/verify.service.ts'
import type { AppContext } from '../../core/app-context.ts'
import { attachStores } from '../../core/app-context.ts'
import { minute } from '../../core/clock.ts'
import { createSignIn } from '../lifecycle/create-sign-in.ts'
import { Browser, totp } from './browser.testing.ts'
import { password, signInApp } from './app.testing.ts'
import type { Identity, TestProvider } from './provider.testing.ts'
import { startProvider } from './provider.testing.ts'

const providers: TestProvider[] = []
beforeAll(async () => {
  providers.push(await startProvider(), await startProvider())
})
afterAll(() => Promise.all(providers.map((provider) => provider.close())))

const ids = ['first', 'second'] as const
type Id = (typeof ids)[number]

const ada: Identity = { sub: 'ada-1', email: 'kate@example.com', email_verified: true, name: 'Kate' }

const configs = (trustsSecondFactor: boolean) =>
  providers.map(({ discoveryUrl, clientId, clientSecret }, i) => {
    const id = ids[i] ?? 'first'
    return { id, name: id, discoveryUrl, clientId, clientSecret, trustsSecondFactor }
  })

function twoProviders(stores: Stores, trustsSecondFactor = false) {
  return signInApp(stores, { signUp: 'open' }, { providers: configs(trustsSecondFactor) })
}

/** Another server on the same database. */
function beside(app: AppContext, stores: Stores): AppContext {
  const other: AppContext = attachStores(
    { ...app, signIn: createSignIn(() => other, { providers: configs(false) }) },
    stores,
  )
  return other
}

interface Journey {
  as: Identity
  at?: Id
  from?: 'sign-in/social' | 'link-social'
}

/** Goes to the provider and back; gives the address one ends at, or the status of a refusal before. */
async function travel(browser: Browser, { as, at = 'first', from = 'sign-in/social' }: Journey): Promise<string> {
  const asked = { provider: at, callbackURL: '/home', errorCallbackURL: '/failed' }
  const begun = await browser.post(`/auth/${from}`, asked)
  if (!begun.ok) return ((await begun.json()) as { code: string }).code
  const { url } = (await begun.json()) as { url: string }
  const back = await providers[ids.indexOf(at)]?.consent(url, as)
  return (await browser.get(back ?? '')).headers.get('location') ?? ''
}

const sessions = (stores: Stores) => stores.main.reader.selectFrom('session').selectAll().execute()

/** Kate with a password, a second factor and her identity at the first provider. */
async function kate(stores: Stores, trustsSecondFactor = false) {
  const { app, clock, me, signUp } = twoProviders(stores, trustsSecondFactor)
  const { userId } = await signUp(ada.email)
  const browser = new Browser(app)
  await browser.signIn(ada.email, password)
  expect(await travel(browser, { as: ada, from: 'link-social' })).toBe('/home')
  const enabled = await browser.post('/auth/two-factor/enable', { password })
  const { totpURI } = (await enabled.json()) as { totpURI: string }
  expect((await browser.post('/auth/two-factor/verify-totp', { code: totp(totpURI) })).status).toBe(200)
  return { app, clock, me, userId, browser, totpURI }
}

eachDialect('who somebody is', (open) => {
  test('is their provider and their id there: no address opens the person of another', async () => {
    const stores = await open()
    const { app } = twoProviders(stores)
    expect(await travel(new Browser(app), { as: ada })).toBe('/home')
    const strangers: Journey[] = [
      { as: { ...ada, sub: 'eve' } },
      { as: ada, at: 'second' },
      { as: { ...ada, sub: 'eve', email: 'Kate@Example.com' }, at: 'second' },
    ]
    for (const stranger of strangers) {
      const browser = new Browser(app)
      expect(await travel(browser, stranger)).toMatch(/\/failed\?error=account_not_linked/)
      expect(await browser.session()).toBeNull()
    }
    const kelvin = { ...ada, sub: 'eve', email: '\u212Aate@example.com' }
    expect(await travel(new Browser(app), { as: kelvin })).toMatch(/\/failed\?error=email_not_usable/)
    expect(await stores.main.reader.selectFrom('user').select('email').execute()).toEqual([{ email: ada.email }])

    const moved = new Browser(app)
    expect(await travel(moved, { as: { ...ada, email: '\u212Aate@elsewhere.example' } })).toBe('/home')
    expect(await moved.session()).not.toBeNull()
    expect(await sessions(stores)).toHaveLength(2)
  })

  test('is linked from a session that was confirmed within ten minutes, and from no other', async () => {
    const stores = await open()
    const { app, clock, signUp } = twoProviders(stores)
    const { userId } = await signUp(ada.email)
    const browser = new Browser(app)
    await browser.signIn(ada.email, password)
    clock.advance(10 * minute)
    expect(await travel(browser, { as: ada, from: 'link-social' })).toBe('CONFIRM_FIRST')
    const methods = stores.main.reader.selectFrom('sign_in_method').select('id')
    const [own] = await methods.execute()
    expect((await browser.post('/auth/unlink-account', { accountId: own?.id })).status).toBe(403)
    await browser.signIn(ada.email, password)
    const { confirmedAt = 0 } = (await app.signIn.sessionOf(browser.headers)) ?? {}
    // The library dates sessions by the machine's clock.
    clock.advance(confirmedAt - clock.now())
    expect(await travel(browser, { as: { ...ada, email: 'x@example.org' }, from: 'link-social' })).toBe('/home')
    expect(await methods.execute()).toHaveLength(2)
    const later = new Browser(app)
    expect(await travel(later, { as: ada })).toBe('/home')
    expect(await later.session()).toMatchObject({ userId })
  })
})

eachDialect('the second factor after a provider', (open) => {
  test('is asked, and only its code makes the session', async () => {
    const stores = await open()
    const { app, userId, totpURI } = await kate(stores)
    const before = await sessions(stores)
    const phone = new Browser(app)
    const end = new URL(await travel(phone, { as: ada }))
    expect([end.pathname, end.searchParams.get('step'), end.searchParams.get('next')]).toEqual([
      '/sign-in',
      'code',
      '/home',
    ])
    expect(await phone.session()).toBeNull()
    expect(phone.cookies.get(phone.sessionCookie)).toBeUndefined()
    expect(await sessions(stores)).toEqual(before)
    expect((await phone.post('/auth/two-factor/verify-totp', { code: '000000' })).status).toBe(401)
    const code = { code: totp(totpURI, 1), trustDevice: true }
    expect((await phone.post('/auth/two-factor/verify-totp', code)).status).toBe(200)
    expect(await phone.session()).toMatchObject({ userId })
    // A device that is trusted is not asked after a provider either.
    expect(await travel(phone, { as: ada })).toBe('/home')
    expect(await phone.session()).toMatchObject({ userId })
    expect((await verifyAll(app)).problems).toEqual([])
  })

  test('is not asked where the provider is trusted with it; the session says so', async () => {
    const stores = await open()
    const { app, userId } = await kate(stores, true)
    const phone = new Browser(app)
    expect(await travel(phone, { as: ada })).toBe('/home')
    const session = await phone.session()
    expect(session).toMatchObject({ userId })
    const marks = (await sessions(stores)).map(({ id, second_factor: mark }) => ({ id, mark }))
    expect(marks.find(({ id }) => id === session?.id)?.mark).toBe(1)
    expect(marks.filter(({ mark }) => mark === 1)).toHaveLength(1)
  })

  test('can be set up by who has no password, in a fresh session', async () => {
    const stores = await open()
    const { app, clock } = twoProviders(stores)
    const browser = new Browser(app)
    await travel(browser, { as: ada })
    clock.advance(10 * minute)
    expect((await browser.post('/auth/two-factor/enable', { password: 'anything at all' })).status).toBe(403)
    clock.advance(-10 * minute)
    const enabled = await browser.post('/auth/two-factor/enable', {})
    const { totpURI } = (await enabled.json()) as { totpURI: string }
    expect((await browser.post('/auth/two-factor/verify-totp', { code: totp(totpURI) })).status).toBe(200)
    expect(await travel(new Browser(app), { as: ada })).toMatch(/step=code/)
  })
})

eachDialect('confirming', (open) => {
  test('is asked of a session, leaves a record, and a code of the second factor does it too', async () => {
    const stores = await open()
    const { app, clock, browser, totpURI, userId } = await kate(stores)
    const at = async () => (await app.signIn.sessionOf(browser.headers))?.confirmedAt ?? 0
    clock.advance(30 * minute)
    const fresh = async () => clock.now() - (await at()) < minute
    expect(await fresh()).toBe(false)
    expect((await new Browser(app).post('/auth/confirm', { password })).status).toBe(401)
    expect((await browser.post('/auth/confirm', {})).status).toBe(400)
    expect(await fresh()).toBe(false)
    expect((await browser.post('/auth/confirm', { password })).status).toBe(200)
    expect(await fresh()).toBe(true)
    clock.advance(30 * minute)
    expect((await browser.post('/auth/two-factor/verify-totp', { code: totp(totpURI, 1) })).status).toBe(200)
    expect(await fresh()).toBe(true)
    const records = await stores.main.reader
      .selectFrom('audit_record')
      .select(['operation'])
      .where('lane_id', '=', userId)
      .where('operation', '=', 'signIn.confirm')
      .execute()
    expect(records).toHaveLength(2)
    expect((await verifyAll(app)).problems).toEqual([])
  })
})

eachDialect('a code of the authenticator', (open) => {
  test('opens something once, on any server; the next one does too', async () => {
    const stores = await open()
    const { app, totpURI } = await kate(stores)
    const other = twoProviders(stores).app
    const enter = async (at: typeof app, code: string) => {
      const browser = new Browser(at)
      await browser.signIn(ada.email, password)
      return browser.post('/auth/two-factor/verify-totp', { code })
    }
    expect((await enter(other, totp(totpURI))).status).toBe(401)
    const next = totp(totpURI, 1)
    expect((await enter(app, next)).status).toBe(200)
    for (const at of [app, other]) {
      const again = await enter(at, next)
      expect(again.status).toBe(401)
      // By this it counts as a wrong guess.
      expect(await again.json()).toMatchObject({ code: 'CODE_USED' })
    }
    const both = new Browser(app)
    await both.signIn(ada.email, password)
    expect((await both.post('/auth/two-factor/verify-totp', { code: totp(totpURI) })).status).toBe(401)
  })

  test('opens one of two that ask with it at the same moment', async () => {
    const stores = await open()
    const { app, totpURI } = await kate(stores)
    const waiting = [new Browser(app), new Browser(app)]
    for (const browser of waiting) await browser.signIn(ada.email, password)
    const code = totp(totpURI, 1)
    const answers = await Promise.all(waiting.map((one) => one.post('/auth/two-factor/verify-totp', { code })))
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1)
    expect((await Promise.all(waiting.map((one) => one.session()))).filter(Boolean)).toHaveLength(1)
  })
})

eachDialect('wrong codes', (open) => {
  test('many at once, at two servers: as many are tried as one after the other', async () => {
    const stores = await open()
    const { app, totpURI } = await kate(stores)
    const other = beside(app, stores)
    const halfWay = Array.from({ length: 40 }, (_, i) => new Browser(i % 2 === 0 ? app : other))
    for (const browser of halfWay)
      expect(await (await browser.signIn(ada.email, password)).json()).toMatchObject({ twoFactorRedirect: true })
    const taken = [-1, 0, 1].map((ahead) => totp(totpURI, ahead as -1 | 0 | 1))
    const code = ['111111', '222222', '333333', '444444'].find((one) => !taken.includes(one))
    const answers = await Promise.all(halfWay.map((one) => one.post('/auth/two-factor/verify-totp', { code })))
    // Who comes after a second of waiting has another try.
    const tried = answers.filter(({ status }) => status === 401).length
    expect([tried >= 10, tried <= 13]).toEqual([true, true])
    const refused = answers.filter(({ status }) => status === 429)
    expect(refused).toHaveLength(40 - tried)
    expect(refused[0]?.headers.get('retry-after')).toMatch(/^[1-8]$/)
    expect(await refused[0]?.json()).toMatchObject({
      message: expect.stringContaining('Too many wrong attempts') as string,
    })
  })

  test('a right one forgets them, and who has not proved the password is counted nowhere', async () => {
    const stores = await open()
    const { app, totpURI } = await kate(stores)
    const counted = async () =>
      (await stores.main.reader.selectFrom('sign_in_guess').select(['subject', 'failures']).execute())
        .filter(({ subject }) => subject.startsWith('code:'))
        .map(({ failures }) => failures)
    expect((await new Browser(app).post('/auth/two-factor/verify-totp', { code: '000000' })).status).toBe(401)
    expect(await counted()).toEqual([])
    const browser = new Browser(app)
    await browser.signIn(ada.email, password)
    for (const path of ['verify-totp', 'verify-backup-code'])
      expect((await browser.post(`/auth/two-factor/${path}`, { code: '000000' })).status).toBe(401)
    expect(await counted()).toEqual([2])
    expect((await browser.post('/auth/two-factor/verify-totp', { code: totp(totpURI, 1) })).status).toBe(200)
    expect(await counted()).toEqual([])
  })
})

eachDialect('signing in again', (open) => {
  test('ends the session that the browser had, also that of somebody else', async () => {
    const stores = await open()
    const { app, signUp } = signInApp(stores)
    await signUp('ada@example.com')
    await signUp('bob@example.com', 'Bob')
    const browser = new Browser(app)
    await browser.signIn('ada@example.com', password)
    const first = browser.headers
    await browser.signIn('ada@example.com', password)
    expect(await app.signIn.sessionOf(first)).toBeNull()
    const second = browser.headers
    await browser.signIn('bob@example.com', password)
    expect(await app.signIn.sessionOf(second)).toBeNull()
    expect(await sessions(stores)).toHaveLength(1)
    expect((await verifyAll(app)).problems).toEqual([])
  })

  test('no answer repeats the token of the session', async () => {
    const stores = await open()
    const { app, signUp } = signInApp(stores)
    await signUp('ada@example.com')
    const browser = new Browser(app)
    const answers = [await (await browser.signIn('ada@example.com', password)).text()]
    const token = () => decodeURIComponent(browser.cookies.get(browser.sessionCookie) ?? '').split('.')[0] ?? 'none'
    answers.push(await (await browser.get('/auth/get-session')).text())
    const change = { currentPassword: password, newPassword: 'an even better horse' }
    const tokens = [token()]
    answers.push(await (await browser.post('/auth/change-password', change)).text())
    tokens.push(token())
    expect(answers[1]).toContain('ada@example.com')
    for (const one of tokens) expect(answers.join()).not.toContain(one)
    expect(answers.join()).not.toContain('"token"')
  })
})
