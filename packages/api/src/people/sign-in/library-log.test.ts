import { eachDialect } from '@steward/db/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Log } from '../../core/app-context.ts'
import { attachStores, silentLog } from '../../core/app-context.ts'
import { createSignIn } from '../lifecycle/create-sign-in.ts'
import { password, signInApp } from './app.testing.ts'
import { Browser } from './browser.testing.ts'
import type { TestProvider } from './provider.testing.ts'
import { startProvider } from './provider.testing.ts'

let provider: TestProvider
beforeAll(async () => {
  provider = await startProvider()
})
afterAll(() => provider.close())

const at = 'http://127.0.0.1:7420'
const provided = { provider: 'local' }
const person = { email: 'ada@example.com', password }
const long = 'x'.repeat(100_000)

/** What a stranger may send: path, headers and, for a POST, the body. */
const requests: [string, Record<string, string>, unknown?][] = [
  ['/sign-in/social', {}, { ...provided, callbackURL: 'https://evil.example/' }],
  ['/sign-in/social', {}, { ...provided, errorCallbackURL: `https://evil.example/${long}` }],
  ['/sign-in/social', {}, { ...provided, newUserCallbackURL: 'javascript:alert(1)' }],
  ['/sign-in/social', {}, { ...provided, callbackURL: { to: 'https://evil.example/' } }],
  ['/sign-in/social', {}, { ...provided, callbackURL: '/\0' }],
  ['/sign-in/social', {}, { provider: 'nobody' }],
  ['/sign-in/social', {}, { provider: long }],
  ['/sign-in/social', {}, { ...provided, scopes: ['\0'], loginHint: '\ud800' }],
  ['/sign-in/email', {}, { ...person, callbackURL: 'https://evil.example/' }],
  ['/sign-in/email', {}, { email: 'ada@example.com\0', password: '\0'.repeat(12) }],
  ['/sign-in/email', {}, { email: [], password: {} }],
  ['/sign-in/email', { origin: 'https://evil.example' }, person],
  ['/sign-in/email', { origin: 'null', cookie: 'a=b' }, person],
  ['/sign-in/email', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' }, person],
  ['/link-social', {}, provided],
  ['/unlink-account', {}, { accountId: '\0' }],
  ['/two-factor/verify-totp', { cookie: 'two_factor=x.y' }, { code: '\0' }],
  ['/two-factor/verify-backup-code', {}, { code: long }],
  ['/two-factor/enable', {}, { password }],
  ['/change-password', {}, { currentPassword: password, newPassword: password }],
  ['/callback/local', {}],
  ['/callback/local?state=nonsense&code=nonsense', {}],
  ['/callback/local?state=%00&code=%00', {}],
  ['/callback/local?state=%ff&code=%ff', {}],
  ['/callback/local?state=a&state=b&code=a&code=b', {}],
  [`/callback/local?state=${long.slice(0, 20_000)}`, {}],
  ['/callback/local?error=access_denied&error_description=%0d%0a', {}],
  ['/callback/local?error=access_denied', { cookie: 'state=x.y' }],
  ['/callback/nobody?state=nonsense&code=nonsense', {}],
  ['/callback/local', {}, { state: 'nonsense' }],
  ['/callback/local?error=%00', {}, { code: long }],
  ['/get-session', { cookie: 'session_token=%ff.%ff' }],
  ['/get-session?disableCookieCache=nonsense&disableRefresh=%00', {}],
  ['/list-accounts', {}],
  ['/sign-out', {}, {}],
  ['/error?error=%00', {}],
  ['/ok', {}],
]

eachDialect('the log of sign-in', (open) => {
  test('has no error, and at most two lines, for whatever a stranger sends', async () => {
    const stores = await open()
    const lines: string[] = []
    const noted = (level: keyof Log) => (fields: object, text: string) =>
      void lines.push(`${level} ${text} ${JSON.stringify(fields)}`)
    const log: Log = { ...silentLog, warn: noted('warn'), error: noted('error') }
    const { discoveryUrl, clientId, clientSecret } = provider
    const providers = [{ id: 'local', name: 'Local', discoveryUrl, clientId, clientSecret }]
    const made = signInApp(stores)
    const app = attachStores({ ...made.app, log, signIn: createSignIn(() => app, { providers }) }, stores)
    for (const [path, given, body] of requests) {
      // Cookies of this installation, as somebody who read their names forges them.
      const prefix = new Browser(app).sessionCookie.replace('session_token', '')
      const headers = new Headers({ origin: at, ...given, 'content-type': 'application/json' })
      if (given['cookie']) headers.set('cookie', prefix + given['cookie'])
      const init = body === undefined ? { headers } : { method: 'POST', headers, body: JSON.stringify(body) }
      const before = lines.length
      const answer = await app.signIn.handle(new Request(`${at}/auth${path}`, init))
      expect([path.slice(0, 60), answer.status < 500]).toEqual([path.slice(0, 60), true])
      expect(lines.length - before).toBeLessThanOrEqual(2)
    }
    expect(lines.filter((line) => line.startsWith('error'))).toEqual([])
    // They are told all the same.
    expect(lines.join('\n')).toContain('Invalid callbackURL')
    expect(lines.join('\n')).toMatch(/Failed to parse state.*verification not found/)
  })
})
