import type { Stores } from '@steward/db'
import { eachDialect } from '@steward/db/testing'
import { expect, test } from 'vitest'
import { day, minute } from '../../core/clock.ts'
import type { Actor } from '../../core/context.ts'
import { sha256 } from '../../core/secrets.ts'
import { type SeededPerson, seedToken } from '../../core/app.testing.ts'
import { hashOfCode } from './backup-codes.ts'
import { createSignIn } from '../lifecycle/create-sign-in.ts'
import { Browser, totp } from './browser.testing.ts'
import { password, signInApp } from './app.testing.ts'

const bySession = (session: { id: string; userId: string } | null): Actor => {
  if (!session) throw new Error('not signed in')
  return { kind: 'user', userId: session.userId, credential: { kind: 'session', id: session.id } }
}

const sessionRows = (stores: Stores) => stores.main.reader.selectFrom('session').selectAll().execute()

eachDialect('signing in', (open) => {
  test('email and password give a session; the table holds only the hash of its token', async () => {
    const stores = await open()
    const { app, signUp } = signInApp(stores)
    const { userId } = await signUp('ada@example.com')
    const browser = new Browser(app)

    const answer = await browser.signIn('Ada@Example.com', password)
    expect(answer.status).toBe(200)
    const cookie = answer.headers.getSetCookie().find((line) => line.startsWith(`${browser.sessionCookie}=`))
    expect(cookie).toMatch(/HttpOnly/)
    expect(cookie).toMatch(/SameSite=Lax/)
    expect(cookie).not.toMatch(/Secure/)
    expect(await browser.session()).toMatchObject({ userId })

    const token = decodeURIComponent(browser.cookies.get(browser.sessionCookie) ?? '').split('.')[0] ?? ''
    expect(token.length).toBeGreaterThanOrEqual(32)
    const [row] = await sessionRows(stores)
    expect(row).toMatchObject({ token: sha256(token), user_id: userId, ip_address: browser.ip })
    expect(row?.expires_at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
    expect(JSON.stringify(row)).not.toContain(token)
  })

  test('the library finds the session by its cookie and changes nothing by it', async () => {
    const stores = await open()
    const { app, signUp } = signInApp(stores)
    await signUp('ada@example.com')
    const browser = new Browser(app)
    await browser.signIn('ada@example.com', password)
    const soon = new Date(Date.now() + day).toISOString()
    await stores.main.write((tx) => tx.updateTable('session').set({ expires_at: soon }).execute())
    const before = await sessionRows(stores)

    const seen = (await (await browser.get('/auth/get-session')).json()) as { user: { email: string } }
    expect(seen.user.email).toBe('ada@example.com')
    expect((await browser.post('/auth/get-session', {})).status).toBe(404)
    await stores.main.write((tx) =>
      tx
        .updateTable('session')
        .set({ expires_at: before[0]?.created_at ?? '' })
        .execute(),
    )
    expect(await (await browser.get('/auth/get-session')).json()).toBeNull()
    expect(await sessionRows(stores)).toEqual([{ ...before[0], expires_at: before[0]?.created_at }])
  })

  test('a wrong password and an unknown email are refused alike', async () => {
    const stores = await open()
    const { app, signUp } = signInApp(stores)
    await signUp('ada@example.com')
    for (const [email, word] of [
      ['ada@example.com', 'wrong horse battery'],
      ['bob@example.com', password],
    ] as const) {
      const browser = new Browser(app)
      const answer = await browser.signIn(email, word)
      expect(answer.status).toBe(401)
      expect(await answer.json()).toMatchObject({ code: 'INVALID_EMAIL_OR_PASSWORD' })
      expect(await browser.session()).toBeNull()
    }
    expect(await sessionRows(stores)).toEqual([])
  })

  test('a cookie that is changed, unsigned, a stored hash, or expired opens nothing', async () => {
    const stores = await open()
    const { app, clock, signUp } = signInApp(stores)
    await signUp('ada@example.com')
    const browser = new Browser(app)
    await browser.signIn('ada@example.com', password)
    const good = browser.cookies.get(browser.sessionCookie) ?? ''
    const [row] = await sessionRows(stores)
    const [token = '', signature = ''] = decodeURIComponent(good).split('.')
    const changed = `${good.startsWith('X') ? 'Y' : 'X'}${good.slice(1)}`
    for (const bad of [changed, token, `${token}.`, `${row?.token}.${signature}`, '%', '.', '']) {
      browser.cookies.set(browser.sessionCookie, bad)
      expect({ bad, opens: await browser.session() }).toEqual({ bad, opens: null })
    }
    browser.cookies.set(browser.sessionCookie, good)
    expect(await browser.session()).not.toBeNull()
    clock.advance(8 * day)
    expect(await browser.session()).toBeNull()
  })

  test('signing out, ending a session and signing out everywhere end sessions at once', async () => {
    const { app, me, signUp } = signInApp(await open())
    await signUp('ada@example.com')
    const [one, two, three] = [new Browser(app), new Browser(app), new Browser(app)]
    for (const browser of [one, two, three]) await browser.signIn('ada@example.com', password)
    const { headers } = one
    expect((await one.post('/auth/sign-out', {})).status).toBe(200)
    expect(await app.signIn.sessionOf(headers)).toBeNull()

    const asTwo = me(bySession(await two.session()))
    const { sessions } = await asTwo.listSessions({})
    expect(sessions.filter((session) => session.current)).toHaveLength(1)
    expect(sessions).toHaveLength(2)
    const other = sessions.find((session) => !session.current)
    await asTwo.deleteSession({ id: other?.id ?? '' })
    expect(await three.session()).toBeNull()
    await expect(asTwo.deleteSession({ id: other?.id ?? '' })).rejects.toMatchObject({ type: 'ResourceNotFound' })

    const four = new Browser(app)
    await four.signIn('ada@example.com', password)
    expect(await asTwo.signOutEverywhere({ keepCurrent: true })).toEqual({ ended: 1 })
    expect([await two.session(), await four.session()]).toEqual([expect.anything(), null])
    expect(await asTwo.signOutEverywhere({})).toEqual({ ended: 1 })
    expect(await two.session()).toBeNull()
    await expect(asTwo.signOutEverywhere({})).rejects.toMatchObject({ type: 'Unauthorized' })
  })

  test('a session ends others only within ten minutes of a proof, itself and by a token always', async () => {
    const { app, clock, me, signUp } = signInApp(await open())
    const { userId } = await signUp('ada@example.com')
    const [here, there] = [new Browser(app), new Browser(app)]
    await there.signIn('ada@example.com', password)
    await here.signIn('ada@example.com', password)
    const [own, other] = [await here.session(), await there.session()]
    const asOwn = me(bySession(own))
    clock.advance(10 * minute)
    const unconfirmed = { type: 'Forbidden', metadata: { confirm: true } }
    await expect(asOwn.deleteSession({ id: other?.id ?? '' })).rejects.toMatchObject(unconfirmed)
    await expect(asOwn.signOutEverywhere({ keepCurrent: true })).rejects.toMatchObject(unconfirmed)
    expect(await there.session()).not.toBeNull()
    expect((await here.post('/auth/confirm', { password })).status).toBe(200)
    await asOwn.deleteSession({ id: other?.id ?? '' })
    expect(await there.session()).toBeNull()
    clock.advance(10 * minute)
    await asOwn.deleteSession({ id: own?.id ?? '' })
    expect(await here.session()).toBeNull()
    await there.signIn('ada@example.com', password)
    const { id, value } = await seedToken(app, { userId } as SeededPerson)
    clock.advance(10 * minute)
    const credential = { kind: 'token', id, scopes: null, workspaceId: null, hash: sha256(value) } as const
    expect(await me({ kind: 'user', userId, credential }).signOutEverywhere({})).toEqual({ ended: 1 })
  })

  test('sessions end with the person', async () => {
    const stores = await open()
    const { app, clock, me, signUp } = signInApp(stores)
    await signUp('ada@example.com')
    const browser = new Browser(app)
    await browser.signIn('ada@example.com', password)
    const actor = bySession(await browser.session())
    clock.advance(10 * minute)
    const refused = { type: 'Forbidden', metadata: { confirm: true } }
    await expect(me(actor).delete({ confirmEmail: 'ada@example.com' })).rejects.toMatchObject(refused)
    expect((await browser.post('/auth/confirm', { password: 'a wrong horse entirely' })).status).toBe(400)
    await expect(me(actor).delete({})).rejects.toMatchObject(refused)
    expect((await browser.post('/auth/confirm', { password })).status).toBe(200)
    expect(bySession(await browser.session())).toEqual(actor)
    await me(actor).delete({})
    expect(await browser.session()).toBeNull()
    expect(await sessionRows(stores)).toEqual([])
    expect(await (await browser.get('/auth/get-session')).json()).toBeNull()
  })

  test('the operator, and nobody else, ends the sessions of somebody', async () => {
    const stores = await open()
    const { app, me, signUp } = signInApp(stores)
    const [ada, bob] = [await signUp('ada@example.com'), await signUp('bob@example.com', 'Bob')]
    const browsers = [new Browser(app), new Browser(app)]
    for (const browser of browsers) await browser.signIn('bob@example.com', password)
    const asAda = me({ kind: 'user', userId: ada.userId, credential: { kind: 'local' } })
    const asked = { email: 'Bob@example.com' }
    await expect(asAda.endSessionsOf(asked)).rejects.toMatchObject({ type: 'Forbidden' })
    await stores.main.write((tx) => tx.updateTable('user').set({ operator: 1 }).where('id', '=', ada.userId).execute())
    expect(await asAda.endSessionsOf(asked)).toEqual({ ended: 2 })
    expect(await Promise.all(browsers.map((browser) => browser.session()))).toEqual([null, null])
    const nobody = asAda.endSessionsOf({ email: 'nobody@example.com' })
    await expect(nobody).rejects.toMatchObject({ type: 'ReferenceNotFound' })
    expect(await me({ kind: 'system', name: 'command line' }).endSessionsOf(asked)).toEqual({ ended: 0 })
    const records = stores.main.reader.selectFrom('audit_record').select('actor_kind').orderBy('seq')
    const told = records.where('operation', '=', 'me.endSessionsOf').where('lane_id', '=', bob.userId)
    expect(await told.execute()).toEqual([{ actor_kind: 'user' }, { actor_kind: 'system' }])
  })

  test('a new password ends the other sessions', async () => {
    const { app, signUp } = signInApp(await open())
    await signUp('ada@example.com')
    const [here, there] = [new Browser(app), new Browser(app)]
    await here.signIn('ada@example.com', password)
    await there.signIn('ada@example.com', password)
    const short = await here.post('/auth/change-password', { currentPassword: password, newPassword: 'short' })
    expect(short.status).toBe(400)
    const change = { currentPassword: password, newPassword: 'an even better horse' }
    expect((await here.post('/auth/change-password', change)).status).toBe(200)
    expect([await here.session(), await there.session()]).toEqual([expect.anything(), null])
    expect((await new Browser(app).signIn('ada@example.com', password)).status).toBe(401)
    expect((await new Browser(app).signIn('ada@example.com', change.newPassword)).status).toBe(200)
  })

  test('what has a procedure of its own is closed at the library, and strangers of other origins too', async () => {
    const stores = await open()
    const { app, signUp } = signInApp(stores)
    await signUp('ada@example.com')
    const browser = new Browser(app)
    await browser.signIn('ada@example.com', password)
    const closed = ['sign-up/email', 'update-user', 'delete-user', 'list-sessions', 'revoke-session', 'change-email']
    for (const path of [...closed, 'callback/a/b', '../v1/admin/bots']) {
      const { status } = await browser.post(`/auth/${path}`, { email: 'x@example.com' })
      expect({ path, status }).toEqual({ path, status: 404 })
    }
    expect(await stores.main.reader.selectFrom('user').select('id').execute()).toHaveLength(1)

    const { headers } = browser
    headers.set('origin', 'https://evil.example')
    headers.set('content-type', 'application/json')
    const forged = new Request(`${app.settings.publicUrl}/auth/sign-out`, { method: 'POST', headers, body: '{}' })
    expect((await app.signIn.handle(forged)).status).toBe(403)
    expect(await browser.session()).not.toBeNull()
  })

  test('behind https the cookie is Secure and bears the prefix', async () => {
    const { app, signUp } = signInApp(await open(), { publicUrl: 'https://steward.example' })
    const { userId } = await signUp('ada@example.com')
    const browser = new Browser(app)
    const answer = await browser.signIn('ada@example.com', password)
    const cookie = answer.headers.getSetCookie().find((line) => line.startsWith(`${browser.sessionCookie}=`))
    expect(cookie).toMatch(/^__Host-steward-[0-9a-f]{8}\.session_token=.*; Path=\/.*; Secure/)
    expect(cookie).not.toMatch(/Domain/i)
    expect(await browser.session()).toMatchObject({ userId })
  })

  test('its cookie is found among those of others on the same host, by its name alone', async () => {
    const { app, signUp } = signInApp(await open())
    const { userId } = await signUp('ada@example.com')
    const browser = new Browser(app)
    await browser.signIn('ada@example.com', password)
    const name = browser.sessionCookie
    const value = browser.cookies.get(name) ?? ''
    const sessionOf = (cookie: string) => app.signIn.sessionOf(new Headers({ cookie }))
    const other = 'steward-00000000.session_token'
    expect(name).not.toBe(other)
    expect(await sessionOf(`theme=dark; ${other}=theirs.c2ln; ${name}=${value}; z=1`)).toMatchObject({ userId })
    expect(await sessionOf(`${other}=${value}`)).toBeNull()
  })

  test('another installation does not accept the cookie', async () => {
    const stores = await open()
    const { app, signUp } = signInApp(stores)
    await signUp('ada@example.com')
    const browser = new Browser(app)
    await browser.signIn('ada@example.com', password)
    const foreign = { ...app, keys: { ...app.keys, mac: () => 'another secret of another app, long enough' } }
    expect(await createSignIn(() => foreign).sessionOf(browser.headers)).toBeNull()
  })
})

eachDialect('the second factor', (open) => {
  test('authenticator codes, whose secret is sealed in the table, and backup codes, of which it holds hashes', async () => {
    const stores = await open()
    const { app, signUp } = signInApp(stores)
    const { userId } = await signUp('ada@example.com')
    const browser = new Browser(app)
    await browser.signIn('ada@example.com', password)
    const enabled = await browser.post('/auth/two-factor/enable', { password })
    const { totpURI, backupCodes } = (await enabled.json()) as { totpURI: string; backupCodes: string[] }
    expect(totpURI).toContain('issuer=Steward')
    expect((await browser.post('/auth/two-factor/verify-totp', { code: totp(totpURI) })).status).toBe(200)

    const [row] = await stores.main.reader.selectFrom('two_factor').selectAll().execute()
    const secret = new URL(totpURI).searchParams.get('secret') ?? ''
    expect(row).toMatchObject({ user_id: userId, verified: 1 })
    expect(row?.secret).not.toContain(secret)
    expect(new Set(backupCodes).size).toBe(10)
    for (const code of backupCodes) {
      expect(code).toMatch(/^([a-hjkmnp-z02-9]{6}-){3}[a-hjkmnp-z02-9]{6}$/)
      expect(row?.backup_codes).toContain(hashOfCode(code))
      expect(row?.backup_codes).not.toContain(code)
    }
    const user = await stores.main.reader.selectFrom('user').select('two_factor_enabled').executeTakeFirst()
    expect(user?.two_factor_enabled).toBe(1)

    const phone = new Browser(app)
    expect(await (await phone.signIn('ada@example.com', password)).json()).toMatchObject({ twoFactorRedirect: true })
    expect(await phone.session()).toBeNull()
    const right = totp(totpURI, 1)
    const wrong = String((Number(right) + 1) % 1_000_000).padStart(6, '0')
    expect((await phone.post('/auth/two-factor/verify-totp', { code: wrong })).status).toBe(401)
    expect(await phone.session()).toBeNull()
    expect((await phone.post('/auth/two-factor/verify-totp', { code: right })).status).toBe(200)
    expect(await phone.session()).toMatchObject({ userId })

    const code = backupCodes[0] ?? ''
    const typed = code.toUpperCase().replaceAll('-', ' ')
    const spare = new Browser(app)
    await spare.signIn('ada@example.com', password)
    expect((await spare.post('/auth/two-factor/verify-backup-code', { code: typed })).status).toBe(200)
    expect(await spare.session()).toMatchObject({ userId })
    const again = new Browser(app)
    await again.signIn('ada@example.com', password)
    expect((await again.post('/auth/two-factor/verify-backup-code', { code })).status).toBe(401)
    expect(await again.session()).toBeNull()
  })

  /** Ada with a second factor: at her desk, and on a device that was trusted with it and is not used since. */
  async function trustedDevice() {
    const stores = await open()
    const { app, me, signUp } = signInApp(stores)
    await signUp('ada@example.com')
    const desk = new Browser(app)
    await desk.signIn('ada@example.com', password)
    const turnOn = async () => {
      const enabled = await desk.post('/auth/two-factor/enable', { password })
      const { totpURI } = (await enabled.json()) as { totpURI: string }
      await desk.post('/auth/two-factor/verify-totp', { code: totp(totpURI) })
      return totpURI
    }
    const totpURI = await turnOn()
    const device = new Browser(app)
    await device.signIn('ada@example.com', password)
    await device.post('/auth/two-factor/verify-totp', { code: totp(totpURI, 1), trustDevice: true })
    const trusted = bySession(await device.session())
    /** Whether the device is asked for a code. */
    const isAsked = async (word = password): Promise<boolean> => {
      const answer = (await (await device.signIn('ada@example.com', word)).json()) as object
      expect(answer).toHaveProperty('twoFactorRedirect' in answer ? 'twoFactorRedirect' : 'user')
      return 'twoFactorRedirect' in answer
    }
    return { desk, me, trusted, turnOn, isAsked }
  }

  test('is not asked of a trusted device', async () => {
    const { isAsked } = await trustedDevice()
    expect([await isAsked(), await isAsked()]).toEqual([false, false])
  })

  test('is asked of it again after a new password', async () => {
    const { desk, isAsked } = await trustedDevice()
    const better = 'an even better horse'
    await desk.post('/auth/change-password', { currentPassword: password, newPassword: better })
    expect(await isAsked(better)).toBe(true)
  })

  test('is asked of it again once it was removed and set up anew elsewhere', async () => {
    const { desk, turnOn, isAsked } = await trustedDevice()
    expect((await desk.post('/auth/two-factor/disable', { password })).status).toBe(200)
    await turnOn()
    expect(await isAsked()).toBe(true)
  })

  test('is asked of it again after signing out everywhere', async () => {
    const { desk, me, trusted, isAsked } = await trustedDevice()
    await me(bySession(await desk.session())).signOutEverywhere({})
    expect(await desk.session()).toBeNull()
    await expect(me(trusted).listSessions({})).resolves.toMatchObject({ sessions: [] })
    expect(await isAsked()).toBe(true)
  })
})
