import type { Stores } from '@steward/db'
import { eachDialect } from '@steward/db/testing'
import { expect, test, vi } from 'vitest'
import { verifyAll } from '../audit/verify.service.ts'
import { Browser, totp } from './testing-browser.ts'
import { password, signInHouse, untilBothAsk } from './testing-house.ts'

const better = 'an even better horse'
const wrong = 'a wrong horse entirely'

interface Recorded {
  operation: string
  actor: string | null
  resource: string | null
  value: unknown
  before: unknown
  after: unknown
  credential: unknown
}

/** Ada, signed in once, and what her trail says since. */
async function scene(stores: Stores) {
  const { house, me, signUp } = signInHouse(stores)
  const { userId } = await signUp('ada@example.com')
  const browser = new Browser(house)
  await browser.signIn('ada@example.com', password)
  const trail = async (): Promise<Recorded[]> => {
    const rows = await stores.main.reader
      .selectFrom('audit_record as r')
      .innerJoin('audit_payload as p', 'p.record_id', 'r.id')
      .select(['r.operation', 'r.actor_id', 'r.resource_id', 'p.payload'])
      .where('r.lane_id', '=', userId)
      .orderBy('r.seq')
      .execute()
    return rows.map((row) => {
      const { value, before, after, credential } = JSON.parse(row.payload) as Recorded
      return {
        operation: row.operation,
        actor: row.actor_id,
        resource: row.resource_id,
        value,
        before,
        after,
        credential,
      }
    })
  }
  let seen = (await trail()).length
  /** The records since the last call. */
  const news = async (): Promise<Recorded[]> => {
    const all = await trail()
    const added = all.slice(seen)
    seen = all.length
    return added
  }
  /** Posts from an address of its own: attempts are counted by it. */
  const post = async (path: string, body: object, from = browser): Promise<Response> => {
    const elsewhere = new Browser(house)
    for (const [name, value] of from.cookies) elsewhere.cookies.set(name, value)
    const answer = await elsewhere.post(`/auth/${path}`, body)
    from.cookies.clear()
    for (const [name, value] of elsewhere.cookies) from.cookies.set(name, value)
    return answer
  }
  const status = async (path: string, body: object, from = browser) => (await post(path, body, from)).status
  const clean = async () => expect((await verifyAll(house)).problems).toEqual([])
  return { stores, house, me, userId, browser, news, post, status, clean }
}

type Scene = Awaited<ReturnType<typeof scene>>

async function prepareFactor({ post }: Scene) {
  const answer = await post('two-factor/enable', { password })
  const { totpURI, backupCodes } = (await answer.json()) as { totpURI: string; backupCodes: string[] }
  const code = totp(totpURI)
  return { totpURI, backupCodes, code, wrongCode: String((Number(code) + 1) % 1_000_000).padStart(6, '0') }
}

async function withFactor(s: Scene) {
  const factor = await prepareFactor(s)
  expect(await s.status('two-factor/verify-totp', { code: factor.code })).toBe(200)
  await s.news()
  return factor
}

