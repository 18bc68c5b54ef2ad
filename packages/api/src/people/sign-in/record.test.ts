import { eachDialect } from '@steward/db/testing'
import { expect, test } from 'vitest'
import { Browser } from './browser.testing.ts'
import { password } from './app.testing.ts'
import type { RecordFixture } from './record.testing.ts'
import { prepareFactor, recordFixture } from './record.testing.ts'

const better = 'an even better horse'
const wrong = 'a wrong horse entirely'

async function withFactor(s: RecordFixture) {
  const factor = await prepareFactor(s)
  expect(await s.status('two-factor/verify-totp', { code: factor.code })).toBe(200)
  await s.news()
  return factor
}

eachDialect('what passes through the sign-in library', (open) => {
  test('signing in and out leaves a record each; what is refused leaves none', async () => {
    const s = await recordFixture(await open())
    const other = new Browser(s.app)
    expect((await other.signIn('ada@example.com', wrong)).status).toBe(401)
    expect((await other.signIn('bob@example.com', password)).status).toBe(401)
    expect(await s.news()).toEqual([])
    await other.signIn('ada@example.com', password)
    const session = await other.session()
    expect(await s.news()).toEqual([
      {
        operation: 'signIn.enter',
        actor: s.userId,
        resource: session?.id,
        value: 'password',
        before: null,
        after: null,
        credential: { kind: 'sign-in', id: null },
      },
    ])
    const cookies = new Map(other.cookies)
    expect(await s.status('sign-out', {}, other)).toBe(200)
    const signedOut = { operation: 'signIn.leave', resource: session?.id }
    expect(await s.news()).toMatchObject([{ ...signedOut, credential: { kind: 'session', id: session?.id } }])
    for (const [name, value] of cookies) other.cookies.set(name, value)
    expect(await s.status('sign-out', {}, other)).toBe(200)
    await s.browser.get('/auth/get-session')
    await s.browser.get('/auth/list-accounts')
    expect(await s.news()).toEqual([])
    await s.clean()
  })

  test('a new password leaves one record with how many sessions it ended', async () => {
    const s = await recordFixture(await open())
    const other = new Browser(s.app)
    await other.signIn('ada@example.com', password)
    await s.news()
    const change = (currentPassword: string, newPassword: string) =>
      s.status('change-password', { currentPassword, newPassword })
    expect([await change(wrong, better), await change(password, 'short')]).toEqual([400, 400])
    expect(await s.news()).toEqual([])
    const was = await s.browser.session()
    expect(await change(password, better)).toBe(200)
    expect(await s.news()).toMatchObject([
      {
        operation: 'signIn.changePassword',
        resource: s.userId,
        after: { otherSessionsEnded: 1 },
        credential: { kind: 'session', id: was?.id },
      },
    ])
    const now = await s.browser.session()
    const changes = await s.stores.main.reader
      .selectFrom('change')
      .select(['entity_id', 'deleted'])
      .where('type', '=', 'session')
      .where('lane_id', '=', s.userId)
      .execute()
    expect(changes).toHaveLength(3)
    expect(changes.filter(({ deleted }) => deleted === 0)).toEqual([{ entity_id: now?.id, deleted: 0 }])
    await s.clean()
  })

  test('each step of the second factor leaves one record', async () => {
    const s = await recordFixture(await open())
    expect(await s.status('two-factor/enable', { password: wrong })).toBe(400)
    expect(await s.news()).toEqual([])
    const { code, nextCode, wrongCode } = await prepareFactor(s)
    expect(await s.news()).toMatchObject([{ operation: 'signIn.prepareSecondFactor', resource: s.userId }])
    expect(await s.status('two-factor/verify-totp', { code: wrongCode })).toBe(401)
    expect(await s.status('two-factor/get-totp-uri', { password })).toBe(200)
    expect(await s.news()).toEqual([])
    expect(await s.status('two-factor/verify-totp', { code })).toBe(200)
    expect(await s.news()).toMatchObject([{ operation: 'signIn.confirmSecondFactor', after: { secondFactor: true } }])
    expect(await s.status('two-factor/verify-totp', { code })).toBe(401)
    expect(await s.news()).toEqual([])
    expect(await s.status('two-factor/verify-totp', { code: nextCode })).toBe(200)
    expect(await s.news()).toMatchObject([{ operation: 'signIn.confirm', value: 'code' }])
    expect(await s.status('two-factor/generate-backup-codes', { password: wrong })).toBe(400)
    expect(await s.news()).toEqual([])
    const renewed = await s.post('two-factor/generate-backup-codes', { password })
    const { backupCodes } = (await renewed.json()) as { backupCodes: string[] }
    expect(await s.news()).toMatchObject([{ operation: 'signIn.renewBackupCodes' }])
    expect(await s.status('two-factor/verify-backup-code', { code: backupCodes[0] })).toBe(200)
    expect(await s.news()).toMatchObject([{ operation: 'signIn.spendBackupCode' }])
    expect(await s.status('two-factor/verify-backup-code', { code: backupCodes[0] })).toBe(401)
    expect(await s.status('two-factor/disable', { password: wrong })).toBe(400)
    expect(await s.news()).toEqual([])
    expect(await s.status('two-factor/disable', { password })).toBe(200)
    expect(await s.news()).toMatchObject([{ operation: 'signIn.removeSecondFactor', after: { secondFactor: false } }])
    await s.clean()
  })

  test('signing in with a second factor is one record, at its end', async () => {
    const s = await recordFixture(await open())
    const { nextCode: code, wrongCode, backupCodes } = await withFactor(s)
    const phone = new Browser(s.app)
    const email = 'ada@example.com'
    expect(await (await s.post('sign-in/email', { email, password }, phone)).json()).toMatchObject({
      twoFactorRedirect: true,
    })
    expect(await s.status('two-factor/verify-totp', { code: wrongCode }, phone)).toBe(401)
    expect(await s.news()).toEqual([])
    expect(await s.status('two-factor/verify-totp', { code, trustDevice: true }, phone)).toBe(200)
    expect(await s.news()).toMatchObject([{ operation: 'signIn.enter', value: 'password and code' }])
    expect(await s.status('sign-in/email', { email, password }, phone)).toBe(200)
    expect(await s.news()).toMatchObject([
      { operation: 'signIn.enter', value: 'password' },
      { operation: 'signIn.leave', value: 'signed in again' },
    ])

    const spare = new Browser(s.app)
    await s.post('sign-in/email', { email, password }, spare)
    const spend = { code: backupCodes[0], disableSession: true }
    expect(await s.status('two-factor/verify-backup-code', spend, spare)).toBe(200)
    expect(await spare.session()).toMatchObject({ userId: s.userId })
    expect(await s.news()).toMatchObject([{ operation: 'signIn.enter', value: 'password and backup code' }])
    await s.clean()
  })

  test('wrong codes are counted although they are refused, and lock the second factor', async () => {
    const s = await recordFixture(await open())
    const { wrongCode } = await withFactor(s)
    const email = 'ada@example.com'
    const answers: number[] = []
    for (let round = 0; round < 3; round++) {
      const thief = new Browser(s.app)
      await s.post('sign-in/email', { email, password }, thief)
      for (let i = 0; i < 5; i++) answers.push(await s.status('two-factor/verify-totp', { code: wrongCode }, thief))
    }
    expect(answers.slice(0, 10)).toEqual(Array(10).fill(401))
    expect(answers.slice(10)).toEqual(Array(5).fill(429))
    expect(await s.news()).toEqual([])
  })

  test('no record tells a secret', async () => {
    const s = await recordFixture(await open())
    const { totpURI, backupCodes } = await withFactor(s)
    await s.post('change-password', { currentPassword: password, newPassword: better })
    const { reader } = s.stores.main
    const methods = await reader.selectFrom('sign_in_method').select('password').execute()
    const factors = await reader.selectFrom('two_factor').select(['secret', 'backup_codes']).execute()
    const sessions = await reader.selectFrom('session').select('token').execute()
    const token = decodeURIComponent(s.browser.cookies.get(s.browser.sessionCookie) ?? '').split('.')[0]
    const secrets = [
      password,
      better,
      token,
      new URL(totpURI).searchParams.get('secret'),
      ...backupCodes,
      ...methods.map((row) => row.password),
      ...factors.flatMap((row) => [row.secret, row.backup_codes]),
      ...sessions.map((row) => row.token),
    ]
    expect(secrets.every((secret) => secret && secret.length > 5)).toBe(true)
    const told = JSON.stringify(await reader.selectFrom('audit_payload').select('payload').execute())
    expect(secrets.filter((secret) => told.includes(secret ?? ''))).toEqual([])
  })
})
