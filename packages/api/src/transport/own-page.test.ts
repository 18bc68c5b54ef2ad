import type { Stores } from '@steward/db'
import { eachDialect } from '@steward/db/testing'
import { expect, test } from 'vitest'
import type { Settings } from '../core/app-context.ts'
import { appRouter } from '../root.ts'
import { Browser } from '../people/sign-in/browser.testing.ts'
import { password, signInApp } from '../people/sign-in/app.testing.ts'
import { createEndpoints } from './api.ts'
import { fromRequest, toResponse } from './incoming.ts'

interface Page {
  /** Where the request is sent to, as the browser's address bar has it. */
  host: string
  origin?: string
  site?: string
}

/** The endpoints of an app with Ada in it, and her browser. */
async function fixture(stores: Stores, settings: Partial<Settings> = {}, allowedOrigins: string[] = []) {
  const { app, signUp } = signInApp(stores, settings)
  await signUp('ada@example.com')
  const hers = new Browser(app)
  await hers.signIn('ada@example.com', password)
  const api = createEndpoints(app, appRouter, { allowedOrigins })
  const post = async (browser: Browser, [path, body]: [string, unknown], { host, origin, site }: Page) => {
    const { headers } = browser
    headers.delete('origin')
    if (origin !== undefined) headers.set('origin', origin)
    if (site !== undefined) headers.set('sec-fetch-site', site)
    headers.set('content-type', 'application/json')
    const method = path.startsWith('/v1/') ? 'PUT' : 'POST'
    const request = new Request(`http://${host}${path}`, { method, headers, body: JSON.stringify(body) })
    return toResponse(await api.respond(fromRequest(request, browser.ip)))
  }
  /** The status at each endpoint with a session, and of a first sign-in (with what is no email, so that nothing is hashed). */
  const everywhere = async (page: Page) => {
    const answers = [
      await post(hers, ['/v1/admin/account/me', { displayName: 'Ada' }], page),
      await post(hers, ['/trpc/me.update', { displayName: 'Ada' }], page),
      await post(hers, ['/auth/unlink-account', {}], page),
      await post(new Browser(app), ['/auth/sign-in/email', { email: 'ada', password }], page),
    ]
    return answers.map(({ status }) => status)
  }
  const signIn = async (page: Page) => {
    const answer = await post(new Browser(app), ['/auth/sign-in/email', { email: 'ada@example.com', password }], page)
    return { status: answer.status, body: (await answer.json()) as { message?: string } }
  }
  return { everywhere, signIn }
}

const lets = [200, 200, 400, 400]
const refuses = [403, 403, 403, 403]

eachDialect('one rule for all endpoints', (open) => {
  test('a page of any name that the installation is served under may act', async () => {
    const { everywhere } = await fixture(await open())
    const names = ['localhost:7420', '127.0.0.1:7420', 'steward.lan:7420', '[::1]:7420', '192.168.1.4']
    for (const host of names) {
      expect([host, await everywhere({ host, origin: `http://${host}` })]).toEqual([host, lets])
      expect([host, await everywhere({ host, site: 'same-origin' })]).toEqual([host, lets])
    }
  })

  test('a proxy that ends TLS changes the scheme and, perhaps, says the port', async () => {
    const { everywhere } = await fixture(await open())
    expect(await everywhere({ host: 'steward.example', origin: 'https://steward.example' })).toEqual(lets)
    expect(await everywhere({ host: 'steward.example:443', origin: 'https://steward.example' })).toEqual(lets)
    expect(await everywhere({ host: 'steward.example:8443', origin: 'https://steward.example' })).toEqual(refuses)
  })

  test('the public address and those in the settings may act wherever the request was sent to', async () => {
    const { everywhere } = await fixture(await open(), { publicUrl: 'http://steward.example' }, ['http://app.example'])
    const host = '127.0.0.1:7420'
    expect(await everywhere({ host, origin: 'http://steward.example' })).toEqual(lets)
    expect(await everywhere({ host, origin: 'http://app.example', site: 'cross-site' })).toEqual(lets)
    expect(await everywhere({ host, origin: 'http://other.example', site: 'cross-site' })).toEqual(refuses)
  })

  test('nobody else may', async () => {
    const { everywhere } = await fixture(await open())
    const host = 'steward.lan:7420'
    const strangers: Omit<Page, 'host'>[] = [
      { origin: 'http://evil.example' },
      { origin: 'http://steward.lan' },
      { origin: 'http://steward.lan:7421' },
      { origin: 'http://a.steward.lan:7420' },
      { origin: 'http://steward.lan:7420.evil.example' },
      { origin: 'http://evil.example@steward.lan:7420.evil.example' },
      { origin: 'null' },
      { origin: 'ftp://steward.lan:7420' },
      { origin: 'http://steward.lan:7420', site: 'cross-site' },
      { origin: 'http://steward.lan:7420', site: 'same-site' },
      { site: 'same-site' },
      { site: 'cross-site' },
      { site: 'none' },
    ]
    for (const page of strangers) expect([page, await everywhere({ host, ...page })]).toEqual([page, refuses])
  })

  test('a program without a browser signs in; with a cookie it must say where it comes from', async () => {
    const { everywhere } = await fixture(await open())
    expect(await everywhere({ host: 'steward.lan' })).toEqual([403, 403, 403, 400])
  })

  test('the refusal names the settings; over http it names the address that keeps the session', async () => {
    const { signIn } = await fixture(await open(), { publicUrl: 'https://steward.example' })
    const foreign = await signIn({ host: '127.0.0.1:7420', origin: 'https://other.example' })
    expect(foreign).toMatchObject({ status: 403, body: { message: expect.stringContaining('STEWARD_PUBLIC_URL') } })
    const plain = await signIn({ host: 'steward.lan:7420', origin: 'http://steward.lan:7420' })
    expect(plain).toMatchObject({ status: 403, body: { message: expect.stringContaining('https://steward.example') } })
    for (const host of ['localhost:7420', '127.0.0.1:7420', '[::1]:7420'])
      expect(await signIn({ host, origin: `http://${host}` })).toMatchObject({ status: 200 })
  })
})