eachDialect('what passes through the sign-in library', (open) => {
  test('signing in and out leaves a record each; what is refused leaves none', async () => {
    const s = await scene(await open())
    const other = new Browser(s.house)
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
    const s = await scene(await open())
    const other = new Browser(s.house)
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
    const s = await scene(await open())
    expect(await s.status('two-factor/enable', { password: wrong })).toBe(400)
    expect(await s.news()).toEqual([])
    const { code, wrongCode } = await prepareFactor(s)
    expect(await s.news()).toMatchObject([{ operation: 'signIn.prepareSecondFactor', resource: s.userId }])
    expect(await s.status('two-factor/verify-totp', { code: wrongCode })).toBe(401)
    expect(await s.status('two-factor/get-totp-uri', { password })).toBe(200)
    expect(await s.news()).toEqual([])
    expect(await s.status('two-factor/verify-totp', { code })).toBe(200)
    expect(await s.news()).toMatchObject([{ operation: 'signIn.confirmSecondFactor', after: { secondFactor: true } }])
    expect(await s.status('two-factor/verify-totp', { code })).toBe(200)
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
    const s = await scene(await open())
    const { code, wrongCode, backupCodes } = await withFactor(s)
    const phone = new Browser(s.house)
    const email = 'ada@example.com'
    expect(await (await s.post('sign-in/email', { email, password }, phone)).json()).toMatchObject({
      twoFactorRedirect: true,
    })
    expect(await s.status('two-factor/verify-totp', { code: wrongCode }, phone)).toBe(401)
    expect(await s.news()).toEqual([])
    expect(await s.status('two-factor/verify-totp', { code, trustDevice: true }, phone)).toBe(200)
    expect(await s.news()).toMatchObject([{ operation: 'signIn.enter', value: 'password and code' }])
    expect(await s.status('sign-in/email', { email, password }, phone)).toBe(200)
    expect(await s.news()).toMatchObject([{ operation: 'signIn.enter', value: 'password' }])

    const spare = new Browser(s.house)
    await s.post('sign-in/email', { email, password }, spare)
    const spend = { code: backupCodes[0], disableSession: true }
    expect(await s.status('two-factor/verify-backup-code', spend, spare)).toBe(200)
    expect(await spare.session()).toMatchObject({ userId: s.userId })
    expect(await s.news()).toMatchObject([{ operation: 'signIn.enter', value: 'password and backup code' }])
    await s.clean()
  })

  test('wrong codes are counted although they are refused, and lock the second factor', async () => {
    const s = await scene(await open())
    const { wrongCode } = await withFactor(s)
    const email = 'ada@example.com'
    const answers: number[] = []
    for (let round = 0; round < 3; round++) {
      const thief = new Browser(s.house)
      await s.post('sign-in/email', { email, password }, thief)
      for (let i = 0; i < 5; i++) answers.push(await s.status('two-factor/verify-totp', { code: wrongCode }, thief))
    }
    expect(answers.slice(0, 10)).toEqual(Array(10).fill(401))
    expect(answers.slice(10)).toEqual(Array(5).fill(429))
    expect(await s.news()).toEqual([])
  })

  test('no record tells a secret', async () => {
    const s = await scene(await open())
    const { totpURI, backupCodes } = await withFactor(s)
    await s.post('change-password', { currentPassword: password, newPassword: better })
    const { reader } = s.stores.main
    const methods = await reader.selectFrom('sign_in_method').select('password').execute()
    const factors = await reader.selectFrom('two_factor').select(['secret', 'backup_codes']).execute()
    const sessions = await reader.selectFrom('session').select('token').execute()
    const token = decodeURIComponent(s.browser.cookies.get('steward.session_token') ?? '').split('.')[0]
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

eachDialect('the record and the change', (open) => {
  test('are one: without the record nothing has changed', async () => {
    const s = await scene(await open())
    await prepareFactor(s)
    await s.news()
    const make = s.house.ids.make.bind(s.house.ids)
    const broken = vi.spyOn(s.house.ids, 'make').mockImplementation((kind) => {
      if (kind === 'audit') throw new Error('no more ids')
      return make(kind)
    })
    const change = { currentPassword: password, newPassword: better }
    await expect(s.post('change-password', change)).rejects.toThrow('no more ids')
    await expect(s.post('two-factor/enable', { password })).rejects.toThrow('no more ids')
    await expect(s.post('sign-out', {})).rejects.toThrow('no more ids')
    await expect(new Browser(s.house).signIn('ada@example.com', password)).rejects.toThrow('no more ids')
    broken.mockRestore()
    expect(await s.news()).toEqual([])
    expect(await s.browser.session()).toMatchObject({ userId: s.userId })
    expect(await s.stores.main.reader.selectFrom('session').select('id').execute()).toHaveLength(1)
    expect((await new Browser(s.house).signIn('ada@example.com', password)).status).toBe(200)
  })

  const twice = async (s: Scene, path: string, bodies: [object, object]) => {
    await s.news()
    const cookies = new Map(s.browser.cookies)
    const ask = async (body: object) => {
      const tab = new Browser(s.house)
      for (const [name, value] of cookies) tab.cookies.set(name, value)
      const answer = await tab.post(`/auth/${path}`, body)
      if (answer.ok) for (const [name, value] of tab.cookies) s.browser.cookies.set(name, value)
      return answer.status
    }
    const barrier = untilBothAsk(s.stores)
    const answers = await Promise.all(bodies.map((body) => ask(body)))
    barrier.mockRestore()
    return { answers: answers.toSorted((a, b) => a - b), records: (await s.news()).map(({ operation }) => operation) }
  }

  test('happen once when two tabs ask at the same moment', async () => {
    const s = await scene(await open())
    const once = (operation: string, refused = 409) => ({ answers: [200, refused], records: [operation] })
    const same = (body: object): [object, object] => [body, body]
    expect(await twice(s, 'two-factor/enable', same({ password }))).toEqual(once('signIn.prepareSecondFactor'))
    expect(await s.stores.main.reader.selectFrom('two_factor').select('id').execute()).toHaveLength(1)
    const { code } = await prepareFactor(s)
    expect(await twice(s, 'two-factor/verify-totp', same({ code }))).toEqual(once('signIn.confirmSecondFactor', 401))
    const renewed = await s.post('two-factor/generate-backup-codes', { password })
    const { backupCodes } = (await renewed.json()) as { backupCodes: string[] }
    const spend = same({ code: backupCodes[0] })
    expect(await twice(s, 'two-factor/verify-backup-code', spend)).toEqual(once('signIn.spendBackupCode'))
    expect(await twice(s, 'two-factor/disable', same({ password }))).toEqual(once('signIn.removeSecondFactor', 401))
    const words = ['the first of two horses', 'the second of two horses'] as const
    const changes = words.map((newPassword) => ({ currentPassword: password, newPassword })) as [object, object]
    expect(await twice(s, 'change-password', changes)).toEqual(once('signIn.changePassword', 401))
    expect(await s.browser.session()).toMatchObject({ userId: s.userId })
    await s.clean()
  })

  test('a sign-in with the old password does not outlive the new one', async () => {
    const s = await scene(await open())
    const late = new Browser(s.house)
    const barrier = untilBothAsk(s.stores)
    const entering = late.signIn('ada@example.com', password)
    await vi.waitFor(() => expect(barrier).toHaveBeenCalled(), { timeout: 20_000 })
    const changed = await s.status('change-password', { currentPassword: password, newPassword: better })
    const entered = await entering
    barrier.mockRestore()
    expect([changed, entered.status]).toEqual([200, 409])
    expect(await late.session()).toBeNull()
    const sessions = await s.stores.main.reader.selectFrom('session').select('id').execute()
    expect(sessions).toEqual([{ id: (await s.browser.session())?.id }])
    await s.clean()
  })
})
