import type { Stores } from '@steward/db'
import { eachDialect } from '@steward/db/testing'
import { expect, test, vi } from 'vitest'
import { day, hour } from '../core/clock.ts'
import type { Settings } from '../core/app-context.ts'
import { appRouter } from '../root.ts'
import { Browser } from '../people/sign-in/browser.testing.ts'
import { password, signInApp } from '../people/sign-in/app.testing.ts'
import { createEndpoints } from './api.ts'

/** Ada's browser at the endpoints of an app with the real sign-in. */
async function fixture(stores: Stores, settings: Partial<Settings> = {}) {
  const { app, clock, signUp } = signInApp(stores, settings)
  const { userId } = await signUp('ada@example.com')
  const api = createEndpoints(app, appRouter)
  const browser = new Browser(app)
  const answer = await browser.signIn('ada@example.com', password)
  const first = answer.headers.getSetCookie().find((line) => line.startsWith(`${browser.sessionCookie}=`))
  const writes = vi.spyOn(stores.main, 'write')
  /** Waits for what is written aside. */
  const settled = () => Promise.all(writes.mock.results.map(({ value }) => value as Promise<unknown>))
  const ask = async (init: RequestInit = {}, extra: Record<string, string> = {}, path = '/v1/admin/account/me') => {
    const { headers } = browser
    for (const [key, value] of Object.entries(extra)) headers.set(key, value)
    const response = await api.handle(new Request(`${app.settings.publicUrl}${path}`, { ...init, headers }))
    await response.text()
    await settled()
    return { status: response.status, cookies: response.headers.getSetCookie() }
  }
  const row = () => stores.main.reader.selectFrom('session').selectAll().executeTakeFirst()
  return { stores, app, clock, userId, browser, first, writes, settled, ask, row }
}

const alive = { status: 200, cookies: [] }
const over = { status: 401, cookies: [] }
const lifeOf = (cookie = ''): number => Number(/Max-Age=(\d+);/.exec(cookie)?.[1])

eachDialect('a session', (open) => {
  test('that is used lives on, row and cookie, once a day', async () => {
    const s = await fixture(await open())
    expect(await s.ask()).toEqual(alive)
    s.clock.advance(23 * hour)
    expect(await s.ask()).toEqual(alive)
    expect(s.writes).not.toHaveBeenCalled()
    const records = () => s.stores.main.reader.selectFrom('audit_record').select('id').execute()
    const before = await records()

    s.clock.advance(6 * day - 23 * hour)
    const { status, cookies } = await s.ask()
    expect({ status, cookies }).toEqual({ status: 200, cookies: [s.first] })
    expect(s.first).toMatch(/; Max-Age=604800; Path=\/; HttpOnly; SameSite=Lax$/)
    expect(await s.ask()).toEqual(alive)
    expect(s.writes).toHaveBeenCalledTimes(1)
    const inTwoWeeks = s.clock.now() + 7 * day
    expect(Math.abs(Date.parse((await s.row())?.expires_at ?? '') - inTwoWeeks)).toBeLessThan(hour)

    s.clock.advance(6 * day)
    const byTrpc = await s.ask({}, {}, `/trpc/me.get?input=${encodeURIComponent('{}')}`)
    expect(byTrpc).toEqual({ status: 200, cookies: [s.first] })
    expect(await records()).toEqual(before)
  })

  test('that is not used ends after a week', async () => {
    const s = await fixture(await open())
    s.clock.advance(8 * day)
    expect(await s.ask()).toEqual(over)
    expect(s.writes).not.toHaveBeenCalled()
  })

  test('ends ninety days after the sign-in, however much it is used', async () => {
    const s = await fixture(await open())
    let last: string | undefined
    for (let passed = 6; passed < 90; passed += 6) {
      s.clock.advance(6 * day)
      const { status, cookies } = await s.ask()
      expect({ passed, status }).toEqual({ passed, status: 200 })
      last = cookies[0] ?? last
    }
    s.clock.advance(5 * day)
    expect(await s.ask()).toEqual(alive)
    expect(lifeOf(last)).toBeLessThanOrEqual((6 * day) / 1000)
    expect(lifeOf(last)).toBeGreaterThan((6 * day) / 1000 - 3600)
    s.clock.advance(day)
    expect(await s.ask()).toEqual(over)
  })

  test('is prolonged by one write and one cookie when many requests come at once', async () => {
    const s = await fixture(await open())
    s.clock.advance(2 * day)
    const sessionOf = () => s.app.signIn.sessionOf(s.browser.headers)
    const found = await Promise.all(Array.from({ length: 20 }, sessionOf))
    expect(found.map((session) => session?.prolong?.()).filter(Boolean)).toEqual([s.first])
    expect(s.writes).toHaveBeenCalledTimes(1)
    await s.settled()
    expect(await s.ask()).toEqual(alive)
  })

  test('that was ended while a request prolongs it stays ended', async () => {
    const s = await fixture(await open())
    s.clock.advance(2 * day)
    const session = await s.app.signIn.sessionOf(s.browser.headers)
    await s.stores.main.write((tx) => tx.deleteFrom('session').execute())
    expect(session?.prolong?.()).toBe(s.first)
    await s.settled()
    expect(await s.row()).toBeUndefined()
    expect(await s.ask()).toEqual(over)
  })

  test('is not prolonged by a page of another origin', async () => {
    const s = await fixture(await open())
    s.clock.advance(2 * day)
    const forged = { origin: 'https://evil.example', 'content-type': 'application/json' }
    expect(await s.ask({ method: 'PUT', body: '{}' }, forged)).toEqual({ status: 403, cookies: [] })
    expect(s.writes).not.toHaveBeenCalled()
  })

  test('that cannot be prolonged now is still good, and is prolonged by a later request', async () => {
    const s = await fixture(await open())
    s.clock.advance(2 * day)
    s.writes.mockImplementationOnce(() => Promise.resolve().then(() => Promise.reject(new Error('disk full'))))
    const { headers } = s.browser
    const session = await s.app.signIn.sessionOf(headers)
    expect(session?.prolong?.()).toBe(s.first)
    await expect(s.settled()).rejects.toThrow('disk full')
    s.writes.mockClear()
    await vi.waitFor(async () => expect(await s.ask()).toEqual({ status: 200, cookies: [s.first] }), 30_000)
    expect(await s.ask()).toEqual(alive)
  })

  test('without "remember me" ends after a day', async () => {
    const s = await fixture(await open())
    const email = 'ada@example.com'
    await s.browser.post('/auth/sign-in/email', { email, password, rememberMe: false })
    s.clock.advance(23 * hour)
    expect(await s.ask()).toEqual(alive)
    s.clock.advance(hour)
    expect(await s.ask()).toEqual(over)
  })

  test('behind https its cookie stays Secure', async () => {
    const s = await fixture(await open(), { publicUrl: 'https://steward.example' })
    s.clock.advance(2 * day)
    expect(await s.ask()).toEqual({ status: 200, cookies: [s.first] })
    expect(s.first).toMatch(/^__Host-.*; HttpOnly; Secure; SameSite=Lax$/)
  })
})