/** What a browser says of a reading, beside the cookie. */
const unsaid: readonly Record<string, string>[] = [{}, { referer: 'http://evil.example/' }, { accept: 'text/html' }]
const said: readonly Record<string, string>[] = [
  { 'x-requested-with': 'steward' },
  { 'sec-fetch-site': 'same-origin' },
  { 'sec-fetch-site': 'none' },
  { origin: 'http://steward.lan:7420' },
]

eachDialect('a reading that leaves a record', (open) => {
  test('takes a session only where something says whose page asks, and a token always', async () => {
    const stores = await open()
    const { app, me, signUp } = signInApp(stores)
    const { userId } = await signUp('ada@example.com')
    const hers = new Browser(app)
    await hers.signIn('ada@example.com', password)
    const { id = '' } = (await hers.session()) ?? {}
    const actor = { kind: 'user', userId, credential: { kind: 'session', id } } as const
    const { pat } = await me(actor).createToken({ note: 'a program' })
    const api = createEndpoints(app, appRouter)
    const caller = api.caller(actor)
    const [workspace] = (await caller.workspace.list({})).workspaces
    const { bot } = await caller.bot.create({ workspaceId: workspace?.id ?? '', name: 'b', code: 'run()' })
    const [version] = (await caller.version.list({ id: bot.id })).versions
    const records = async () => (await stores.main.reader.selectFrom('audit_record').select('id').execute()).length
    const get = async (path: string, given: Record<string, string>, cookie = hers.headers.get('cookie') ?? '') => {
      const headers = { ...(cookie && { cookie }), ...given }
      const request = new Request(`http://steward.lan:7420${path}`, { headers })
      return toResponse(await api.respond(fromRequest(request, hers.ip)))
    }
    const input = encodeURIComponent(JSON.stringify({ id: bot.id }))
    const recorded = [
      `/v1/admin/bots/${bot.id}/bot-json`,
      `/v1/admin/bots/${bot.id}/versions/${version?.id}`,
      `/trpc/bot.getJson?input=${input}`,
    ]
    for (const path of recorded) {
      const before = await records()
      for (const headers of unsaid) {
        const refused = await get(path, headers)
        expect([path, headers, refused.status, await refused.text()]).toEqual([
          path,
          headers,
          403,
          expect.stringContaining('x-requested-with'),
        ])
      }
      expect(await records()).toBe(before)
      for (const headers of said)
        expect([path, headers, (await get(path, headers)).status]).toEqual([path, headers, 200])
      expect((await get(path, { authorization: `Bearer ${pat.value}` }, '')).status).toBe(200)
      expect(await records()).toBe(before + said.length + 1)
    }
    for (const headers of [...unsaid, ...said])
      expect((await get(`/v1/admin/bots/${bot.id}`, headers)).status).toBe(200)
  })
})
