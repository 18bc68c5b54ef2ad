import { eachDialect } from '@steward/db/testing'
import { expect, test } from 'vitest'
import { Browser, totp } from './browser.testing.ts'
import { password, signInApp } from './app.testing.ts'
import { matchingStep } from './totp.ts'

test('a code is that of RFC 6238, appendix B', () => {
  const secret = '12345678901234567890'
  const rows: [second: number, code: string][] = [
    [59, '287082'],
    [1_111_111_109, '081804'],
    [1_234_567_890, '005924'],
    [2_000_000_000, '279037'],
  ]
  for (const [second, code] of rows)
    expect([code, matchingStep(secret, code, second * 1000)]).toEqual([code, Math.floor(second / 30)])
  expect(matchingStep(secret, '287083', 59_000)).toBeNull()
})

eachDialect('a code of the authenticator', (open) => {
  test('opens nothing once its thirty seconds are over', async () => {
    const { app, signUp } = signInApp(await open())
    await signUp('ada@example.com')
    const desk = new Browser(app)
    await desk.signIn('ada@example.com', password)
    const { totpURI } = (await (await desk.post('/auth/two-factor/enable', { password })).json()) as { totpURI: string }
    expect((await desk.post('/auth/two-factor/verify-totp', { code: totp(totpURI, -1) })).status).toBe(401)
    expect((await desk.post('/auth/two-factor/verify-totp', { code: totp(totpURI) })).status).toBe(200)
    const phone = new Browser(app)
    await phone.signIn('ada@example.com', password)
    const late = await phone.post('/auth/two-factor/verify-totp', { code: totp(totpURI, -1) })
    expect([late.status, await late.json()]).toMatchObject([401, { code: 'INVALID_CODE' }])
    expect(await phone.session()).toBeNull()
  })
})
